// When a user did anything, one row each (those of signals.diary.Moment), in no order.
MATCH (e:Event) WHERE e.actorId = $actor AND e.at >= 0 AND e.retractedAt IS NULL
RETURN collect([e.at, e.id, e.timeZone, e.name, CASE WHEN e.name = 'STREAK_IMPORTED' THEN e.metadata END]) AS rows
