// The salt of this database, by which people are known where their ids may not be kept: 64 hexadecimal digits.
MATCH (s:Schema {id: 'schema'}) RETURN s.salt AS salt
