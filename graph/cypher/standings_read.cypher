// What is declared about people, by their keys; those about whom nothing is declared are left out.
UNWIND $p.keys AS key MATCH (s:Standing {key: key}) RETURN properties(s) AS standing
