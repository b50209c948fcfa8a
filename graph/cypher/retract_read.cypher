// The unretracted events of a pair without one of them: what its state is folded from. Runs after the lock is taken.
MATCH (e:Event) WHERE e.pair = $pair AND e.id <> $id AND e.retractedAt IS NULL RETURN properties(e) AS event
