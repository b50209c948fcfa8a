// A session from beginning to end
// :param session => 's-1'
MATCH (e:Event) WHERE e.sessionId = $session AND e.retractedAt IS NULL
RETURN datetime({epochMillis: e.at}) AS at, e.actorId AS person, e.type AS type,
       coalesce(e.contentKey, e.targetUserId, e.entityId) AS target, e.durationMs AS durationMs, e.id AS id
ORDER BY e.at, e.id LIMIT 500
