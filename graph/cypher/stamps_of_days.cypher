// Which UTC days of everything there are, each with the stamp of the transaction that wrote it last.
MATCH (d:Rollup) WHERE d.subject = 'g' AND d.at >= $from AND d.at < $until
RETURN d.at AS at, d.changed AS stamp
