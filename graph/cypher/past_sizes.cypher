// How many events each of these subjects has on the days up to $until.
MATCH (d:Rollup) WHERE d.subject IN $subjects AND d.at <= $until
RETURN d.subject AS subject, sum(d.n) AS n
