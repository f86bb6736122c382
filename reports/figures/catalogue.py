"""How many procedures are published, received at the one-stop desks and have an internal process,
by level (II.07b). A procedure of two levels counts at each; the count without repeats is told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from procedures.models import InternalProcess, ProcedureVersion, Status

_LEVELS = {"province": "cấp tỉnh", "district": "cấp huyện", "commune": "cấp xã"}


def count(on: date) -> tuple[dict[str, int], int]:
    """The measures by name, as of a day; and how many procedures there are. Two statements."""
    versions = list(
        ProcedureVersion.objects.in_force(on).values_list("procedure_id", "levels", "status")
    )
    processes = InternalProcess.objects.filter(replaced=False, is_default=False)
    parts = {
        "procedures": _by_level({(pk, levels) for pk, levels, _ in versions}),
        "one_stop": _by_level({(pk, at) for pk, at, status in versions if status == Status.READY}),
        "processes": _by_level(processes.values_list("pk", "level")),
    }
    found = {
        name if level == "all" else f"{name}_{level}": number
        for name, by_level in parts.items()
        for level, number in by_level.items()
    }
    return found, len({pk for pk, _, _ in versions})


def _by_level(rows: Iterable[tuple[int, str]]) -> dict[str, int]:
    found = dict.fromkeys(_LEVELS, 0)
    for _, words in rows:
        for level in _levels_of(words):
            found[level] += 1
    return {"all": sum(found.values())} | found


def _levels_of(words: str) -> Iterator[str]:
    """The levels that a record names; one that names none is of the communes' catalogue."""
    named = [level for level, word in _LEVELS.items() if word in words.lower()]
    yield from named or ([] if words else ["commune"])
