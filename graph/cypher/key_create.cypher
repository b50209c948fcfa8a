// Stores a new API key; an id that is taken is refused.
CREATE (k:Key {id: $p.id}) SET k += $p
