// The latest person-to-person event times of a user in each direction: after a full list lost a member.
// Naming e.at lets Neo4j use the index on both properties.
MATCH (e:Event) WHERE e.actorId = $key AND e.at IS NOT NULL AND e.targetUserId IS NOT NULL AND e.retractedAt IS NULL
RETURN e.at AS at ORDER BY at DESC LIMIT $limit
UNION ALL
MATCH (e:Event) WHERE e.targetUserId = $key AND e.at IS NOT NULL AND e.actorId <> $key AND e.retractedAt IS NULL
RETURN e.at AS at ORDER BY at DESC LIMIT $limit
