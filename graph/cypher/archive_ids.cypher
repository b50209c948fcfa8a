// The next events by id: what is left of those that retention took out altogether.
MATCH (e:Event) WHERE e.id > $after
RETURN e.id AS id, e.fp AS fp, e.expiredAt AS expiredAt, e.face IS NULL AS husk
ORDER BY e.id SKIP $skip LIMIT $limit
