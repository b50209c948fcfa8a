// This person's connections, and the connections among them
// :param user => 'alice'
MATCH (u:User {id: $user})-[mine:CONNECTION {status: 'ACCEPTED'}]-(friend:User)
WITH u, friend ORDER BY mine.since DESC LIMIT 50
WITH collect(friend) + u AS circle
UNWIND circle AS person
MATCH path = (person)-[:CONNECTION {status: 'ACCEPTED'}]->(other:User) WHERE other IN circle
RETURN path
