// Promises one row when the database answers statements.
RETURN 1 AS answer
