// Takes the writers' lock and reads, after it, everything that a batch of events touches: one row, one map per kind.
MATCH (s:Sequence {id: 'event'}) SET s.holder = $holder
WITH s.value AS value
CALL () { MATCH (e:Event) WHERE e.id IN $ids RETURN collect(properties(e)) AS events }
CALL () { MATCH (u:User) WHERE u.id IN $users RETURN collect(properties(u)) AS users }
CALL () { MATCH (c:Content) WHERE c.key IN $contents RETURN collect(properties(c)) AS contents }
CALL () { MATCH ()-[p:INTERACTED]->() WHERE p.key IN $interacted RETURN collect(properties(p)) AS interacted }
CALL () { MATCH ()-[t:TIE]->() WHERE t.key IN $ties RETURN collect(properties(t)) AS ties }
CALL () { MATCH ()-[c:CONNECTION]->() WHERE c.key IN $connections RETURN collect(properties(c)) AS connections }
CALL () { MATCH (e:Event) WHERE e.connection IN $connections AND e.retractedAt IS NULL
          RETURN collect([e.connection, e.at, e.id, e.name, e.actorId]) AS steps }
CALL () { MATCH (d:Rollup) WHERE d.key IN $days RETURN collect(properties(d)) AS days }
RETURN value, events, users, contents, interacted, ties, connections, steps, days
