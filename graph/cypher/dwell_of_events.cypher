// As dwell_of_content, from the events of [$from, $until).
MATCH (e:Event) WHERE e.contentKey = $key AND e.at >= $from AND e.at < $until AND e.retractedAt IS NULL AND e.face IN ['content', 'activity']
RETURN sum(e.durationMs) AS ms, count(e.durationMs) AS n
