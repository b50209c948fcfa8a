// All API keys that are not revoked.
MATCH (k:Key) WHERE k.createdAt <= $until AND k.revokedAt IS NULL
RETURN properties(k) AS key
