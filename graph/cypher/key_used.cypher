// Notes when an API key was used last; never an earlier time than is there.
MATCH (k:Key {id: $id}) WHERE k.lastUsedAt IS NULL OR k.lastUsedAt < $at SET k.lastUsedAt = $at
