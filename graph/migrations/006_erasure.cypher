// Version 6: certificates of what was erased.

CREATE CONSTRAINT erasure_id IF NOT EXISTS FOR (n:Erasure) REQUIRE n.id IS UNIQUE;
CREATE (:Erasure {id: $dummy, key: $dummy, state: $dummy});
CREATE INDEX erasure_key IF NOT EXISTS FOR (n:Erasure) ON (n.key);
CREATE INDEX erasure_state IF NOT EXISTS FOR (n:Erasure) ON (n.state);
MATCH (n:Erasure) WHERE n.id = $dummy DELETE n;
