// The totals of UTC days of everything, by key, each with the stamp of its node.
UNWIND $p.days AS key MATCH (d:Rollup {key: key})
RETURN collect([d.at, d.changed, d.totals]) AS rows
