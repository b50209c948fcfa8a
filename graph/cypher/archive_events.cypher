// The events with these places in commit order, also those that were taken back, in no order.
UNWIND range($first, $last) AS seq MATCH (e:Event {seq: seq}) RETURN properties(e) AS event
