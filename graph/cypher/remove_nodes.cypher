// Deletes users and contents that nothing is left of; registered contents lose what was derived about them ($p.blank: null each).
UNWIND $p.users AS id MATCH (u:User {id: id}) DETACH DELETE u RETURN count(*) AS n
UNION ALL
UNWIND $p.contents AS key MATCH (c:Content {key: key}) DETACH DELETE c RETURN count(*) AS n
UNION ALL
UNWIND $p.registered AS key MATCH (c:Content {key: key}) SET c += $p.blank RETURN count(*) AS n
