// Takes somebody off the list of the quiet, with the id. Runs after the lock is taken.
MATCH (q:Quiet {id: $id}) DELETE q
