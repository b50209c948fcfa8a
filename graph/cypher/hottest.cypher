// The hottest contents that are at least $floor hot, hottest first, then by key: one row of [key, hot].
MATCH (c:Content) WHERE c.hot >= $floor AND ($type IS NULL OR c.type = $type)
WITH c ORDER BY c.hot DESC, c.key LIMIT $limit
RETURN collect([c.key, c.hot]) AS rows
