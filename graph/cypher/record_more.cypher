// Roll-ups that a batch turns out to need when the rest is read: runs after the lock is taken.
UNWIND $p.keys AS key MATCH (d:Rollup {key: key}) RETURN properties(d) AS day
