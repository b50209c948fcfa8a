// What one user's events towards a content add up to.
MATCH ()-[p:INTERACTED]->() WHERE p.key = $key RETURN properties(p) AS pair
