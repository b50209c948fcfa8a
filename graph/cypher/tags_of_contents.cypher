// The tags of those of these contents that have any.
MATCH (c:Content) WHERE c.key IN $keys AND c.tags IS NOT NULL RETURN collect([c.key, c.tags]) AS rows
