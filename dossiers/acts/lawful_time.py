"""What moves promise and verdict by the law of a sector: a lawful extension, and time that does not
count (giám định, niêm yết, xác minh …), each decided and signed by the agency that handles.

What is recorded after the promise has passed heals nothing, unless the approver gives the sector law
that says so; either way the controller is told and has it on a list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dossiers import rules
from dossiers.acts.many import Seen
from dossiers.clock import deadlines, grounds, late_decisions, steps
from dossiers.ledger import writer
from dossiers.models import ClockChange, ClockKind, Dossier
from dossiers.models.decision import ClockDecision
from dossiers.registry import Act, Page, Rows, SlipKind, Told, own_page, register
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import Person, SlipContext
from dossiers.slips.letterheads import office_of, recipients
from dossiers.states import APPROVERS, FROM_OPEN, FROM_WORKING, ClockEffect
from onestop.accounts.calendars import calendar_of
from onestop.errors import DomainError
from onestop.templatetags.formatting import vn_datetime
from onestop.worktime import ChangeError, PauseKind, Term

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from dossiers.clock.grounds import Ground
    from dossiers.ledger.writer import Life
    from dossiers.slips.subjects import Subject
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Officer


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionNotice(SlipContext):
    """What is told to whoever handed it in; no official form, a document of the agency."""

    owner: Person
    content: str
    received_at: datetime
    ground: str
    basis: str
    reason: str
    unit: str
    received_by: str
    extra: str = ""
    agreed: str = ""
    begins: datetime | None = None
    ends: datetime | None = None
    # Until when it was said before that the time does not count.
    said_until: datetime | None = None
    law: str = ""
    promised_at: datetime | None = None
    new_promise_at: datetime | None = None
    result_at: str = ""
    document_number: str = ""
    signer: str = ""
    capacity: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()

    @property
    def moves(self) -> bool:
        return self.new_promise_at != self.promised_at


def _notice(subject: Subject) -> DecisionNotice:
    row: ClockDecision = subject.about
    received_by, signed = office_of(subject.counter), subjects.signed_by(subject)
    return DecisionNotice(
        **subjects.common(subject),
        content=subjects.content_of(subject.file),
        received_at=subject.file.received_at,
        ground=grounds.label_of(row.mode, row.kind),
        basis=row.basis,
        reason=row.reason,
        unit=subject.handler.name,
        received_by=received_by.desk_name,
        extra=row.extra,
        agreed=row.agreed,
        begins=row.begins,
        ends=row.ends,
        said_until=row.begins if row.prolongs_id else None,
        law=row.law,
        promised_at=row.change.due_before,
        new_promise_at=subject.file.due_at,
        result_at=subjects.result_place(subject.file, received_by),
        document_number=row.document,
        signer=signed.name,
        capacity=signed.capacity,
        recipients=recipients(subject.file, subject.by, handler=subject.handler, desk=received_by),
    )


DECISIONS = Rows(
    "decisions",
    (
        "mode",
        "kind",
        "document",
        "basis",
        "reason",
        "extra",
        "agreed",
        "begins",
        "ends",
        "late",
        "law",
        "signer__full_name",
        "at",
        "closed_at",
        "prolongs",
    ),
)


def _lines(told: Told) -> Iterator[str]:
    row = told.row
    if row is None:
        return
    what = grounds.label_of(row["mode"], row["kind"])
    if row["extra"]:
        span = f"Thêm {row['extra']}"
    else:
        begins, ends = vn_datetime(row["begins"]), vn_datetime(row["ends"])
        span = f"{'Kéo dài từ' if row['prolongs'] else 'Từ'} {begins} đến {ends}"
    yield f"{span}: {what}"
    yield f"Căn cứ {row['basis']}; {row['signer_full_name']} ký. {row['reason']}"
    if row["agreed"]:
        yield f"Thỏa thuận với người dân: {row['agreed']}"
    if row["late"]:
        yield (
            f"Ghi sau ngày hẹn trả, vẫn tính theo {row['law']}"
            if row["law"]
            else "Ghi sau ngày hẹn trả: hồ sơ vẫn tính là quá hạn"
        )


def _closed(told: Told) -> Iterator[str]:
    if told.row is not None:
        what = grounds.label_of(told.row["mode"], told.row["kind"])
        yield f"{what}: đến {vn_datetime(told.row['ends'])}"


EXTEND = register(
    Act(
        "extend", "Gia hạn theo pháp luật chuyên ngành", 58, FROM_WORKING, None, APPROVERS, rules.may_approve, ClockEffect.EXTENDS,
        told_by=DECISIONS, lines=_lines, page=Page("calendar", own_page("act_extend"), label="Gia hạn theo luật"),
        slip=SlipKind(
            "gia-han", "Thông báo gia hạn", DecisionNotice, _notice,
            title="THÔNG BÁO GIA HẠN THỜI GIAN GIẢI QUYẾT HỒ SƠ", by_handler=True, size="a4", outgoing="TB",
        ),
    )
)  # fmt: skip
EXCLUDE = register(
    Act(
        "exclude", "Thời gian không tính vào thời hạn", 59, FROM_OPEN, None, APPROVERS, rules.may_approve, ClockEffect.EXTENDS,
        told_by=DECISIONS, lines=_lines, page=Page("pause", own_page("act_exclude"), label="Thời gian không tính"),
        slip=SlipKind(
            "khong-tinh", "Thông báo thời gian không tính", DecisionNotice, _notice,
            title="THÔNG BÁO THỜI GIAN KHÔNG TÍNH VÀO THỜI HẠN GIẢI QUYẾT HỒ SƠ", by_handler=True, size="a4", outgoing="TB",
        ),
    )
)  # fmt: skip
PROLONG = register(
    Act(
        "prolong_exclusion", "Kéo dài thời gian không tính", 59, FROM_OPEN, None, APPROVERS, rules.may_approve,
        ClockEffect.EXTENDS, told_by=DECISIONS, lines=_lines,
    )
)  # fmt: skip
CLOSE = register(
    Act(
        "close_exclusion", "Kết thúc sớm thời gian không tính", 59, FROM_OPEN, None, APPROVERS, rules.may_approve,
        ClockEffect.EXTENDS, told_by=DECISIONS, lines=_closed,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What every one of them says. `law`: the sector law by which it counts though the promise has
    passed.
    """

    kind: str
    basis: str
    reason: str
    signer: Officer | None = None
    document: str = ""
    law: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extending(Decision):
    """`agreed`: the paper by which the applicant agreed to more than the law gives by itself."""

    extra: Term
    agreed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluding(Decision):
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Prolonging(Decision):
    """Its kind is that of what it prolongs."""

    kind: str = ""
    ends: datetime


def extend(seen: Seen, what: Extending, *, by: Desk, at: datetime) -> ClockDecision:
    """The agency extends the term by the law of the sector: promise and verdict move.

    Effects in order: ledger line, row, promise, event, notice; recorded late: the controllers are
    told. Errors: DomainError("ground_unknown", "decision_basis", "reason_missing", "extension_most",
    "extension_again", "nothing_to_move", "decision_undetermined", "decision_beyond_calendar",
    "extra_unit", "signer_not_leader").
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("extend")
        ground = _ground(life, grounds.EXTENSIONS, what)
        _check_most(life.dossier, ground, what)
        line = ClockChange(
            dossier=life.dossier, kind=ClockKind.EXTEND, start=at, extra=str(what.extra)
        )
        own = {"extra": str(what.extra), "agreed": what.agreed.strip()}
        return _decide(life, what, "extend", line, own)


def exclude(
    seen: Seen, what: Excluding, *, by: Desk, at: datetime, press: UUID | None = None
) -> ClockDecision:
    """Time that does not count by the law of a sector, from one instant to another, also in the
    past and while the applicant is waited for: the promise moves by it in the term's own unit, the
    step at hand too, by what it shares with other such times and waits only once.

    Effects and errors as of extend(), DomainError("excluded_reversed", "excluded_before").
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version, press=press) as life:
        life.check("exclude")
        ground = _ground(life, grounds.EXCLUSIONS, what)
        if what.begins < life.dossier.received_at:
            raise DomainError("excluded_before", field="begins_on")
        if what.ends <= what.begins:
            raise DomainError("excluded_reversed", field="ends_on")
        line = _excluded(life, what.begins, what.ends, ground)
        own = {"begins": what.begins, "ends": what.ends}
        return _decide(life, what, "exclude", line, own)


def prolong_exclusion(
    seen: Seen, pk: int, what: Prolonging, *, by: Desk, at: datetime
) -> ClockDecision:
    """Time that does not count takes longer than was said: from its end to the new one, a decision
    of its own with basis, signer and notice; recorded after the promise has passed it heals nothing
    without the sector law ("Exact meanings").

    Effects and errors as of extend(), DomainError("no_exclusion", "prolonged_end").
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("prolong_exclusion")
        row = running(life.dossier).filter(pk=pk).first()
        if row is None or row.ends is None:
            raise DomainError("no_exclusion")
        _check_said(life, what)
        if what.ends <= row.ends:
            raise DomainError("prolonged_end", field="ends_on")
        ground = grounds.find(grounds.EXCLUSIONS, row.kind)
        line = _excluded(life, row.ends, what.ends, ground)
        own = {"begins": row.ends, "ends": what.ends, "prolongs": row}
        what = replace(what, kind=row.kind)
        return _decide(life, what, "prolong_exclusion", line, own)


def _excluded(life: Life, begins: datetime, ends: datetime, ground: Ground | None) -> ClockChange:
    return ClockChange(
        dossier=life.dossier,
        kind=ClockKind.EXCLUDE,
        start=begins,
        end=ends,
        excluded=ground.pause if ground is not None else PauseKind.OTHER,
        known_at=life.at if begins < life.at else None,
    )


def close_exclusion(seen: Seen, pk: int, ended: datetime, *, by: Desk, at: datetime) -> Dossier:
    """Time that does not count ended earlier than was said, also before it was prolonged: the
    promise comes back by the rest, the step at hand too; also while the applicant is waited for.

    Effects: rows and ledger lines, promise, event, a slip with the new date. Errors:
    DomainError("no_exclusion", "closed_outside").
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("close_exclusion")
        dossier, chain = life.dossier, whole(life.dossier, pk)
        if not chain or chain[0].begins is None or chain[-1].ends is None:
            raise DomainError("no_exclusion")
        if not chain[0].begins < ended < chain[-1].ends or ended > at:
            raise DomainError("closed_outside", field="ended_on")
        shortened = [row for row in chain if row.ends is not None and row.ends > ended]
        for row in reversed(shortened):
            assert row.begins is not None
            assert row.ends is not None
            end = max(ended, row.begins)
            steps.comes_back(dossier, row, end, row.ends, life.calendar)
            life.change(row.change, end=end)
            life.change(row, ends=end, closed_at=at)
        dossier.soon_flagged = dossier.late_flagged = False
        life.record("close_exclusion", {"row": shortened[0].pk})
        life.change(shortened[0].change, due_after=dossier.due_at)
        issuing.make("tiep-nhan", life=life)
        return dossier


def running(dossier: Dossier) -> Any:
    """The times that do not count and whose end may still be set anew, oldest first; of one that
    was prolonged the last part.
    """
    rows = ClockDecision.objects.standing().filter(dossier=dossier, mode=ClockKind.EXCLUDE)
    prolonged = rows.filter(prolongs__isnull=False).values("prolongs")
    return rows.filter(closed_at=None).exclude(pk__in=prolonged)


def whole(dossier: Dossier, pk: int) -> list[ClockDecision]:
    """A running time that does not count with what it prolonged, in order; empty where there is
    none.
    """
    if not running(dossier).filter(pk=pk).exists():
        return []
    rows = ClockDecision.objects.standing().filter(dossier=dossier, mode=ClockKind.EXCLUDE)
    known = {row.pk: row for row in rows.select_related("change")}
    chain = [known[pk]]
    while (before := known.get(chain[0].prolongs_id or 0)) is not None:
        chain.insert(0, before)
    return chain


def is_late(dossier: Dossier, at: datetime) -> bool:
    """Whether what is recorded now comes after the promise by law. While the applicant is waited for
    that was asked in time it does not pass.
    """
    if dossier.is_waiting:
        clock = deadlines.clock_of(dossier, calendar_of(dossier.agency_id))
        if clock.waiting and not clock.late_before_wait:
            return False
    return deadlines.is_past_promise(dossier, at)


def _ground(life: Life, among: Sequence[Ground], what: Decision) -> Ground:
    found = grounds.find(tuple(among), what.kind)
    field = life.dossier.field.name
    if found is None or not found.may_be_chosen(timezone.localdate(life.at), field):
        raise DomainError("ground_unknown", field="kind")
    _check_said(life, what)
    return found


def _check_said(life: Life, what: Decision) -> None:
    if not what.basis.strip():
        raise DomainError("decision_basis", field="basis")
    if not what.reason.strip():
        raise DomainError("reason_missing", field="reason")
    if life.dossier.undetermined:
        raise DomainError("decision_undetermined")
    if life.dossier.due_at is None:
        raise DomainError("nothing_to_move")


def _check_most(dossier: Dossier, ground: Ground, what: Extending) -> None:
    """What the law gives by itself, once; more only by agreement with the applicant."""
    if ground.most is None or what.agreed.strip():
        return
    if what.extra.unit is not ground.most.unit or what.extra.quantity > ground.most.quantity:
        raise DomainError("extension_most", field="quantity", most=str(ground.most))
    known = ClockDecision.objects.standing().filter(
        dossier=dossier, mode=ClockKind.EXTEND, kind=ground.code
    )
    if known.exists():
        raise DomainError("extension_again", field="agreed")


def _signer(life: Life, what: Decision) -> Officer:
    assert life.by is not None
    who, dossier = life.by.officer, life.dossier
    if what.signer is None:
        return subjects.usual_signer(dossier, who, life.at)
    if not subjects.signers(dossier, who, life.at).filter(pk=what.signer.pk).exists():
        raise DomainError("signer_not_leader", field="signer")
    return what.signer


def _decide(
    life: Life, what: Decision, name: str, line: ClockChange, own: dict[str, Any]
) -> ClockDecision:
    """Write line and row, let the clock feel them, make the notice."""
    assert life.by is not None
    dossier, at = life.dossier, life.at
    late, law, signer = is_late(dossier, at), what.law.strip(), _signer(life, what)
    line.basis, line.due_before, line.heals = what.basis.strip(), dossier.due_at, late and bool(law)
    row = ClockDecision(
        dossier=dossier,
        mode=line.kind,
        kind=what.kind,
        document=what.document.strip(),
        basis=what.basis.strip(),
        reason=what.reason.strip(),
        late=late,
        law=law if late else "",
        signer=signer,
        decided_by=life.by.officer,
        at=at,
        change=life.add(line),
        **own,
    )
    life.add(row)
    dossier.soon_flagged = dossier.late_flagged = False
    steps.stood_still(dossier, row, life.calendar)
    try:
        life.record(name, {"row": row.pk, "late": late})
    except ChangeError as unfit:
        raise DomainError("extra_unit", field="unit") from unfit
    if dossier.undetermined:
        raise DomainError("decision_beyond_calendar", field="quantity")
    life.change(line, due_after=dossier.due_at)
    issuing.make(
        "gia-han" if name == "extend" else "khong-tinh", life=life, about=row, signer=signer
    )
    life.tell(late_decisions.tell(row, dossier, at=at))
    return row
