// Version 1: what is unique, and what is looked up. Statements end with a semicolon at the end of a line; each runs alone.

CREATE CONSTRAINT schema_id IF NOT EXISTS FOR (n:Schema) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT sequence_id IF NOT EXISTS FOR (n:Sequence) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT user_id IF NOT EXISTS FOR (n:User) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT content_key IF NOT EXISTS FOR (n:Content) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT event_id IF NOT EXISTS FOR (n:Event) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT event_seq IF NOT EXISTS FOR (n:Event) REQUIRE n.seq IS UNIQUE;
CREATE CONSTRAINT rollup_key IF NOT EXISTS FOR (n:Rollup) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT interacted_key IF NOT EXISTS FOR ()-[r:INTERACTED]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT tie_key IF NOT EXISTS FOR ()-[r:TIE]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT connection_key IF NOT EXISTS FOR ()-[r:CONNECTION]-() REQUIRE r.key IS UNIQUE;

CREATE INDEX event_actor_at IF NOT EXISTS FOR (n:Event) ON (n.actorId, n.at);
CREATE INDEX event_content_at IF NOT EXISTS FOR (n:Event) ON (n.contentKey, n.at);
CREATE INDEX event_target_at IF NOT EXISTS FOR (n:Event) ON (n.targetUserId, n.at);
CREATE INDEX event_pair_at IF NOT EXISTS FOR (n:Event) ON (n.pair, n.at);
CREATE INDEX event_session IF NOT EXISTS FOR (n:Event) ON (n.sessionId);
CREATE INDEX event_at IF NOT EXISTS FOR (n:Event) ON (n.at);
CREATE INDEX event_connection IF NOT EXISTS FOR (n:Event) ON (n.connection);
CREATE INDEX rollup_subject_at IF NOT EXISTS FOR (n:Rollup) ON (n.subject, n.at);
CREATE INDEX rollup_kind_at IF NOT EXISTS FOR (n:Rollup) ON (n.kind, n.at);
CREATE INDEX content_hot IF NOT EXISTS FOR (n:Content) ON (n.hot);
CREATE INDEX content_author IF NOT EXISTS FOR (n:Content) ON (n.authorId);

// A type that is born inside a transaction breaks that transaction on ArcadeDB: every type exists before any data.
CREATE (a:User {id: $dummy})-[:INTERACTED {key: $dummy}]->(:Content {key: $dummy}), (a)-[:TIE {key: $dummy}]->(a),
       (a)-[:CONNECTION {key: $dummy}]->(a), (:Event {id: $dummy, seq: -1 - toInteger(rand() * 1000000000)}),
       (:Rollup {key: $dummy}), (:Sequence {id: $dummy});
MATCH (n:User) WHERE n.id = $dummy DETACH DELETE n;
MATCH (n:Content) WHERE n.key = $dummy DETACH DELETE n;
MATCH (n:Event) WHERE n.id = $dummy DELETE n;
MATCH (n:Rollup) WHERE n.key = $dummy DELETE n;
MATCH (n:Sequence) WHERE n.id = $dummy DELETE n;
