// Which events are a user's, as actor or as target, in a span of time: retracted ones, too.
MATCH (e:Event) WHERE e.actorId = $id AND e.at >= $from AND e.at < $until
RETURN collect([e.id, e.at, e.actorId, e.targetUserId, e.contentKey, e.face, e.pair, e.connection, e.retractedAt]) AS rows
UNION ALL
MATCH (e:Event) WHERE e.targetUserId = $id AND e.at >= $from AND e.at < $until AND e.actorId <> $id
RETURN collect([e.id, e.at, e.actorId, e.targetUserId, e.contentKey, e.face, e.pair, e.connection, e.retractedAt]) AS rows
