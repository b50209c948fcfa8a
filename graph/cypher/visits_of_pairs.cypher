// Visits since $since by pair.
MATCH (e:Event) WHERE e.pair IN $pairs AND e.name = 'PROFILE_VISIT' AND e.at >= $since AND e.retractedAt IS NULL
RETURN e.pair AS pair, count(*) AS n
