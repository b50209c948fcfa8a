// What anybody did outside a client's session in [$from, $until), one row each (those of signals.sessions.Step), in no order.
MATCH (e:Event) WHERE e.at >= $from AND e.at < $until AND e.retractedAt IS NULL AND e.expiredAt IS NULL AND e.sessionId IS NULL
RETURN collect([e.at, e.id, e.actorId, e.sessionId, CASE
    WHEN e.targetUserId IS NOT NULL THEN 'u' + e.targetUserId
    WHEN e.contentKey IS NOT NULL THEN 'c' + e.contentKey
    WHEN e.entityId IS NOT NULL THEN 'e' + e.entityType + ' ' + e.entityId
    ELSE 't' + e.type END, e.device IS NOT NULL]) AS rows
