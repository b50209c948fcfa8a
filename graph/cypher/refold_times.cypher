// The latest person-to-person event times of a user in each direction: after a full list lost a member.
MATCH (e:Event) WHERE e.actorId = $id AND e.targetUserId IS NOT NULL AND e.retractedAt IS NULL AND e.id <> $without
RETURN e.at AS at ORDER BY at DESC LIMIT $limit
UNION ALL
MATCH (e:Event) WHERE e.targetUserId = $id AND e.actorId <> $id AND e.retractedAt IS NULL AND e.id <> $without
RETURN e.at AS at ORDER BY at DESC LIMIT $limit
