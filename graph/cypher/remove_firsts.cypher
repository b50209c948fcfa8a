// When each of these users did the first thing that is left. Runs after the lock is taken.
// Naming e.at lets Neo4j use the index on both properties; naming e.face passes by nodes that this transaction has stripped, which its index may still find.
UNWIND $p.users AS key MATCH (e:Event {actorId: key}) WHERE e.at IS NOT NULL AND e.face IS NOT NULL AND e.retractedAt IS NULL
RETURN e.actorId AS id, min(e.at) AS at
