// What did this person do, event by event? Newest first
// :param user => 'alice'
MATCH (e:Event) WHERE e.actorId = $user AND e.retractedAt IS NULL
RETURN datetime({epochMillis: e.at}) AS at, e.type AS type, coalesce(e.contentKey, e.targetUserId) AS target,
       e.sessionId AS session, e.metadata AS metadata, e.id AS id
ORDER BY e.actorId DESC, e.at DESC, e.id DESC LIMIT 50
