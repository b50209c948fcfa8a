// What is popular? Content by its recent first touches; one touch is worth half after 18 hours
MATCH (c:Content) WHERE c.hot > 0
RETURN c.type AS type, c.id AS id, c.users AS people, c.n AS events, c.counts AS byType, c.authorId AS author
ORDER BY c.hot DESC, c.key LIMIT 25
