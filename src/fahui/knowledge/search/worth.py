"""What a term is worth where it stands. Pure."""

from __future__ import annotations

import numpy as np

Posting = tuple[np.ndarray, np.ndarray]
"""The units that hold a term, ascending, and its worth in each."""


def rarity(units: int, holders: int) -> float:
    """How much a term tells that so many of the units hold (its inverse document frequency)."""
    return float(np.log(1 + (units - holders + 0.5) / (holders + 0.5)))
