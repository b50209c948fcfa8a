// Events by id, retracted or not, in no order; without those of which only the id is left.
MATCH (e:Event) WHERE e.id IN $ids AND e.face IS NOT NULL RETURN collect(properties(e)) AS rows
