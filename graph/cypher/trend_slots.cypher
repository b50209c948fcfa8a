// The slots of UTC days, a row for each segment.
UNWIND $p.days AS day MATCH (d:Rollup {subject: 's', at: day})
RETURN collect([d.at, d.slots]) AS rows
