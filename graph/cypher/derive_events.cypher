// The unretracted events with these places in commit order.
UNWIND range($first, $last) AS seq MATCH (e:Event {seq: seq}) WHERE e.retractedAt IS NULL RETURN properties(e) AS event
