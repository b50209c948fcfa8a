// What does this person do? A picture of the content and people turned to last
// :param user => 'alice'
MATCH path = (:User {id: $user})-[r:INTERACTED|TIE]->()
RETURN path
ORDER BY r.last DESC LIMIT 50
