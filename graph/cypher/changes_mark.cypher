// Notes which users and contents this transaction writes without recording an event of theirs; the latest notes are kept.
MATCH (s:Sequence {id: 'event'}) WITH s, coalesce(s.marks, 0) + 1 AS marks
SET s.marks = marks, s.marked = ([$keys] + coalesce(s.marked, []))[0..$most]
RETURN marks
