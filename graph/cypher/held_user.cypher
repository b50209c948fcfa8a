// A user's node.
MATCH (u:User {id: $id}) RETURN properties(u) AS node
