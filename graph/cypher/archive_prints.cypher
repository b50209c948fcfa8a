// The fingerprints of those of these ids that are taken.
UNWIND $p.ids AS id MATCH (e:Event {id: id}) RETURN e.id AS id, e.fp AS fp
