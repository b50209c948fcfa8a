// Version 3: what was declared about people. The salt of their keys is made with the version's record.

CREATE CONSTRAINT standing_key IF NOT EXISTS FOR (n:Standing) REQUIRE n.key IS UNIQUE;
CREATE (:Standing {key: $dummy});
MATCH (n:Standing) WHERE n.key = $dummy DELETE n;
