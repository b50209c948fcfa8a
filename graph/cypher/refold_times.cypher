// The latest person-to-person times of a user in each direction, of the kinds given: after a full list lost a member.
// Naming e.at lets Neo4j use the index on both properties.
MATCH (e:Event) WHERE e.actorId = $key AND e.at IS NOT NULL AND e.targetUserId IS NOT NULL AND e.targetUserId <> $key
AND e.retractedAt IS NULL AND e.face + '.' + e.name IN $positive
RETURN e.at AS at ORDER BY at DESC LIMIT $limit
UNION ALL
MATCH (e:Event) WHERE e.targetUserId = $key AND e.at IS NOT NULL AND e.actorId <> $key
AND e.retractedAt IS NULL AND e.face + '.' + e.name IN $positive
RETURN e.at AS at ORDER BY at DESC LIMIT $limit
