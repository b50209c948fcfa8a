// How many events a subject has on each UTC day, latest day first: bounds a page's work.
MATCH (d:Rollup) WHERE d.subject = $subject AND d.at >= $from AND d.at <= $to
RETURN d.at AS at, d.n AS n ORDER BY d.subject DESC, d.at DESC LIMIT $limit
