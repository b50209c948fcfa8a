// The totals of the UTC days of everything, a row for each, with the stamp of its node and the number of people whose first event ever it has.
MATCH (d:Rollup) WHERE d.subject = 'g' AND d.at >= $from AND d.at < $until
RETURN collect([d.at, d.changed, d.totals, d.new]) AS rows
