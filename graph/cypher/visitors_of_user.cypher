// Who visited a profile since $since, latest first; visits are counted over all time.
MATCH (v:User)-[t:TIE]->(:User {id: $id}) WHERE t.visited >= $since
RETURN v.id AS visitor, t.key AS pair, t.visited AS last, t.first >= $since AS whole, t.counts AS counts
ORDER BY last DESC, visitor DESC LIMIT $limit
