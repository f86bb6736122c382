"""The visits that came before a reception: one more guidance needs an approver, and what the dossier
follows is proposed to be counted with it (R-44, R-50).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from dossiers.desk import matters
from dossiers.intake.online import CHANNELS
from dossiers.intake.portal_codes import portal_code
from onestop.texts import whole_number

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from dossiers.identity import Checked
    from dossiers.intake.assessing import Assessment
    from dossiers.models import CounterVisit
    from dossiers.views.intake_drafts import Typed
    from onestop.accounts.models import Agency
    from procedures.models import ProcedureVersion

MOST = 20


class Page(Protocol):
    """What is asked of the page of reception (views/intake_sheet.py)."""

    typed: Typed
    agency: Agency
    version: ProcedureVersion
    now: datetime
    token: UUID

    @property
    def channel(self) -> int: ...
    @property
    def identity(self) -> Checked: ...
    @property
    def assessment(self) -> Assessment: ...
    @property
    def visits(self) -> list[CounterVisit]: ...


class Matter:
    """What the person on the page came for before, in the procedure of the page."""

    def __init__(self, sheet: Page) -> None:
        self._sheet = sheet

    @cached_property
    def earlier(self) -> list[CounterVisit]:
        """Visits that no dossier followed yet. At most one query."""
        sheet = self._sheet
        return matters.earlier_visits(
            name=sheet.typed.get("owner_name") or "",
            identity=sheet.identity.value,
            phone=sheet.assessment.phone.value,
            agency=sheet.agency,
            procedure_id=sheet.version.procedure_id,
            at=sheet.now,
            beside=sheet.token,
        )

    @property
    def was_guided(self) -> bool:
        """Whether this person was told before what to complete, or whoever handed in what the page
        carries on: one more time needs an approver. At most two queries.
        """
        if any(visit.kind == visit.Kind.COMPLETE for visit in self.earlier):
            return True
        sheet = self._sheet
        if sheet.channel not in CHANNELS:
            return False
        code = portal_code(sheet.typed.get("source_code") or "")
        return bool(matters.guided_by_code(code, sheet.agency, at=sheet.now, beside=sheet.token))

    @cached_property
    def proposed(self) -> list[int]:
        """Those that the page shows and that count with the dossier unless the clerk says not. One
        query where there are any.
        """
        same = self._sheet.version.procedure_id
        shown = {row.pk for row in self._sheet.visits if row.version.procedure_id == same}
        if not shown:
            return []
        return [row.pk for row in self.earlier if row.pk in shown and row.dossier_id is None]

    @property
    def proposed_ids(self) -> str:
        """What the page writes down of them: an empty box counts only where it was seen."""
        return " ".join(map(str, self.proposed))

    @property
    def left(self) -> tuple[int, ...]:
        """Those that the sent page showed and the clerk did not choose."""
        typed = self._sheet.typed
        seen = map(whole_number, (typed.get("luot-thay") or "").split()[:MOST])
        return tuple(pk for pk in seen if pk is not None and f"luot-{pk}" not in typed)
