// When a user did the first thing that is not this event. Runs after the lock is taken.
MATCH (e:Event) WHERE e.actorId = $key AND e.at IS NOT NULL AND e.retractedAt IS NULL AND e.id <> $id
RETURN min(e.at) AS at
