// The latest contents a user engaged with, from the relationships: after a full list lost a member.
MATCH (u:User {id: $key})-[p:INTERACTED]->(c:Content) WHERE p.engaged IS NOT NULL
RETURN c.key AS id, p.engaged AS at, '' AS word ORDER BY at DESC, id DESC LIMIT $limit
