"""What became of one press on many dossiers, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from dossiers import registry
from dossiers.models import Dossier
from dossiers.models.pressing import PressLine, PressRun

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Officer

Outcome = PressLine.State


@dataclass(frozen=True, slots=True)
class Line:
    """One dossier of the press; `version` as it stands now; without code and version where the
    officer may not open it any more.
    """

    pk: int
    code: str
    version: int
    state: PressLine.State
    why: str

    @property
    def words(self) -> str:
        return self.state.label


@dataclass(frozen=True, slots=True)
class Result:
    lines: list[Line]

    def of(self, state: PressLine.State) -> list[Line]:
        return [line for line in self.lines if line.state == state]

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def refused(self) -> list[Line]:
        return self.of(Outcome.REFUSED)

    @property
    def done(self) -> list[Line]:
        return self.of(Outcome.DONE)

    @property
    def undone(self) -> list[Line]:
        return self.of(Outcome.UNDONE)

    @property
    def passed(self) -> int:
        """How many were gone through."""
        return len(self.lines) - len(self.of(Outcome.WAITING))

    @property
    def retried(self) -> list[Line]:
        """What may be tried again from its page."""
        return [line for line in self.refused if line.code]


# How far back an officer's own presses are listed, and how many of them.
DAYS, SHOWN = 14, 100


@dataclass(frozen=True, slots=True)
class Pressed:
    """One own press: what it did to how many, what is still to do."""

    run: PressRun
    word: str
    total: int
    done: int
    refused: int
    undone: int


def own_presses(officer: Officer, now: datetime) -> list[Pressed]:
    """The presses of the last days, newest first, up to one more than is shown. One query."""
    runs = PressRun.objects.filter(by=officer, at__gte=now - timedelta(days=DAYS))
    wanted = {"done": Outcome.DONE, "refused": Outcome.REFUSED, "undone": Outcome.UNDONE}
    counts = {name: Count("lines", filter=Q(lines__state=state)) for name, state in wanted.items()}
    found = runs.annotate(total=Count("lines"), **counts).order_by("-at", "-pk")
    columns = ("total", *counts)
    return [
        Pressed(run, _word(run.act), *(getattr(run, name) for name in columns))
        for run in found[: SHOWN + 1]
    ]


def _word(name: str) -> str:
    act = registry.find(name)
    return act.many.button if act is not None and act.many is not None else registry.label_of(name)


def result_of(run: PressRun, desk: Desk) -> Result:
    """One query for its lines, one for what of them may be opened."""
    rows = list(run.lines.order_by("pk").values_list("dossier_id", "state", "why"))
    mine = Dossier.objects.visible_to(desk).filter(pk__in=[pk for pk, _, _ in rows])
    known = {
        pk: (code, version) for pk, code, version in mine.values_list("pk", "code", "row_version")
    }
    return Result(
        [Line(pk, *known.get(pk, ("", 0)), Outcome(state), why) for pk, state, why in rows]
    )
