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
    """One such system, or several of one table. `rows`: of all dossiers, `link` their column with what
    a dossier has in `outer`, `columns` what is read of them, the id too. `of`: what the query is built
    of beside the dossier; false where there is nothing to read. `tell`: what the page says; `tell_owner`:
    what its owner is told, in whole sentences and only where it is not as here; None: nothing is read
    for its owner.
    """

    of: Callable[[], Hashable]
    rows: Callable[[], QuerySet[Any]]
    link: str
    columns: tuple[str, ...]
    model: type[Model]
    tell: Callable[[Dossier, Rows], list[Beside]]
    tell_owner: Callable[[Dossier, Rows], list[str]] | None = None
    outer: str = "code"


held: list[Held] = []


def in_use() -> list[Held]:
    return [one for one in held if one.of()]


def depends_on() -> tuple[Hashable, ...]:
    return tuple(one.of() for one in held)
