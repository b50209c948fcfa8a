// The latest person-to-person event times of a user in each direction: after a full list lost a member.
MATCH (e:Event) WHERE e.actorId = $key AND e.targetUserId IS NOT NULL AND e.retractedAt IS NULL
RETURN e.at AS at ORDER BY at DESC LIMIT $limit
UNION ALL
MATCH (e:Event) WHERE e.targetUserId = $key AND e.actorId <> $key AND e.retractedAt IS NULL
RETURN e.at AS at ORDER BY at DESC LIMIT $limit
