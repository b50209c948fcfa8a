// Entries of the audit log in [$from, $at], newest first, strictly before ($at, $id); null filters let everything pass.
MATCH (a:Audit) WHERE a.at >= $from AND a.at <= $at AND (a.at < $at OR a.id < $id)
  AND ($principal IS NULL OR a.principal = $principal)
  AND ($user IS NULL OR $user IN a.subjects OR $key IN a.subjects)
RETURN properties(a) AS entry ORDER BY a.at DESC, a.id DESC LIMIT $limit
