// The last event of a session.
MATCH (e:Event) WHERE e.sessionId = $id AND e.retractedAt IS NULL AND e.expiredAt IS NULL
RETURN properties(e) AS event ORDER BY e.at DESC, e.id DESC LIMIT 1
