// A page of what was done to a content, newest first, strictly before ($at, $rank) and not before $from; null filters let everything pass.
MATCH (e:Event) WHERE e.contentKey = $key AND e.at >= $from AND e.at <= $at AND (e.at < $at OR coalesce(e.rank, e.id) < $rank)
  AND e.retractedAt IS NULL AND e.expiredAt IS NULL
  AND ($types IS NULL OR e.type IN $types) AND ($categories IS NULL OR e.category IN $categories)
  AND ($actions IS NULL OR e.action IN $actions) AND ($contentKey IS NULL OR e.contentKey = $contentKey)
  AND ($targetUserId IS NULL OR e.targetUserId = $targetUserId)
  AND ($userId IS NULL OR e.actorId = $userId)
  AND ($sessionId IS NULL OR e.sessionId = $sessionId)
WITH e ORDER BY e.contentKey DESC, e.at DESC, e.id DESC LIMIT $limit
RETURN collect(properties(e)) AS events
