// Which of these subjects have events on a day from $from on.
MATCH (d:Rollup) WHERE d.subject IN $subjects AND d.at >= $from
RETURN collect(DISTINCT d.subject) AS subjects
