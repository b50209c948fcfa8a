// The next people, by the number of their change, who said whether they are to be reckoned with in rankings.
MATCH (q:Quiet) WHERE q.n > $after
RETURN q.id AS id, q.quiet AS quiet, q.n AS n
ORDER BY q.n LIMIT $limit
