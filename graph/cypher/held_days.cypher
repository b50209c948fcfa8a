// The days of a subject, the first of them first, after one.
MATCH (d:Rollup) WHERE d.subject = $subject AND d.at > $after
RETURN properties(d) AS node, d.at AS place ORDER BY place LIMIT $limit
