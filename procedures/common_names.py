"""How people who are no officers look for a procedure: by what happened to them, and by the names
that everybody uses ("sổ đỏ"). Data in data/common-names.json; nothing here asks the database.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from onestop.folding import tokens

PATH = settings.BASE_DIR / "data" / "common-names.json"
# Readings of one search: the words themselves and what common names in them mean.
MOST_READINGS = 4


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """What happens in somebody's life, with the procedures that it needs: by code first, then all of
    whole fields.
    """

    slug: str
    name: str
    hint: str
    codes: tuple[str, ...]
    fields: tuple[str, ...]


@cache
def events() -> tuple[LifeEvent, ...]:
    """In the order in which the page names them."""
    return tuple(
        LifeEvent(row["slug"], row["name"], row["hint"], tuple(row["codes"]), tuple(row["fields"]))
        for row in _data()["events"]
    )


def event(slug: str) -> LifeEvent | None:
    return next((one for one in events() if one.slug == slug), None)


@cache
def names() -> tuple[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], ...]:
    """Folded words of a common name, with those of what it means; the longest name first."""
    pairs = [
        (tuple(tokens(says)), tuple(tuple(tokens(means)) for means in row["means"]))
        for row in _data()["names"]
        for says in row["says"]
    ]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))


def readings(words: Sequence[str]) -> list[list[str]]:
    """What the words of a search may mean, they themselves first: "giay khai sinh" also "khai sinh"."""
    found = [list(words)]
    for says, meanings in names():
        place = _place(says, words)
        if place is not None:
            before, after = words[:place], words[place + len(says) :]
            found += [[*before, *means, *after] for means in meanings]
            break
    return [one for n, one in enumerate(found) if one not in found[:n]][:MOST_READINGS]


def _place(part: Sequence[str], words: Sequence[str]) -> int | None:
    """Where the words hold these, side by side."""
    size = len(part)
    return next(
        (n for n in range(len(words) - size + 1) if tuple(words[n : n + size]) == tuple(part)), None
    )


@cache
def _data() -> dict[str, list[dict[str, Any]]]:
    read: dict[str, list[dict[str, Any]]] = json.loads(PATH.read_text("utf-8"))
    return read
