// Creates contents that were not there, and sets the registered facts of those that were.
MATCH (s:Sequence {id: 'event'})
WITH s
CALL () { UNWIND $created AS r CREATE (c:Content) SET c = r }
CALL () { UNWIND $changed AS r MATCH (c:Content {key: r.key}) SET c += r }
RETURN s.value AS value
