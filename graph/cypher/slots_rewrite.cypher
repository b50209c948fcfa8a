// Gives segments another text that says the same, and days the length of the last one's.
UNWIND $p.segments AS r MATCH (d:Rollup {key: r.key}) SET d.slots = r.slots RETURN count(*) AS n
UNION ALL
UNWIND $p.days AS r MATCH (d:Rollup {key: r.key}) SET d += r RETURN count(*) AS n
