// Events by id, retracted or not, in no order.
MATCH (e:Event) WHERE e.id IN $ids RETURN collect(properties(e)) AS rows
