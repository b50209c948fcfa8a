// A user's connections, in the order of keys, after one.
MATCH (u:User {id: $id})-[p:CONNECTION]-(o:User) WHERE p.key > $after
RETURN DISTINCT properties(p) AS node, p.key AS place ORDER BY place LIMIT $limit
