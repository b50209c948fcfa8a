// Revokes an API key; one that is revoked keeps its time.
MATCH (k:Key {id: $id}) SET k.revokedAt = coalesce(k.revokedAt, $at)
RETURN properties(k) AS key
