// Sets properties of an erasure, null removes; makes the node where there is none. Runs after the lock is taken.
MERGE (x:Erasure {id: $id}) SET x += $p
