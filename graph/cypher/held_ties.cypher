// What a user did towards others, in the order of keys, after one.
MATCH (u:User {id: $id})-[p:TIE]->(o:User) WHERE p.key > $after
RETURN properties(p) AS node, p.key AS place ORDER BY place LIMIT $limit
