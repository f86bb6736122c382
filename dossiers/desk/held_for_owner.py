"""What other systems hold of a dossier, as its owner is told it: the columns go with the query that reads
the dossier, so that no page asks once more for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dossiers.desk import held_elsewhere
from dossiers.desk.dossier import read_rows, rows_as_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import Subquery

    from dossiers.desk.held_elsewhere import Held
    from dossiers.models import Dossier

    TellOwner = Callable[[Dossier, held_elsewhere.Rows], list[str]]


def columns() -> dict[str, Subquery]:
    """One of each that there is now (held_elsewhere.depends_on), of dossiers."""
    return {
        f"held_{n}": rows_as_json(one.rows(), one.link, *one.columns, outer=one.outer)
        for n, (one, _) in enumerate(_in_use())
    }


def told(dossier: Dossier, values: Iterable[Any]) -> list[str]:
    """Sentences, where something there is not as here; `values`: of those columns, in their order."""
    found = zip(_in_use(), values, strict=True)
    return [
        said for (one, tell), rows in found for said in tell(dossier, read_rows(rows, one.model))
    ]


def _in_use() -> list[tuple[Held, TellOwner]]:
    return [(one, one.tell_owner) for one in held_elsewhere.in_use() if one.tell_owner is not None]
