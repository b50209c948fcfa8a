// Revokes the keys that let a user in, and takes the name from them.
MATCH (k:Key) WHERE k.createdAt < $until AND k.userId = $id
SET k.revokedAt = coalesce(k.revokedAt, $at), k.userId = null RETURN k.id AS id
