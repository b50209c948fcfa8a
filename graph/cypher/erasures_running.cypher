// The erasures that are not finished.
MATCH (x:Erasure {state: 'running'}) RETURN properties(x) AS erasure
