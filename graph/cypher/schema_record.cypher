// Records the schema's version (never a lower one) and makes the events' sequence where there is none.
MERGE (s:Schema {id: 'schema'})
SET s.version = CASE WHEN coalesce(s.version, 0) < $version THEN $version ELSE s.version END
MERGE (q:Sequence {id: 'event'}) ON CREATE SET q.value = 0, q.holder = ''
