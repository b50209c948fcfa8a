// What was done with an impression, by its id; in no order, up to $limit, of what had occurred by $asOf and was known by $knownAt.
MATCH (e:Event) WHERE e.impressionId IN $ids AND e.shownAt IS NULL AND e.retractedAt IS NULL AND e.at <= $asOf AND e.receivedAt <= $knownAt
WITH e LIMIT $limit
RETURN collect([e.impressionId, e.actorId, e.contentKey, e.at, e.face, e.name]) AS rows
