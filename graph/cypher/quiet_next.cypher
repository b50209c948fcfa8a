// The next number of a change to the list of the quiet. Runs after the lock is taken.
MATCH (s:Schema {id: 'schema'}) SET s.quiets = coalesce(s.quiets, 0) + 1 RETURN s.quiets AS n
