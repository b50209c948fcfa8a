// What one user's events towards another add up to.
MATCH ()-[t:TIE]->() WHERE t.key = $key RETURN properties(t) AS pair
