// The latest connections of a user: after a full list lost a member.
MATCH (u:User {id: $key})-[c:CONNECTION]-(o:User)
RETURN o.id AS id, c.since AS at, c.status AS status, c.responseMs AS responseMs,
  c.requestedBy AS requestedBy ORDER BY at DESC, id DESC LIMIT $limit
