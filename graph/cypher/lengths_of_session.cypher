// How long the sessions among what a session holds last from the first such event to the last: number of sessions, and ms in all.
MATCH (e:Event) WHERE e.sessionId = $key AND e.at >= $from AND e.at < $until
  AND e.retractedAt IS NULL
  AND ($types IS NULL OR e.type IN $types) AND ($categories IS NULL OR e.category IN $categories)
  AND ($actions IS NULL OR e.action IN $actions) AND ($contentKey IS NULL OR e.contentKey = $contentKey)
  AND ($targetUserId IS NULL OR e.targetUserId = $targetUserId)
  AND ($userId IS NULL OR e.actorId = $userId) AND e.sessionId IS NOT NULL
WITH e.sessionId AS session, max(e.at) - min(e.at) AS length
RETURN count(*) AS sessions, sum(length) AS ms
