// When a user was the target of each event: after a sum lost its precision.
MATCH (e:Event) WHERE e.targetUserId = $key AND e.retractedAt IS NULL RETURN e.at AS at
