// Reads users, contents and pairs by key, as they stand: one row per kind that has any; of a node whose stamp the caller knows, its key alone.
// $p.users and $p.contents hold [key, known stamp]; $interacted and $ties are of one order of magnitude. The order of the columns is that of graph/nodes.py.
UNWIND $p.users AS r MATCH (u:User {id: r[0]})
RETURN 'users' AS kind, collect(CASE WHEN u.changed = r[1] THEN [u.id] ELSE [u.id, u.changed, u.id, u.received, u.contents,
  u.partners, u.times, u.timesTail, u.touched, u.touchedTail, u.circle, u.circleTail, u.links, u.linksTail, u.bars] END) AS rows
UNION ALL
UNWIND $p.contents AS r MATCH (c:Content {key: r[0]})
RETURN 'contents' AS kind, collect(CASE WHEN c.changed = r[1] THEN [c.key] ELSE [c.key, c.changed, c.type, c.id, c.authorId,
  c.createdAt, c.first, c.touches, c.engagers, c.engagersTail, c.counts, c.on, c.reporters, c.registered] END) AS rows
UNION ALL
MATCH ()-[p:INTERACTED]->() WHERE p.key IN $interacted
RETURN 'interacted' AS kind, collect([p.key, p.n, p.first, p.last, p.counts, p.states, p.heat, p.touched, p.engaged, p.engagedId,
  p.engagedAs, p.visited, p.spoke, p.timeMs, p.scrollSum, p.scrollN]) AS rows
UNION ALL
MATCH ()-[p:TIE]->() WHERE p.key IN $ties
RETURN 'ties' AS kind, collect([p.key, p.n, p.first, p.last, p.counts, p.states, p.heat, p.touched, p.engaged, p.engagedId,
  p.engagedAs, p.visited, p.spoke, p.timeMs, p.scrollSum, p.scrollN]) AS rows
