// Entries of the audit log in [$from, $until) that name a person.
MATCH (a:Audit) WHERE a.at >= $from AND a.at < $until AND $user IN a.subjects
RETURN a.id AS id, a.subjects AS subjects
