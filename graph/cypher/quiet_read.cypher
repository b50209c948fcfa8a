// Who said after change number $n that they are (not) to be reckoned with in rankings.
MATCH (q:Quiet) WHERE q.n > $n RETURN q.id AS id, q.quiet AS quiet, q.n AS n
