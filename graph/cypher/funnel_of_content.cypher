// How many people did what with a content, by the steps of the funnel that each of them did: rows of [viewed, liked, commented, shared, people].
MATCH (c:Content {key: $key})<-[r:INTERACTED]-(u:User)
WITH r.counts CONTAINS 'content.VIEW\t' AS viewed,
  r.counts CONTAINS 'content.LIKE\t' OR r.counts CONTAINS 'content.REACT\t' AS liked,
  r.counts CONTAINS 'content.COMMENT\t' OR r.counts CONTAINS 'content.REPLY\t' AS commented,
  r.counts CONTAINS 'content.SHARE\t' AS shared, count(*) AS people
RETURN collect([viewed, liked, commented, shared, people]) AS rows
