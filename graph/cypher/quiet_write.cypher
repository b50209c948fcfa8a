// Notes whether somebody is reckoned with in rankings ($quiet: not), as change number $n. Runs after the lock is taken.
MERGE (q:Quiet {id: $id}) SET q.quiet = $quiet, q.n = $n
