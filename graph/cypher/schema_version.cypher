// The schema's version; no row in a database that has none yet.
MATCH (s:Schema {id: 'schema'}) RETURN s.version AS version
