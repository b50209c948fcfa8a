// A user's connections in one status, latest first.
MATCH (:User {id: $id})-[c:CONNECTION]-(o:User) WHERE c.status = $status
RETURN o.id AS other, properties(c) AS connection ORDER BY c.since DESC, o.id LIMIT $limit
