// Deletes events for good, by id. Runs after the lock is taken.
UNWIND $p.ids AS id MATCH (e:Event {id: id}) DELETE e RETURN count(*) AS n
