// Version 5: API keys. A dummy with a number comes before an index of numbers, as in version 2.

CREATE CONSTRAINT key_id IF NOT EXISTS FOR (n:Key) REQUIRE n.id IS UNIQUE;
CREATE (:Key {id: $dummy, createdAt: 4102444800000, userId: $dummy});
CREATE INDEX key_created_at IF NOT EXISTS FOR (n:Key) ON (n.createdAt);
CREATE INDEX key_user IF NOT EXISTS FOR (n:Key) ON (n.userId);
MATCH (n:Key) WHERE n.id = $dummy DELETE n;
