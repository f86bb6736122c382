"""Shares as every page and paper of the house says them: two decimals, half up, never whole while
one is missing.
"""

from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")
_ALL = Decimal(100)


def share(part: int, whole: int) -> Decimal | None:
    """Per cent of `part` in `whole`; None where there is nothing to be a part of.

    Never 100 while one is missing and never 0 while one is there: 99,995 is 99,99.
    """
    if whole <= 0:
        return None
    exact = _ALL * part / whole
    found = exact.quantize(_CENT, ROUND_HALF_UP)
    if part < whole and found >= _ALL:
        return _ALL - _CENT
    return _CENT if part > 0 and found <= 0 else found
