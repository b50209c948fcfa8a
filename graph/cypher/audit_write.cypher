// Adds entries to the audit log; one whose id is there stays as it is.
UNWIND $p.entries AS entry MERGE (a:Audit {id: entry.id}) ON CREATE SET a += entry
