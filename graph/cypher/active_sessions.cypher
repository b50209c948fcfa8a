// How many sessions there were on whole UTC days, from the actors' roll-ups.
MATCH (d:Rollup) WHERE d.kind = 'u' AND d.at >= $from AND d.at < $until AND d.sessions IS NOT NULL
UNWIND split(d.sessions, '\n') AS line
RETURN count(DISTINCT split(line, '\t')[0]) AS n
