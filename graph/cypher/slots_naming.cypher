// The segments of some days in which a name stands. Runs after the lock is taken.
UNWIND $p.days AS day MATCH (d:Rollup {subject: 's', at: day}) WHERE d.slots CONTAINS $p.name
RETURN d.key AS key, d.at AS at, d.slots AS slots
