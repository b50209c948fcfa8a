// When each tie of a user, in either direction, was last engaged: after a full list lost a member.
MATCH (u:User {id: $key})-[t:TIE]->(o:User) WHERE t.engaged IS NOT NULL RETURN o.id AS id, t.engaged AS at
UNION ALL
MATCH (u:User {id: $key})<-[t:TIE]-(o:User) WHERE t.engaged IS NOT NULL RETURN o.id AS id, t.engaged AS at
