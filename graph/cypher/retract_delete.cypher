// Deletes relationships and roll-ups that nothing is left of.
MATCH (s:Sequence {id: 'event'})
WITH s
CALL () { MATCH ()-[p:INTERACTED]->() WHERE p.key IN $interacted DELETE p }
CALL () { MATCH ()-[p:TIE]->() WHERE p.key IN $ties DELETE p }
CALL () { MATCH ()-[p:CONNECTION]->() WHERE p.key IN $connections DELETE p }
CALL () { UNWIND $days AS key MATCH (d:Rollup {key: key}) DELETE d }
RETURN s.value AS value
