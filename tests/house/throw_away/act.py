"""Looking at a dossier again (its declaration) and the verb."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dossiers import rules
from dossiers.acts import waits
from dossiers.acts.many import Seen
from dossiers.ledger import writer
from dossiers.models import ClockKind
from dossiers.registry import Act, Asks, Page, Rows, SlipKind, own_page
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import Person, SlipContext
from dossiers.slips.subjects import Subject
from dossiers.states import FROM_WORKING, HANDLERS, ClockEffect, State
from onestop.accounts.desk import Desk
from onestop.worktime import PauseKind
from tests.house.throw_away.models import Look

LOOKS = Rows("looks", ("reason", "asked_at", "clear_at"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LookSlip(SlipContext):
    owner: Person
    reason: str


def _slip(subject: Subject) -> LookSlip:
    return LookSlip(**subjects.common(subject), reason=subject.about.reason)


LOOK_AT = Act(
    "look_at", "Xem xét lại", 49, FROM_WORKING, State.AWAITING_PAPERS, HANDLERS, rules.may_work,
    ClockEffect.PAUSES, told_by=LOOKS, lines=lambda told: [f"Vì: {told.row['reason']}"] if told.row else [],
    page=Page("info", own_page("act_look_at")),
    slip=SlipKind("xem-xet", "Phiếu xem xét", LookSlip, _slip, title="PHIẾU XEM XÉT LẠI"),
    asks=Asks(LOOKS, "asked_at", "clear_at", ("reason",), "Hồ sơ đang được xem xét lại.", "xem-xet", PauseKind.OTHER),
)  # fmt: skip


def look_at(seen: Seen, reason: str, *, by: Desk, at: datetime) -> Look:
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("look_at")
        row = life.add(Look(dossier=life.dossier, reason=reason, asked_at=at))
        waits.begin(life, ClockKind.EXCLUDE, basis="Luật", excluded=PauseKind.OTHER)
        life.dossier.step_name = "Xem xét"
        life.record("look_at", {"row": row.pk})
        issuing.make("xem-xet", life=life, about=row)
        return row
