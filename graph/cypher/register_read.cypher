// Takes the writers' lock and, after it, reads the contents to be registered.
MATCH (s:Sequence {id: 'event'}) SET s.holder = $holder RETURN 'value' AS kind, s.value AS value, {} AS content
UNION ALL
MATCH (c:Content) WHERE c.key IN $keys RETURN 'content' AS kind, 0 AS value, properties(c) AS content
