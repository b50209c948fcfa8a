// Leaves of events that were taken out what a copy of them is known by.
UNWIND $p.husks AS r CREATE (e:Event) SET e = r RETURN count(*) AS n
