// Up to $limit contents whose key begins with $prefix, in no order: one row of [key, hot].
MATCH (c:Content) WHERE c.key STARTS WITH $prefix
WITH c LIMIT $limit
RETURN collect([c.key, c.hot]) AS rows
