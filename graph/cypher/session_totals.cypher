// How much a session holds: events, first and last time, distinct things looked at.
MATCH (e:Event) WHERE e.sessionId = $id AND e.retractedAt IS NULL AND e.expiredAt IS NULL
RETURN count(*) AS events, min(e.at) AS start, max(e.at) AS end, count(DISTINCT CASE
    WHEN e.targetUserId IS NOT NULL THEN 'u' + e.targetUserId
    WHEN e.contentKey IS NOT NULL THEN 'c' + e.contentKey
    WHEN e.entityId IS NOT NULL THEN 'e' + e.entityType + ' ' + e.entityId
    ELSE 't' + e.type END) AS depth
