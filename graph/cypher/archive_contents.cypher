// The next contents by key, with the facts that were registered where any were.
MATCH (c:Content) WHERE c.key > $after
RETURN c.key AS key, c.type AS type, c.id AS id, c.authorId AS authorId, c.createdAt AS createdAt, c.tags AS tags,
       c.language AS language, c.registered AS registered
ORDER BY c.key SKIP $skip LIMIT $limit
