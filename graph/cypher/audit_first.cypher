// When the oldest entry of the audit log before $until was made; null without one.
MATCH (a:Audit) WHERE a.at >= 0 AND a.at < $until RETURN min(a.at) AS at
