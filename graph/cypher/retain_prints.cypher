// The fingerprints and types of events: rows of [id, fingerprint, type].
UNWIND $p.ids AS id MATCH (e:Event {id: id}) WHERE e.face IS NOT NULL RETURN collect([e.id, e.fp, e.type]) AS rows
