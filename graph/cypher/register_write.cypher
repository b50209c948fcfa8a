// Creates contents that were not there, and sets the registered facts of those that were.
UNWIND $created AS r CREATE (c:Content) SET c = r RETURN count(*) AS n
UNION ALL
UNWIND $changed AS r MATCH (c:Content {key: r.key}) SET c += r RETURN count(*) AS n
