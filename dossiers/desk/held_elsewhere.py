"""What other systems hold of a dossier, beside what is so here: whoever tells them names here which
rows of its own a dossier has, and what they say. They are read with the dossier's short lists.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet

if TYPE_CHECKING:
    from dossiers.desk.online import Beside
    from dossiers.models import Dossier

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Held:
    """`rows`: those of all dossiers, by `link` the code of each; `of`: on what else they depend, false
    where there are none. `columns` has the id.
    """

    of: Callable[[], Hashable]
    rows: Callable[[], QuerySet[Any]]
    link: str
    columns: tuple[str, ...]
    model: type[Model]
    tell: Callable[[Dossier, Rows], list[Beside]]


held: list[Held] = []


def in_use() -> list[Held]:
    return [one for one in held if one.of()]


def depends_on() -> tuple[Hashable, ...]:
    return tuple(one.of() for one in held)
