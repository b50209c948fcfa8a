// This person's connections, and the connections among them
// :param user => 'alice'
MATCH (:User {id: $user})-[mine:CONNECTION {status: 'ACCEPTED'}]-(friend:User)
WITH friend.id AS id ORDER BY mine.since DESC LIMIT 50
WITH collect(id) + [$user] AS circle
MATCH path = (one:User)-[:CONNECTION {status: 'ACCEPTED'}]->(other:User) WHERE one.id IN circle AND other.id IN circle
RETURN path
