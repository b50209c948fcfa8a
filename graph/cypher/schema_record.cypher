// Records the schema's version (never a lower one); makes the events' sequence and the salt of people's keys where there is none.
// A database without a schema has nothing derived: it is of this release's fold.
MERGE (s:Schema {id: 'schema'}) ON CREATE SET s.fold = $fold
SET s.version = CASE WHEN coalesce(s.version, 0) < $version THEN $version ELSE s.version END
SET s.salt = coalesce(s.salt, $salt)
MERGE (q:Sequence {id: 'event'}) ON CREATE SET q.value = 0, q.holder = ''
