// Deletes some users, contents and roll-ups, and says how many; of registered contents the derived properties alone ($blank: null each).
MATCH (u:User) WITH u LIMIT $limit DETACH DELETE u RETURN count(*) AS n
UNION ALL
MATCH (d:Rollup) WITH d LIMIT $limit DELETE d RETURN count(*) AS n
UNION ALL
MATCH (c:Content) WHERE c.registered IS NULL WITH c LIMIT $limit DETACH DELETE c RETURN count(*) AS n
UNION ALL
MATCH (c:Content) WHERE c.n IS NOT NULL WITH c LIMIT $limit SET c += $blank RETURN count(*) AS n
