// Whom and what the events touch that are later than $asOf, then those that were received after $knownAt; retracted ones, too.
MATCH (e:Event) WHERE e.at > $asOf WITH e LIMIT $limit
RETURN 'occurred' AS kind, collect([e.actorId, e.targetUserId, e.contentKey, e.pair]) AS rows
UNION ALL
MATCH (e:Event) WHERE e.receivedAt > $knownAt WITH e LIMIT $limit
RETURN 'received' AS kind, collect([e.actorId, e.targetUserId, e.contentKey, e.pair]) AS rows
