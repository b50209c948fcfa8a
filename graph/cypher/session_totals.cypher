// How much a session holds: events, first and last time, distinct things looked at.
MATCH (e:Event) WHERE e.sessionId = $id AND e.retractedAt IS NULL
RETURN count(*) AS events, min(e.at) AS start, max(e.at) AS end,
       count(DISTINCT [e.contentKey, e.targetUserId, e.entityType, e.entityId,
         CASE WHEN e.contentKey IS NULL AND e.targetUserId IS NULL AND e.entityId IS NULL THEN e.type END]) AS depth
