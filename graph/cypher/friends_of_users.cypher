// The friends of these users: whom they are connected with, and whom they follow; some may come twice.
UNWIND $p.ids AS id MATCH (u:User {id: id})-[c:CONNECTION]-(f:User) WHERE c.status = 'ACCEPTED'
RETURN collect(DISTINCT f.id) AS ids
UNION ALL
UNWIND $p.ids AS id MATCH (u:User {id: id})-[t:TIE]->(f:User) WHERE t.on IS NOT NULL AND ' ' + t.on + ' ' CONTAINS ' FOLLOW '
RETURN collect(DISTINCT f.id) AS ids
