// What else names a user: contents said to be theirs, and keys that let them in.
MATCH (c:Content) WHERE c.authorId = $id RETURN 'authorships' AS kind, count(*) AS n
UNION ALL
MATCH (k:Key) WHERE k.createdAt < $until AND k.userId = $id RETURN 'keys' AS kind, count(*) AS n
