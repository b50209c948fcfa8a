// Who is close to whom? The busiest ties between people, drawn
MATCH path = (:User)-[t:TIE]->(:User)
RETURN path
ORDER BY t.n DESC LIMIT 100
