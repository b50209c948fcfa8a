// The event with this id and the unretracted events of its pair, to fold what remains. Runs after the lock is taken.
CALL () { MATCH (e:Event) WHERE e.id = $id RETURN collect(properties(e)) AS events }
CALL () { MATCH (e:Event) WHERE e.pair = $pair AND e.id <> $id AND e.retractedAt IS NULL RETURN collect(properties(e)) AS remaining }
RETURN events, remaining
