// Version 2: indexes of numbers that are read by range, and what ranking and impressions look up. ArcadeDB takes the type of an
// index's keys from the data that is there when it is made, and without any makes text of them, which no range of numbers finds:
// so a dummy with a number comes first.

CREATE (:Event {id: $dummy, seq: -1 - toInteger(rand() * 1000000000), at: 4102444800000, receivedAt: 4102444800000, shownAt: 4102444800000, impressionId: $dummy});
CREATE (:Content {key: $dummy, hot: 0.5});
CREATE CONSTRAINT habits_id IF NOT EXISTS FOR (n:Habits) REQUIRE n.id IS UNIQUE;
CREATE (:Habits {id: $dummy, at: 4102444800000});

DROP INDEX event_at IF EXISTS;
DROP INDEX content_hot IF EXISTS;
CREATE INDEX event_at IF NOT EXISTS FOR (n:Event) ON (n.at);
CREATE INDEX content_hot IF NOT EXISTS FOR (n:Content) ON (n.hot);
CREATE INDEX event_received_at IF NOT EXISTS FOR (n:Event) ON (n.receivedAt);
CREATE INDEX event_shown_at IF NOT EXISTS FOR (n:Event) ON (n.shownAt);
CREATE INDEX event_impression IF NOT EXISTS FOR (n:Event) ON (n.impressionId);
CREATE INDEX habits_at IF NOT EXISTS FOR (n:Habits) ON (n.at);

MATCH (n:Event) WHERE n.id = $dummy DELETE n;
MATCH (n:Content) WHERE n.key = $dummy DELETE n;
MATCH (n:Habits) WHERE n.id = $dummy DELETE n;
