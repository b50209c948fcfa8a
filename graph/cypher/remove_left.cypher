// What is left of pairs that lost events: their unretracted events, with what folding needs of them. Runs after the lock is taken.
// Naming e.at lets Neo4j use the index on both properties; naming e.face passes by nodes that this transaction has stripped, which its index may still find.
UNWIND $p.pairs AS key MATCH (e:Event {pair: key}) WHERE e.at IS NOT NULL AND e.face IS NOT NULL AND e.retractedAt IS NULL
RETURN e {.id, .face, .name, .category, .action, .actorId, .contentKey, .targetUserId, .at, .receivedAt, .durationMs, .scrollDepth} AS event
