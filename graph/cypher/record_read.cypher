// Takes the writers' lock and reads, after it, all that a batch touches: one row per kind that has any. Branches run in order.
// Of a list with a short tail, the tail: the list itself is left out ('-'). The actors of a content's day are read in full or not at all.
// Lists inside $p, and $... lists of one order of magnitude: Neo4j makes a plan per magnitude of a list that is a parameter itself.
MATCH (s:Sequence {id: 'event'}) SET s.holder = $p.holder RETURN 'value' AS kind, [s.value] AS rows
UNION ALL
UNWIND $p.ids AS id MATCH (e:Event {id: id}) RETURN 'events' AS kind, collect(properties(e)) AS rows
UNION ALL
UNWIND $p.users AS id MATCH (u:User {id: id}) RETURN 'users' AS kind, collect(u {.*,
  times: CASE WHEN size(coalesce(u.timesTail, '')) > $p.long THEN u.times ELSE '-' END,
  touched: CASE WHEN size(coalesce(u.touchedTail, '')) > $p.long THEN u.touched ELSE '-' END,
  circle: CASE WHEN size(coalesce(u.circleTail, '')) > $p.long THEN u.circle ELSE '-' END,
  links: CASE WHEN size(coalesce(u.linksTail, '')) > $p.long THEN u.links ELSE '-' END}) AS rows
UNION ALL
UNWIND $p.contents AS key MATCH (c:Content {key: key}) RETURN 'contents' AS kind, collect(c {.*,
  engagers: CASE WHEN size(coalesce(c.engagersTail, '')) > $p.long THEN c.engagers ELSE '-' END}) AS rows
UNION ALL
MATCH ()-[p:INTERACTED]->() WHERE p.key IN $interacted RETURN 'interacted' AS kind, collect(properties(p)) AS rows
UNION ALL
MATCH ()-[t:TIE]->() WHERE t.key IN $ties RETURN 'ties' AS kind, collect(properties(t)) AS rows
UNION ALL
MATCH ()-[c:CONNECTION]->() WHERE c.key IN $connections RETURN 'connections' AS kind, collect(properties(c)) AS rows
UNION ALL
UNWIND $p.connections AS key MATCH (e:Event {connection: key}) WHERE e.retractedAt IS NULL
RETURN 'steps' AS kind, collect([e.connection, e.at, e.id, e.name, e.actorId]) AS rows
UNION ALL
UNWIND $p.days AS key MATCH (d:Rollup {key: key}) RETURN 'days' AS kind, collect(d {.*,
  actors: CASE WHEN $p.long < 0 THEN d.actors END}) AS rows
UNION ALL
UNWIND $p.standings AS key MATCH (s:Standing {key: key}) RETURN 'standings' AS kind, collect(properties(s)) AS rows
