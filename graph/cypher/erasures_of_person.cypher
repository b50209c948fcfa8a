// The erasures of a person, latest first.
MATCH (x:Erasure {key: $key}) RETURN properties(x) AS erasure ORDER BY x.requestedAt DESC, x.id LIMIT $limit
