// Who did something with these contents on the days of [$from, $until): [subject, packed actors] for each day with any.
MATCH (d:Rollup) WHERE d.subject IN $subjects AND d.at >= $from AND d.at < $until
RETURN collect([d.subject, d.actors]) AS rows
