// The time zone of a user's latest event in [$from, $until) that carries one: at most one row.
MATCH (e:Event) WHERE e.actorId = $actor AND e.at >= $from AND e.at < $until AND e.retractedAt IS NULL AND e.timeZone IS NOT NULL
RETURN e.timeZone AS zone ORDER BY e.actorId DESC, e.at DESC, e.id DESC LIMIT 1
