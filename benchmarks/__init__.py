"""Where the README's figures come from: ``make bench`` prints them and keeps them in ``benchmarks/results``."""
