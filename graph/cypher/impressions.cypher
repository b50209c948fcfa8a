// The latest impressions of a span that later events can be joined with, of contents whose key begins with $prefix; known by $knownAt.
MATCH (e:Event) WHERE e.shownAt >= $from AND e.shownAt < $until AND e.retractedAt IS NULL AND e.contentKey STARTS WITH $prefix
  AND e.receivedAt <= $knownAt
WITH e ORDER BY e.shownAt DESC, e.id DESC LIMIT $limit
RETURN collect([e.impressionId, e.actorId, e.contentKey, e.shownAt, e.position]) AS rows
