// What these people did in [$from, $until), one row of columns each (those of signals.diary.Entry), in no order; metadata only where $metadata.
MATCH (e:Event) WHERE e.actorId IN $actors AND e.at >= $from AND e.at < $until AND e.retractedAt IS NULL
RETURN collect([e.at, e.id, e.actorId, e.face, e.name, e.category, e.action, e.contentKey, e.targetUserId, e.entityType, e.entityId,
  e.sessionId, e.durationMs, e.scrollDepth, e.points, e.timeZone, e.country, e.deviceType,
  CASE WHEN $metadata THEN e.metadata END]) AS rows
