// The latest messages sent and read between two users, newest first.
// Naming e.at lets Neo4j use the index on both properties.
MATCH (e:Event) WHERE e.pair IN $pairs AND e.at IS NOT NULL AND e.name IN ['MESSAGE_SENT', 'MESSAGE_READ'] AND e.retractedAt IS NULL
RETURN properties(e) AS event ORDER BY e.at DESC, e.id DESC LIMIT $limit
