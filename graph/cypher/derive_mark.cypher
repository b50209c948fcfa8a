// Notes how far the deriving has come; null removes.
MATCH (s:Schema {id: 'schema'}) SET s += $p
