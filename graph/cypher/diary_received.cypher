// Messages and steps of connections towards a user in [$from, $until), one row each (those of signals.behaviour.Received), in no order.
MATCH (e:Event) WHERE e.targetUserId = $user AND e.at >= $from AND e.at < $until AND e.retractedAt IS NULL
  AND (e.name = 'MESSAGE_SENT' OR e.connection IS NOT NULL)
RETURN collect([e.at, e.id, e.actorId, e.name, e.contentKey]) AS rows
