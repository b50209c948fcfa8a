// Up to what time (epoch ms) and place in commit order the last whole run of retention went, and by which table.
MATCH (s:Schema {id: 'schema'}) RETURN s.retainedTo AS to, s.retainedSeq AS seq, s.retainedBy AS table
