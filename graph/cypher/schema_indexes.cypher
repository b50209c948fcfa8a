// The state of every index and constraint: ONLINE when it is in use.
SHOW INDEXES YIELD name, state RETURN name, state
