"""Times of the same work done again and again."""

import statistics
from collections.abc import Sequence


def undisturbed(times: Sequence[float]) -> float:
    """The mean of the quicker half, as in tools/benchmark/table.py (which runs without the product)."""
    return statistics.fmean(sorted(times)[: max(len(times) // 2, 1)])
