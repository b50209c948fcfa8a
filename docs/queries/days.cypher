// How busy were the last 30 days that anything happened on?
MATCH (d:Rollup) WHERE d.subject = 'g'
RETURN date(datetime({epochMillis: d.at})) AS day, d.n AS events
ORDER BY d.at DESC LIMIT 30
