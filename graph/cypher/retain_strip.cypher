// Takes from events what no figure is made of ($p.gone: null each, and the time), and says how many of each type; those that have expired stay as they are.
UNWIND $p.ids AS id MATCH (e:Event {id: id}) WHERE e.expiredAt IS NULL SET e += $p.gone RETURN e.type AS type, count(*) AS n
