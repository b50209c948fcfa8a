// Deletes a user's node, where anything is left of it, and the names in the notes about latest changes: an empty one stands for all.
MATCH (u:User {id: $id}) DETACH DELETE u RETURN count(*) AS n
UNION ALL
MATCH (s:Sequence {id: 'event'}) WHERE s.marked IS NOT NULL SET s.marked = [note IN s.marked | ''] RETURN count(*) AS n
