// What the latest transaction marked a user with that wrote to them: at most one row.
MATCH (u:User {id: $id}) RETURN u.changed AS changed
