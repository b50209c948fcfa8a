// What was done in [$from, $until) to contents whose key begins with $prefix, by content, face and name.
MATCH (e:Event) WHERE e.at >= $from AND e.at < $until AND e.retractedAt IS NULL AND e.face IN ['content', 'activity']
  AND coalesce(e.contentKey, '') CONTAINS ':' AND coalesce(e.contentKey, '') STARTS WITH $prefix
WITH e.contentKey AS key, e.face AS face, e.name AS name, count(*) AS n, sum(e.durationMs) AS ms, count(e.durationMs) AS msN,
  sum(e.scrollDepth) AS scrollSum, count(e.scrollDepth) AS scrollN, collect(DISTINCT e.actorId) AS actors
RETURN collect([key, face, name, n, ms, msN, scrollSum, scrollN, actors]) AS rows
