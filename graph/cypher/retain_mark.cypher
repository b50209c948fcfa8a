// Notes what a whole run of retention covered.
MATCH (s:Schema {id: 'schema'}) SET s.retainedTo = $to, s.retainedSeq = $seq, s.retainedBy = $table
