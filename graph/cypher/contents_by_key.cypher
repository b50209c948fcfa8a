// Contents by key, with their accumulators.
MATCH (c:Content) WHERE c.key IN $keys RETURN collect(properties(c)) AS contents
