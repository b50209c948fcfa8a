// The next figures that were stored, oldest first; two of one moment are one.
MATCH (h:Habits) WHERE h.at > $after RETURN properties(h) AS habits ORDER BY h.at LIMIT $limit
