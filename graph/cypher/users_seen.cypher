// Which of these users did something, had something done to them, or wrote something.
MATCH (u:User) WHERE u.id IN $ids AND (u.done > 0 OR u.receivedN > 0) RETURN u.id AS id
UNION ALL
MATCH (c:Content) WHERE c.authorId IN $ids RETURN DISTINCT c.authorId AS id
