// As funnel_of_content, from the events of [$from, $until).
MATCH (e:Event) WHERE e.contentKey = $key AND e.at >= $from AND e.at < $until AND e.retractedAt IS NULL AND e.face = 'content'
WITH e.actorId AS actor, collect(DISTINCT e.name) AS names
WITH 'VIEW' IN names AS viewed, 'LIKE' IN names OR 'REACT' IN names AS liked,
  'COMMENT' IN names OR 'REPLY' IN names AS commented, 'SHARE' IN names AS shared, count(*) AS people
RETURN collect([viewed, liked, commented, shared, people]) AS rows
