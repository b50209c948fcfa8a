// Takes the name of the author from some contents, and says which. Runs after the lock is taken.
MATCH (c:Content) WHERE c.authorId = $id WITH c LIMIT $limit SET c.authorId = null, c.changed = $changed RETURN c.key AS key
