// Takes the writers' lock and reads, after it, all that a batch touches: one row per kind that has any. Branches run in order.
MATCH (s:Sequence {id: 'event'}) SET s.holder = $holder RETURN 'value' AS kind, [s.value] AS rows
UNION ALL
MATCH (e:Event) WHERE e.id IN $ids RETURN 'events' AS kind, collect(properties(e)) AS rows
UNION ALL
MATCH (u:User) WHERE u.id IN $users RETURN 'users' AS kind, collect(properties(u)) AS rows
UNION ALL
MATCH (c:Content) WHERE c.key IN $contents RETURN 'contents' AS kind, collect(properties(c)) AS rows
UNION ALL
MATCH ()-[p:INTERACTED]->() WHERE p.key IN $interacted RETURN 'interacted' AS kind, collect(properties(p)) AS rows
UNION ALL
MATCH ()-[t:TIE]->() WHERE t.key IN $ties RETURN 'ties' AS kind, collect(properties(t)) AS rows
UNION ALL
MATCH ()-[c:CONNECTION]->() WHERE c.key IN $connections RETURN 'connections' AS kind, collect(properties(c)) AS rows
UNION ALL
MATCH (e:Event) WHERE e.connection IN $connections AND e.retractedAt IS NULL
RETURN 'steps' AS kind, collect([e.connection, e.at, e.id, e.name, e.actorId]) AS rows
UNION ALL
MATCH (d:Rollup) WHERE d.key IN $days RETURN 'days' AS kind, collect(properties(d)) AS rows
