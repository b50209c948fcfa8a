// API keys, newest first and then by id, with or without those that were revoked.
MATCH (k:Key) WHERE k.createdAt <= $until AND ($revoked OR k.revokedAt IS NULL)
RETURN properties(k) AS key ORDER BY k.createdAt DESC, k.id LIMIT $first
