"""Re-appointment: an apology with a further term, once (form 04)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from dossiers import rules
from dossiers.acts.handovers import Seen
from dossiers.clock import deadlines
from dossiers.ledger import writer
from dossiers.models import ClockChange, ClockKind
from dossiers.registry import Act, Page, Rows, SlipKind, Told, own_page, register
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import Apology
from dossiers.states import APPROVERS, FROM_WORKING, ClockEffect
from onestop.accounts.desk import Desk
from onestop.accounts.models import Officer
from onestop.errors import DomainError
from onestop.worktime import Calendar, ChangeError, Term


def _re_appointed(told: Told) -> Iterator[str]:
    if told.row is not None:
        yield f"Thêm {told.row['extra']}"
    if told.data.get("late_apology"):
        yield "Xin lỗi sau khi đã quá hạn"


CHANGES = Rows("changes", ("kind", "start", "end", "extra", "due_before", "due_after"))
RE_APPOINT = register(
    Act(
        "re_appoint", "Xin lỗi và hẹn lại ngày trả", 60, FROM_WORKING, None, APPROVERS, rules.may_approve, ClockEffect.MOVES,
        told_by=CHANGES, lines=_re_appointed, page=Page("calendar", own_page("act_reappoint"), label="Xin lỗi và hẹn lại"),
        slip=SlipKind("xin-loi", "Văn bản xin lỗi và hẹn lại ngày trả", Apology, subjects.apology, by_handler=True, outgoing="CV"),
    )
)  # fmt: skip


def re_appoint(
    seen: Seen, *, extra: Term, reason: str, by: Desk, at: datetime, signer: Officer | None = None
) -> ClockChange:
    """Apologise and give a further term, once (R-51…R-56): what queues and citizens see moves, the
    verdict keeps the promise before.

    In: the further term, counted from the present promise, or from now when that has passed; no
    date is typed in. `signer` of the apology: a leader of the agency, by default the one who acts,
    else the first of them. Effects: ledger line, promise, event, form 04. Errors:
    DomainError("already_reappointed", "reason_missing", "no_promise", "extra_unit",
    "signer_not_leader"), those of check_further().
    """
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("re_appoint")
        dossier = life.dossier
        before = dossier.due_at
        if before is None:
            raise DomainError("promise_undetermined" if dossier.undetermined else "no_promise")
        if (
            ClockChange.objects.standing()
            .filter(dossier=dossier, kind=ClockKind.REAPPOINT)
            .exists()
        ):
            raise DomainError("already_reappointed")
        subjects.check_signer(signer, dossier, by.officer, at)
        was_late = dossier.is_late(at)
        row = life.add(
            ClockChange(
                dossier=dossier,
                kind=ClockKind.REAPPOINT,
                start=at,
                extra=str(extra),
                basis=reason.strip(),
                due_before=dossier.due_at,
            )
        )
        dossier.soon_flagged = dossier.late_flagged = False
        try:
            life.record(
                "re_appoint",
                {"row": row.pk, "late_apology": was_late, "signer": signer.pk if signer else None},
            )
        except ChangeError as unfit:
            raise DomainError("extra_unit", field="unit") from unfit
        check_further(max(before, at), dossier.due_at, life.calendar)
        life.change(row, due_after=dossier.due_at)
        issuing.make("xin-loi", life=life, about=row, signer=signer, was_late=was_late)
        return row


def check_further(since: datetime, until: datetime | None, calendar: Calendar) -> None:
    """Whether a re-appointment may go so far: an apology names a day, within known years and within
    reason.

    In: the promise before (now, when that has passed), the one it would give. Errors:
    DomainError("reappointed_beyond_calendar", "reappointed_too_far").
    """
    if until is None:
        raise DomainError("reappointed_beyond_calendar", field="quantity")
    most = settings.REAPPOINTMENT_WORKING_DAYS
    if deadlines.working_days_over(since, most, until, calendar):
        raise DomainError("reappointed_too_far", field="quantity", most=most)
