// Version 7: the audit log. A dummy with a number comes before an index of numbers, as in version 2.

CREATE CONSTRAINT audit_id IF NOT EXISTS FOR (n:Audit) REQUIRE n.id IS UNIQUE;
CREATE (:Audit {id: $dummy, at: 4102444800000});
CREATE INDEX audit_at IF NOT EXISTS FOR (n:Audit) ON (n.at);
MATCH (n:Audit) WHERE n.id = $dummy DELETE n;
