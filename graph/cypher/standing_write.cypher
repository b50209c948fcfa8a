// Sets properties of one person's standing, null removes; makes the node where there is none. Runs after the lock is taken.
MERGE (s:Standing {key: $key}) SET s += $p
