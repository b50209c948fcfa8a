"""How well ranking predicts what people do next: a temporal hold-out over a log, with baselines beside it.

Nothing here serves requests. Numbers that are ranked come from the functions that serve, over the state that is kept.
"""
