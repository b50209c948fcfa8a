// Leaves of events what retention left of them ($p.gone: null each), with the fingerprints of all they were.
UNWIND $p.rows AS r MATCH (e:Event {id: r.id}) SET e += $p.gone, e.fp = r.fp, e.expiredAt = r.expiredAt
