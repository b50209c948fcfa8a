// Takes over the salt of an archive, which only a database may do that has declared nothing about anybody yet.
MATCH (s:Schema {id: 'schema'}) SET s.salt = $salt
