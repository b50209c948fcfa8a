// Marks an event as taken back; it stays readable by its id. Of one that has expired nothing is kept that would have to expire.
MATCH (e:Event {id: $id}) SET e.retractedAt = $at, e.retractReason = CASE WHEN e.expiredAt IS NULL THEN $reason END
