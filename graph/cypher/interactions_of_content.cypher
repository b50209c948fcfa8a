// What was done with a content in [$from, $until), one row of the columns of signals.interactions.Interaction each, in no order.
MATCH (e:Event) WHERE e.contentKey = $key AND e.at >= $from AND e.at < $until AND e.retractedAt IS NULL AND e.face IN ['content', 'activity']
RETURN collect([e.at, e.id, e.actorId, e.face, e.name, e.durationMs, e.scrollDepth]) AS rows
