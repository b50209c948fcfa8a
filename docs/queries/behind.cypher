// The events behind this relationship; the target is a user's id or a content's key
// :param user => 'alice'; :param target => 'POST:42'
MATCH (e:Event) WHERE e.pair = $user + '\t' + $target AND e.retractedAt IS NULL
RETURN datetime({epochMillis: e.at}) AS at, e.type AS type, e.durationMs AS durationMs, e.scrollDepth AS scrollDepth,
       e.metadata AS metadata, e.id AS id
ORDER BY e.at, e.id LIMIT 500
