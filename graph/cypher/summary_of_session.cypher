// Totals over what a session holds: one row [people, sessions], then rows [category, action, start of the $step ms, events].
MATCH (e:Event) WHERE e.sessionId = $key AND e.at >= $from AND e.at < $until
  AND e.retractedAt IS NULL
  AND ($types IS NULL OR e.type IN $types) AND ($categories IS NULL OR e.category IN $categories)
  AND ($actions IS NULL OR e.action IN $actions) AND ($contentKey IS NULL OR e.contentKey = $contentKey)
  AND ($targetUserId IS NULL OR e.targetUserId = $targetUserId)
  AND ($userId IS NULL OR e.actorId = $userId)
RETURN 'distinct' AS kind, [count(DISTINCT e.actorId), count(DISTINCT e.sessionId)] AS row
UNION ALL
MATCH (e:Event) WHERE e.sessionId = $key AND e.at >= $from AND e.at < $until
  AND e.retractedAt IS NULL
  AND ($types IS NULL OR e.type IN $types) AND ($categories IS NULL OR e.category IN $categories)
  AND ($actions IS NULL OR e.action IN $actions) AND ($contentKey IS NULL OR e.contentKey = $contentKey)
  AND ($targetUserId IS NULL OR e.targetUserId = $targetUserId)
  AND ($userId IS NULL OR e.actorId = $userId)
WITH e.category AS category, e.action AS action, e.at - e.at % $step AS at, count(*) AS n
RETURN 'cell' AS kind, [category, action, at, n] AS row
