// How many people did the first thing ever on the UTC days before $until.
MATCH (d:Rollup) WHERE d.subject = $subject AND d.at < $until RETURN sum(d.new) AS n
