// How many events each hour of the UTC days of everything has, 24 numbers to a day.
MATCH (d:Rollup) WHERE d.subject = 'g' AND d.at >= $from AND d.at < $until
RETURN d.at AS at, d.hours AS hours
