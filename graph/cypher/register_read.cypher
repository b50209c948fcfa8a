// Takes the writers' lock and reads the contents to be registered.
MATCH (s:Sequence {id: 'event'}) SET s.holder = $holder
WITH s.value AS value
CALL () { MATCH (c:Content) WHERE c.key IN $keys RETURN collect(properties(c)) AS contents }
RETURN value, contents
