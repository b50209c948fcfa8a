// Deletes relationships and roll-ups that nothing is left of.
MATCH ()-[p:INTERACTED]->() WHERE p.key IN $interacted DELETE p RETURN count(*) AS n
UNION ALL
MATCH ()-[p:TIE]->() WHERE p.key IN $ties DELETE p RETURN count(*) AS n
UNION ALL
MATCH ()-[p:CONNECTION]->() WHERE p.key IN $connections DELETE p RETURN count(*) AS n
UNION ALL
MATCH (d:Rollup) WHERE d.key IN $days DELETE d RETURN count(*) AS n
