// Writes again the contents and users whose lists or sums were folded anew.
UNWIND $contents AS r MATCH (c:Content {key: r.key}) SET c += r RETURN count(*) AS n
UNION ALL
UNWIND $users AS r MATCH (u:User {id: r.id}) SET u += r RETURN count(*) AS n
