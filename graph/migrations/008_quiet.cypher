// Version 8: who is not reckoned with in rankings, in the order in which they said so. A dummy with a number comes before the
// index of numbers, as in version 2.

CREATE CONSTRAINT quiet_id IF NOT EXISTS FOR (n:Quiet) REQUIRE n.id IS UNIQUE;
CREATE (:Quiet {id: $dummy, n: 4102444800000});
CREATE INDEX quiet_n IF NOT EXISTS FOR (n:Quiet) ON (n.n);
MATCH (n:Quiet) WHERE n.id = $dummy DELETE n;
