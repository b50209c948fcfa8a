// Who is close to this person? Both directions side by side
// :param user => 'alice'
MATCH (u:User {id: $user})-[t:TIE]-(other:User)
RETURN other.id AS person,
       sum(CASE WHEN startNode(t).id = $user THEN t.n ELSE 0 END) AS outgoing,
       sum(CASE WHEN endNode(t).id = $user THEN t.n ELSE 0 END) AS incoming,
       datetime({epochMillis: max(t.last)}) AS lastContact
ORDER BY outgoing + incoming DESC, person LIMIT 50
