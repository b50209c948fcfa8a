// Takes the writers' lock and changes nothing: whether a write would succeed.
MATCH (s:Sequence {id: 'event'}) SET s.holder = $holder RETURN s.value AS value
