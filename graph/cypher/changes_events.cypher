// Whom and what the events of these places in commit order touch; retracted ones, too.
UNWIND range($first, $last) AS seq MATCH (e:Event {seq: seq})
RETURN collect([e.seq, e.id, e.actorId, e.targetUserId, e.contentKey, e.pair]) AS rows
