// In which sessions a user did something in [$from, $until).
MATCH (e:Event) WHERE e.actorId = $actor AND e.at >= $from AND e.at < $until AND e.retractedAt IS NULL AND e.expiredAt IS NULL AND e.sessionId IS NOT NULL
RETURN collect(DISTINCT e.sessionId) AS rows
