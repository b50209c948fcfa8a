// Who is behind this content's figures? The latest people, drawn
// :param content => 'POST:42'
MATCH path = (c:Content {key: $content})<-[r:INTERACTED]-(:User)
RETURN path
ORDER BY r.last DESC LIMIT 100
