// How many events have been recorded so far.
MATCH (s:Sequence {id: 'event'}) RETURN s.value AS value
