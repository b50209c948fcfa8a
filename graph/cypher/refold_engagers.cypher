// The latest distinct engagers of a content, from its relationships: after a full list lost a member.
MATCH (c:Content {key: $key})<-[p:INTERACTED]-(u:User) WHERE p.engaged IS NOT NULL
RETURN u.id AS id, p.engaged AS at, p.engagedAs AS word ORDER BY at DESC, id DESC LIMIT $limit
