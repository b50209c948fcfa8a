// A subject's roll-ups by UTC day, with hours, types and sessions inside.
MATCH (d:Rollup) WHERE d.subject = $subject AND d.at >= $from AND d.at < $until
RETURN properties(d) AS day ORDER BY d.at
