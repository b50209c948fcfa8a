// How far the log has come, who wrote last, and which nodes were written without an event of their own, if that is news.
MATCH (s:Sequence {id: 'event'})
RETURN s.value AS value, s.holder AS holder, coalesce(s.marks, 0) AS marks,
  CASE WHEN coalesce(s.marks, 0) > $marks THEN s.marked ELSE [] END AS marked
