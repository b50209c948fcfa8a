// Writes a batch: the new events and the whole new state of all they change. Branches run in order; each matches at top level, where every engine uses its index.
MATCH (s:Sequence {id: 'event'}) SET s.value = $p.value RETURN count(*) AS n
UNION ALL
UNWIND $p.newUsers AS r CREATE (u:User) SET u = r RETURN count(*) AS n
UNION ALL
UNWIND $p.oldUsers AS r MATCH (u:User {id: r.id}) SET u += r RETURN count(*) AS n
UNION ALL
UNWIND $p.newContents AS r CREATE (c:Content) SET c = r RETURN count(*) AS n
UNION ALL
UNWIND $p.oldContents AS r MATCH (c:Content {key: r.key}) SET c += r RETURN count(*) AS n
UNION ALL
UNWIND $p.events AS r CREATE (e:Event) SET e = r RETURN count(*) AS n
UNION ALL
UNWIND $p.newDays AS r CREATE (d:Rollup) SET d = r RETURN count(*) AS n
UNION ALL
UNWIND $p.oldDays AS r MATCH (d:Rollup {key: r.key}) SET d += r RETURN count(*) AS n
UNION ALL
UNWIND $p.moreSlots AS r MATCH (d:Rollup {key: r.key}) SET d.slots = d.slots + r.slots RETURN count(*) AS n
UNION ALL
UNWIND $p.moreActors AS r MATCH (d:Rollup {key: r.key}) SET d.actors = d.actors + r.actors RETURN count(*) AS n
UNION ALL
UNWIND $p.newInteracted AS r MATCH (a:User {id: r.from}) MATCH (b:Content {key: r.to}) CREATE (a)-[p:INTERACTED]->(b) SET p = r.p RETURN count(*) AS n
UNION ALL
MATCH ()-[p:INTERACTED]->() WHERE p.key IN $interacted SET p += $oldInteracted[p.key] RETURN count(*) AS n
UNION ALL
UNWIND $p.newTies AS r MATCH (a:User {id: r.from}) MATCH (b:User {id: r.to}) CREATE (a)-[p:TIE]->(b) SET p = r.p RETURN count(*) AS n
UNION ALL
MATCH ()-[p:TIE]->() WHERE p.key IN $ties SET p += $oldTies[p.key] RETURN count(*) AS n
UNION ALL
UNWIND $p.newConnections AS r MATCH (a:User {id: r.from}) MATCH (b:User {id: r.to}) CREATE (a)-[p:CONNECTION]->(b) SET p = r.p RETURN count(*) AS n
UNION ALL
MATCH ()-[p:CONNECTION]->() WHERE p.key IN $connections SET p += $oldConnections[p.key] RETURN count(*) AS n
