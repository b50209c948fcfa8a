// One event, retracted or not.
MATCH (e:Event) WHERE e.id = $id RETURN properties(e) AS event
