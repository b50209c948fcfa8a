// Of the events with these places in commit order those that happened before $until and have not expired: rows as of retain_span.
UNWIND range($first, $last) AS seq MATCH (e:Event {seq: seq}) WHERE e.at < $until AND e.expiredAt IS NULL
RETURN collect([e.id, e.type, e.at, false, e.actorId, e.pair]) AS rows
