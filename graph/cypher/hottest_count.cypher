// How many contents are at least $floor hot, counted up to $limit.
MATCH (c:Content) WHERE c.hot >= $floor AND ($type IS NULL OR c.type = $type)
WITH c LIMIT $limit
RETURN count(c) AS n
