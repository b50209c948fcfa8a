"""What the figures on known logs are held against: where anybody starts, what must be reached, what is wished for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aim:
    """``figures``: their names. The others in the same order; None: nothing is asked."""

    figures: tuple[str, ...]
    floor: tuple[float | None, ...]
    aim: tuple[float | None, ...]


RANKED = ("MRR", "Hits@10", "AUC")
AIMS = {
    ("collegemsg", "affinity"): Aim(RANKED, (0.670, 0.785, None), (0.683, 0.79, None)),
    ("mathoverflow", "affinity"): Aim(RANKED, (0.400, 0.55, None), (0.43, 0.57, None)),
    ("deskdrop", "content"): Aim(RANKED, (0.50, 0.77, None), (0.535, 0.80, None)),
    ("mathoverflow", "who to follow"): Aim(RANKED, (0.026, 0.058, 0.90), (0.04, 0.08, 0.92)),
    ("deskdrop", "trending"): Aim(("P@10", "NDCG@50"), (0.48, 0.66), (0.50, 0.69)),
    ("collegemsg", "edges"): Aim(("AP per instant", "AP per batch"), (96.0, 92.5), (97.0, 94.5)),
}
"""By the log's name and the task."""
