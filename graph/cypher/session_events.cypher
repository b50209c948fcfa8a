// The unretracted events of a session, oldest first.
MATCH (e:Event) WHERE e.sessionId = $id AND e.retractedAt IS NULL AND e.expiredAt IS NULL
RETURN properties(e) AS event ORDER BY e.at, e.id LIMIT $limit
