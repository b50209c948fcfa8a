// What happened in [$from, $until), for retention to look at: rows of [id, type, time, whether it has expired, actor, pair]; what has expired only where $all.
MATCH (e:Event) WHERE e.at >= $from AND e.at < $until AND ($all OR e.expiredAt IS NULL)
RETURN collect([e.id, e.type, e.at, e.expiredAt IS NOT NULL, e.actorId, e.pair]) AS rows
