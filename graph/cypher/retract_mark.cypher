// Marks an event as taken back; it stays readable by its id.
MATCH (e:Event {id: $id}) SET e.retractedAt = $at, e.retractReason = $reason
