"""What callers send: events, and the filters of reads."""
