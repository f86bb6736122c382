"""What the owner on the page of reception has in the store of results, and what the clerk takes of it
for a component of the dossier (R-15).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from django.utils import timezone

from dossiers.desk import store
from dossiers.forms.intake_papers import NOTHING, PaperRow
from dossiers.intake.assessing import published
from dossiers.models.dossier import IdentityKind
from dossiers.views.intake_drafts import number_in
from onestop.texts import whole_number

if TYPE_CHECKING:
    from datetime import datetime

    from dossiers.desk.store import Stored
    from dossiers.identity import Checked
    from dossiers.views.intake_drafts import Typed
    from procedures.models import Case, Paper

# Name of a question: result; its answer: the component it is taken for.
TAKEN = "kho-"


class Page(Protocol):
    """What is asked of the page of reception (views/intake_sheet.py)."""

    typed: Typed

    @property
    def identity(self) -> Checked: ...
    @property
    def case(self) -> Case | None: ...
    @property
    def received_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Offer:
    """A paper of the owner; `fits`: the component that it is by its name, if one is; `chosen`: the one
    that it is taken for, 0 for none.
    """

    stored: Stored
    fits: Paper | None
    chosen: int

    @property
    def name(self) -> str:
        return f"{TAKEN}{self.stored.pk}"


class Shelf:
    def __init__(self, page: Page) -> None:
        self._page = page

    @cached_property
    def papers(self) -> list[Paper]:
        """The components that something may be taken for."""
        case = self._page.case
        return list(published(case)) if case is not None else []

    @cached_property
    def _asked(self) -> dict[int, int]:
        """Which result is to be taken for which component, as the page says."""
        found = {}
        for name in self._page.typed:
            result = whole_number(name.removeprefix(TAKEN)) if name.startswith(TAKEN) else None
            paper = whole_number(self._page.typed.get(name) or "") if result else None
            if result and paper:
                found[result] = paper
        return found

    @cached_property
    def offers(self) -> list[Offer]:
        """One query where a number names somebody and the case has components; else none."""
        if not self.papers:
            return []
        kind = number_in(self._page.typed, "identity_kind", IdentityKind.values)
        kind = kind or IdentityKind.CITIZEN_CARD
        on = timezone.localdate(self._page.received_at)
        found = store.in_force(kind, self._page.identity.value, on)
        return [
            Offer(
                one,
                next((paper for paper in self.papers if one.fits(paper.name)), None),
                self._asked.get(one.pk, 0),
            )
            for one in found
        ]

    @property
    def elsewhere(self) -> str:
        """Where else the owner can be asked for, once there is a number."""
        if not self._page.identity.value:
            return ""
        return next(filter(None, (address() for address in store.elsewhere)), "")

    @cached_property
    def chosen(self) -> dict[int, Stored]:
        """What is taken, by component. No query where the page takes nothing."""
        if not self._asked:
            return {}
        known = {paper.pk for paper in self.papers}
        return {one.chosen: one.stored for one in self.offers if one.chosen in known}

    @property
    def is_gone(self) -> bool:
        """Whether the page takes what is not there (any more), two papers for one component, or shows
        a component as taken which nothing is taken for.
        """
        shown = {paper.pk for paper in self.papers if self._is_shown_taken(paper)}
        return len(self.chosen) < len(self._asked) or not shown <= self.chosen.keys()

    @property
    def shows_taken(self) -> bool:
        """Whether the page shows any component as taken."""
        return any(map(self._is_shown_taken, self.papers))

    def applied(self, rows: Sequence[PaperRow]) -> list[PaperRow]:
        """The checklist with what is taken: nothing of it is handed in. What is no longer taken is
        asked for again.
        """
        return [self._applied(row) for row in rows]

    def _applied(self, row: PaperRow) -> PaperRow:
        stored = self.chosen.get(row.paper.pk)
        if stored is not None:
            return replace(
                row, typed=NOTHING, from_database=True, stored=stored.pk, error="", is_shown=True
            )
        if self._is_shown_taken(row.paper):
            asked = row.proposed if row.is_shown else NOTHING
            return replace(row, typed=asked, from_database=False)
        return row

    def _is_shown_taken(self, paper: Paper) -> bool:
        return f"g{paper.pk}-kho" in self._page.typed
