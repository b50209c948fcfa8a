// When a user was the target of each event by others, and of which: after a sum lost its precision.
// Naming e.at lets Neo4j use the index on both properties.
MATCH (e:Event) WHERE e.targetUserId = $key AND e.at IS NOT NULL AND e.actorId <> $key AND e.retractedAt IS NULL
RETURN e.at AS at, e.face + '.' + e.name AS code
