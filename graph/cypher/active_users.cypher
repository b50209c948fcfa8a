// Distinct people, then distinct sessions, over whole UTC days, from the actors' roll-ups.
MATCH (d:Rollup) WHERE d.kind = 'u' AND d.at >= $from AND d.at < $until
RETURN 'users' AS kind, count(DISTINCT d.subject) AS n
UNION ALL
MATCH (d:Rollup) WHERE d.kind = 'u' AND d.at >= $from AND d.at < $until AND d.sessions IS NOT NULL
UNWIND split(d.sessions, '\n') AS line
RETURN 'sessions' AS kind, count(DISTINCT split(line, '\t')[0]) AS n
