// The contents that a user is said to be the author of, in the order of keys, after one.
MATCH (c:Content) WHERE c.authorId = $id AND c.key > $after
RETURN properties(c) AS node, c.key AS place ORDER BY place LIMIT $limit
