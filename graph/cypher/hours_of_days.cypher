// How many events each hour of the UTC days of everything has, a row for each day with 24 numbers.
MATCH (d:Rollup) WHERE d.subject = 'g' AND d.at >= $from AND d.at < $until
RETURN collect([d.at, d.hours]) AS rows
