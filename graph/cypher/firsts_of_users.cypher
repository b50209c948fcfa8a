// When these users did anything for the first time: [id, time], those who never did left out.
UNWIND $p.ids AS id MATCH (u:User {id: id}) WHERE u.first IS NOT NULL
RETURN collect([u.id, u.first]) AS rows
