// Puts back what is left of events that retention took out altogether: their ids stay taken.
UNWIND $p.rows AS r CREATE (e:Event {id: r.id, fp: r.fp, expiredAt: r.expiredAt})
