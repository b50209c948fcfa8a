// What was done to each content on whole UTC days, of subjects that begin with $prefix: one list of [subject, sums ..., the most people of a day, these added up].
UNWIND $p.days AS day MATCH (d:Rollup {kind: 'c', at: day}) WHERE d.subject STARTS WITH $prefix
WITH d.subject AS subject, sum(d.n) AS n, sum(d.ms) AS ms, sum(d.msN) AS msN, sum(d.score) AS score, sum(d.views) AS views,
  sum(d.likes) AS likes, sum(d.comments) AS comments, sum(d.shares) AS shares, sum(d.saves) AS saves, sum(d.engaged) AS engaged,
  sum(d.scrollSum) AS scrollSum, sum(d.scrollN) AS scrollN, max(d.users) AS least, sum(d.users) AS most
RETURN collect([subject, n, ms, msN, score, views, likes, comments, shares, saves, engaged, scrollSum, scrollN, least, most]) AS rows
