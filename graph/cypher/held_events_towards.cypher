// What others did towards a user, in the order it was recorded in, after a place; retracted events, too.
// Naming e.at lets Neo4j use the index on both properties.
MATCH (e:Event) WHERE e.targetUserId = $id AND e.at IS NOT NULL AND e.actorId <> $id AND e.seq > $after
RETURN properties(e) AS node, e.seq AS place ORDER BY place LIMIT $limit
