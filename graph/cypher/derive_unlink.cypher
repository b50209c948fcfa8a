// Deletes some of the derived relationships, and says how many of each.
MATCH ()-[p:INTERACTED]->() WITH p LIMIT $limit DELETE p RETURN count(*) AS n
UNION ALL
MATCH ()-[p:TIE]->() WITH p LIMIT $limit DELETE p RETURN count(*) AS n
UNION ALL
MATCH ()-[p:CONNECTION]->() WITH p LIMIT $limit DELETE p RETURN count(*) AS n
