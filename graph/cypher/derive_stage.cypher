// Which release's fold made what is derived (1: before it was noted), and how far another one has come.
MATCH (s:Schema {id: 'schema'}) RETURN coalesce(s.fold, 1) AS fold, s.folding AS folding, s.foldedTo AS folded_to
