// Gives entries of the audit log other subjects.
UNWIND $p.entries AS entry MATCH (a:Audit {id: entry.id}) SET a.subjects = entry.subjects
