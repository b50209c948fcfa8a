// What is declared about the next people, by key.
MATCH (s:Standing) WHERE s.key > $after RETURN properties(s) AS standing ORDER BY s.key LIMIT $limit
