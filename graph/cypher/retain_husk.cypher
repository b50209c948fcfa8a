// Leaves of events that are taken out what a copy of them is known by ($p.husks), and nothing that an index would find them by.
UNWIND $p.husks AS r MATCH (e:Event {id: r.id}) SET e = r RETURN count(*) AS n
