// Which contents had how many events on the days of a span.
MATCH (d:Rollup) WHERE d.kind = 'c' AND d.at >= $from AND d.at < $until AND d.subject STARTS WITH $prefix
RETURN collect([d.subject, d.at, d.n]) AS rows
