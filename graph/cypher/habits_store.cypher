// Stores figures; of two processes that store for the same moment, the later one's stay.
MERGE (h:Habits {id: $id}) SET h += $p
