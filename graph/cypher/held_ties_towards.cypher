// What others did towards a user, in the order of keys, after one.
MATCH (u:User {id: $id})<-[p:TIE]-(o:User) WHERE p.key > $after AND o.id <> $id
RETURN properties(p) AS node, p.key AS place ORDER BY place LIMIT $limit
