// What was done to a content in [$from, $until), one row of the columns of signals.diary.Entry that trends need each, in no order; null filters let everything pass.
MATCH (e:Event) WHERE e.contentKey = $key AND e.at >= $from AND e.at < $until AND e.retractedAt IS NULL
  AND ($types IS NULL OR e.type IN $types) AND ($categories IS NULL OR e.category IN $categories)
  AND ($actions IS NULL OR e.action IN $actions) AND ($contentKey IS NULL OR e.contentKey = $contentKey)
  AND ($targetUserId IS NULL OR e.targetUserId = $targetUserId)
  AND ($userId IS NULL OR e.actorId = $userId)
  AND ($sessionId IS NULL OR e.sessionId = $sessionId)
RETURN collect([e.at, '', e.actorId, e.face, e.name, e.category, e.action, e.contentKey, null, null, null, e.sessionId, e.durationMs,
  null, null, null, e.country, e.deviceType, null]) AS rows
