// Records the schema's version (never a lower one) and makes the events' sequence where there is none.
// A database without a schema has nothing derived: it is of this release's fold.
MERGE (s:Schema {id: 'schema'}) ON CREATE SET s.fold = $fold
SET s.version = CASE WHEN coalesce(s.version, 0) < $version THEN $version ELSE s.version END
MERGE (q:Sequence {id: 'event'}) ON CREATE SET q.value = 0, q.holder = ''
