// The figures that were stored last by $at.
MATCH (h:Habits) WHERE h.at <= $at
RETURN properties(h) AS habits ORDER BY h.at DESC, h.id DESC LIMIT 1
