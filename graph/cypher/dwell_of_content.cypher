// How long people were with a content, and in how many events anybody said so, by its days from $from on.
MATCH (d:Rollup) WHERE d.subject = $subject AND d.at >= $from
RETURN sum(d.ms) AS ms, sum(d.msN) AS n
