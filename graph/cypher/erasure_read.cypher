// One erasure, by its id.
MATCH (x:Erasure {id: $id}) RETURN properties(x) AS erasure
