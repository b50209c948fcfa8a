// How many people did something on whole UTC days, from the actors' roll-ups.
MATCH (d:Rollup) WHERE d.kind = 'u' AND d.at >= $from AND d.at < $until
RETURN count(DISTINCT d.subject) AS n
