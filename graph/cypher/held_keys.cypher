// The keys that let a user in.
MATCH (k:Key) WHERE k.createdAt < $until AND k.userId = $id RETURN properties(k) AS node
