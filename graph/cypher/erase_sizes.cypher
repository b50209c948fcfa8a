// How many events there are of what a person's events touch, by key; registered contents, which stay, are left out.
// The lists are of one common length.
UNWIND $p.users AS id MATCH (u:User {id: id})
RETURN 'users' AS kind, collect([u.id, coalesce(u.done, 0), coalesce(u.receivedN, 0)]) AS rows
UNION ALL
UNWIND $p.contents AS key MATCH (c:Content {key: key}) WHERE c.registered IS NULL
RETURN 'contents' AS kind, collect([c.key, coalesce(c.n, 0)]) AS rows
UNION ALL
UNWIND $p.days AS key MATCH (d:Rollup {key: key}) RETURN 'days' AS kind, collect([d.key, d.n]) AS rows
UNION ALL
MATCH ()-[p:INTERACTED]->() WHERE p.key IN $interacted RETURN 'interacted' AS kind, collect([p.key, p.n]) AS rows
UNION ALL
MATCH ()-[t:TIE]->() WHERE t.key IN $ties RETURN 'ties' AS kind, collect([t.key, t.n]) AS rows
UNION ALL
MATCH ()-[c:CONNECTION]->() WHERE c.key IN $connections RETURN 'connections' AS kind, collect([c.key]) AS rows
