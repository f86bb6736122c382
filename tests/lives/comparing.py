"""Where two tellings of one life differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.lives import named
from tests.lives.kept import Facts

NOTHING = "nothing"


def differences(was: list[Facts], now: list[Facts]) -> Iterator[str]:
    """Of the first step that is told otherwise than named: every place with what was and what is.
    Later steps follow from it.
    """
    for number, (before, after) in enumerate(zip(was, now, strict=True)):
        if named.parts(was[: number + 1]):
            return
        found = list(_differ("", named.aside(before), named.aside(after)))
        if found:
            done = " → ".join(step["tried"][-1] for step in was[: number + 1] if step["tried"])
            yield f"step {number}: {done}"
            yield from found
            return


def _differ(place: str, was: Any, now: Any) -> Iterator[str]:
    if was == now:
        return
    if isinstance(was, dict) and isinstance(now, dict):
        for key in sorted(was.keys() | now.keys()):
            yield from _differ(f"{place}.{key}", was.get(key, NOTHING), now.get(key, NOTHING))
    elif isinstance(was, list) and isinstance(now, list):
        for n in range(max(len(was), len(now))):
            yield from _differ(f"{place}[{n}]", _at(was, n), _at(now, n))
    else:
        yield f"  {place.lstrip('.')}: was {was!r}, is {now!r}"


def _at(rows: list[Any], n: int) -> Any:
    return rows[n] if n < len(rows) else NOTHING
