// The connection of an unordered pair.
MATCH ()-[c:CONNECTION]->() WHERE c.key = $key RETURN properties(c) AS connection
