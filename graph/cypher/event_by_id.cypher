// One event, retracted or not; none that has expired.
MATCH (e:Event) WHERE e.id = $id AND e.expiredAt IS NULL RETURN properties(e) AS event
