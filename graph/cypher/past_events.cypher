// What these actors did, what was done to these targets and contents, and the events of these pairs, in a span of time: what folding needs of them.
// The lists are of one common length; an event may come more than once.
MATCH (e:Event) WHERE e.actorId IN $actors AND e.at >= $from AND e.at < $until AND e.receivedAt <= $knownAt AND e.retractedAt IS NULL
RETURN collect(e {.id, .face, .name, .category, .action, .actorId, .contentKey, .targetUserId, .at, .receivedAt, .durationMs, .scrollDepth}) AS events
UNION ALL
MATCH (e:Event) WHERE e.targetUserId IN $targets AND e.at >= $from AND e.at < $until AND e.receivedAt <= $knownAt AND e.retractedAt IS NULL
RETURN collect(e {.id, .face, .name, .category, .action, .actorId, .contentKey, .targetUserId, .at, .receivedAt, .durationMs, .scrollDepth}) AS events
UNION ALL
MATCH (e:Event) WHERE e.contentKey IN $contents AND e.at >= $from AND e.at < $until AND e.receivedAt <= $knownAt AND e.retractedAt IS NULL AND e.face IN ['content', 'activity']
RETURN collect(e {.id, .face, .name, .category, .action, .actorId, .contentKey, .targetUserId, .at, .receivedAt, .durationMs, .scrollDepth}) AS events
UNION ALL
MATCH (e:Event) WHERE e.pair IN $pairs AND e.at >= $from AND e.at < $until AND e.receivedAt <= $knownAt AND e.retractedAt IS NULL
RETURN collect(e {.id, .face, .name, .category, .action, .actorId, .contentKey, .targetUserId, .at, .receivedAt, .durationMs, .scrollDepth}) AS events
