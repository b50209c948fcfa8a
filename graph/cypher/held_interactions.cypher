// What a user did with contents, in the order of keys, after one.
MATCH (u:User {id: $id})-[p:INTERACTED]->(c:Content) WHERE p.key > $after
RETURN properties(p) AS node, p.key AS place ORDER BY place LIMIT $limit
