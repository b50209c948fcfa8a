// The events of a span that may say something about habits, in no order.
MATCH (e:Event) WHERE e.at >= $from AND e.at < $until AND e.retractedAt IS NULL AND e.pair IS NOT NULL
RETURN collect([e.at, e.id, e.face, e.name, e.actorId, e.targetUserId, e.contentKey]) AS rows
