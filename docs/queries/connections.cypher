// Whom is this person connected with, and who has not answered yet?
// :param user => 'alice'
MATCH (u:User {id: $user})-[c:CONNECTION]-(other:User)
RETURN other.id AS person, c.status AS status, c.requestedBy AS requestedBy, datetime({epochMillis: c.since}) AS since,
       c.responseMs AS responseMs
ORDER BY c.since DESC, person LIMIT 100
