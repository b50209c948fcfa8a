// The unretracted events of a pair without one of them: what its state is folded from. Runs after the lock is taken.
// Naming e.at lets Neo4j use the index on both properties.
MATCH (e:Event) WHERE e.pair = $pair AND e.at IS NOT NULL AND e.id <> $id AND e.retractedAt IS NULL RETURN properties(e) AS event
