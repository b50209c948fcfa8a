// The first event of a session that says what it came from.
MATCH (e:Event) WHERE e.sessionId = $id AND e.device IS NOT NULL AND e.retractedAt IS NULL AND e.expiredAt IS NULL
RETURN properties(e) AS event ORDER BY e.at, e.id LIMIT 1
