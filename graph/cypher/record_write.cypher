// Writes a batch: the new events and what they change. Every row is the whole new state of one thing, folded beforehand.
MATCH (s:Sequence {id: 'event'}) SET s.value = $value
WITH s
CALL () { UNWIND $newUsers AS r CREATE (u:User) SET u = r }
CALL () { UNWIND $oldUsers AS r MATCH (u:User {id: r.id}) SET u += r }
CALL () { UNWIND $newContents AS r CREATE (c:Content) SET c = r }
CALL () { UNWIND $oldContents AS r MATCH (c:Content {key: r.key}) SET c += r }
CALL () { UNWIND $events AS r CREATE (e:Event) SET e = r }
CALL () { UNWIND $newDays AS r CREATE (d:Rollup) SET d = r }
CALL () { UNWIND $oldDays AS r MATCH (d:Rollup {key: r.key}) SET d += r }
CALL () { UNWIND $newInteracted AS r MATCH (a:User {id: r.from}) MATCH (b:Content {key: r.to}) CREATE (a)-[p:INTERACTED]->(b) SET p = r.p }
CALL () { MATCH ()-[p:INTERACTED]->() WHERE p.key IN $oldInteractedKeys SET p += $oldInteracted[p.key] }
CALL () { UNWIND $newTies AS r MATCH (a:User {id: r.from}) MATCH (b:User {id: r.to}) CREATE (a)-[p:TIE]->(b) SET p = r.p }
CALL () { MATCH ()-[p:TIE]->() WHERE p.key IN $oldTiesKeys SET p += $oldTies[p.key] }
CALL () { UNWIND $newConnections AS r MATCH (a:User {id: r.from}) MATCH (b:User {id: r.to}) CREATE (a)-[p:CONNECTION]->(b) SET p = r.p }
CALL () { MATCH ()-[p:CONNECTION]->() WHERE p.key IN $oldConnectionsKeys SET p += $oldConnections[p.key] }
RETURN s.value AS value
