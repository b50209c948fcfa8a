// Distinct people and sessions over whole UTC days, from the actors' roll-ups.
CALL () { MATCH (d:Rollup) WHERE d.kind = 'u' AND d.at >= $from AND d.at < $until RETURN count(DISTINCT d.subject) AS users }
CALL () {
  MATCH (d:Rollup) WHERE d.kind = 'u' AND d.at >= $from AND d.at < $until AND d.sessions IS NOT NULL
  UNWIND split(d.sessions, '\n') AS line
  RETURN count(DISTINCT split(line, '\t')[0]) AS sessions
}
RETURN users, sessions
