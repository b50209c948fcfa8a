// Which of these users did something, had something done to them, or wrote something.
CALL () { MATCH (u:User) WHERE u.id IN $ids AND (u.done > 0 OR u.receivedN > 0) RETURN collect(u.id) AS active }
CALL () { MATCH (c:Content) WHERE c.authorId IN $ids RETURN collect(DISTINCT c.authorId) AS authors }
RETURN active, authors
