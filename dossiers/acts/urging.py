"""Đôn đốc: a leader, head or controller presses whoever has a dossier, with a day for the answer, on one
dossier or on many of a list; whoever has it answers. Passing the dossier on, or its end, solves it: that
is read from the hand-overs, nobody says it (models/urging.py). The clock does not feel any of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from dossiers import rules
from dossiers.acts.many import Seen
from dossiers.clock import deadlines
from dossiers.desk.urged import to_whom
from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.models.urging import Urging
from dossiers.registry import (
    Act,
    OnMany,
    Page,
    Press,
    Rows,
    SlipKind,
    Told,
    own_page,
    register,
)
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import Person, SlipContext
from dossiers.states import FROM_OPEN, HANDLERS, State
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Department, Officer, Role, RoleGrant
from onestop.errors import DomainError
from onestop.outbox.domain import post
from onestop.outbox.models import Message
from onestop.outbox.told import told as told_in
from onestop.results import ALLOWED, Answer, Denied
from onestop.templatetags.formatting import vn_datetime

if TYPE_CHECKING:
    from dossiers.slips.subjects import Subject
    from onestop.accounts.desk import Desk

SLUG = "don-doc"
OVERSEERS = frozenset({Role.HEAD, Role.LEADER, Role.CONTROLLER})


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgingSlip(SlipContext):
    """What the room is asked, numbered by the agency that handles; no official form. `earlier`: the
    urgings before it, a line each.
    """

    owner: Person
    content: str
    received_at: datetime
    promised_at: datetime | None
    state: str
    late: bool
    step: str
    unit: str
    person: str
    round: int
    asked: str
    answer_by: datetime
    urger: str
    earlier: tuple[str, ...] = ()


def _slip(subject: Subject) -> UrgingSlip:
    row: Urging = subject.about
    dossier = subject.file
    earlier = Urging.objects.standing().filter(dossier=dossier, round__lt=row.round)
    return UrgingSlip(
        **subjects.common(subject),
        content=subjects.content_of(dossier),
        received_at=dossier.received_at,
        promised_at=dossier.due_at,
        state=State(dossier.state).label,
        late=dossier.is_late(row.made_at),
        step=dossier.step_name,
        unit=row.department.name,
        person=row.officer.full_name if row.officer else "",
        round=row.round,
        asked=row.asked,
        answer_by=row.answer_by,
        urger=subject.by.full_name,
        earlier=tuple(_earlier(one) for one in earlier.order_by("round")),
    )


def _earlier(row: Urging) -> str:
    said = f"đã trả lời {vn_datetime(row.answered_at)}" if row.answered_at else "chưa trả lời"
    return f"Lần {row.round}, {vn_datetime(row.made_at)}: {said}"


URGINGS = Rows(
    "urgings",
    (
        "round", "asked", "answer_by", "made_at", "made_by__full_name", "officer__full_name", "department__name",
        "answer", "done_by", "answered_at", "answered_by__full_name",
    ),
)  # fmt: skip


def _urged(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        to = to_whom(row["officer_full_name"], row["department_name"])
        yield f"Lần {row['round']}, gửi {to}: {row['asked']}"
        yield f"Trả lời trước {vn_datetime(row['answer_by'])}"


def _answered(told: Told) -> Iterator[str]:
    if (row := told.row) is not None and row["answered_at"] is not None:
        yield row["answer"]
        if row["done_by"] is not None:
            yield f"Hẹn xong trước {vn_datetime(row['done_by'])}"


def lies_with(dossier: Dossier) -> tuple[int | None, int | None]:
    """(room, officer) that have it, or are to accept it."""
    if dossier.pending_department_id is not None:
        return dossier.pending_department_id, dossier.pending_officer_id
    return dossier.holder_department_id, dossier.holder_id


def _may_urge(desk: Desk, dossier: Dossier) -> Answer:
    """Who leads or controls the agency, or one above; the head of the room it lies in. Nobody urges
    himself.
    """
    room, officer = lies_with(dossier)
    if room is None:
        return Denied("urge_nobody")
    if officer == desk.officer.pk:
        return Denied("urge_own")
    leads = desk.has(Role.LEADER, Role.CONTROLLER, agency_id=dossier.agency_id)
    heads = room in desk.department_ids_as(Role.HEAD)
    return ALLOWED if leads or heads or desk.oversees(dossier.agency) else Denied("urge_not_head")


def _may_answer(desk: Desk, dossier: Dossier) -> Answer:
    """Whoever has it, or is to accept it; the head of that room."""
    room, officer = lies_with(dossier)
    if room is not None and room in desk.department_ids_as(Role.HEAD):
        return ALLOWED
    if dossier.pending_department_id is None:
        return rules.may_hold(desk, dossier)
    mine = officer in desk.officer_ids if officer is not None else room in desk.department_ids
    return ALLOWED if mine else Denied("not_holder")


def _one_of_many(seen: Seen, data: Mapping[str, Any], on: Press) -> int:
    """The same words and day for all; each has its number."""
    answer_by = datetime.fromisoformat(data["answer_by"])
    _, slip = _urge(
        seen, asked=data["asked"], answer_by=answer_by, by=on.by, at=on.at, press=on.press
    )
    return slip


URGE = register(
    Act(
        "urge", "Đôn đốc", 63, FROM_OPEN, None, OVERSEERS, _may_urge, told_by=URGINGS, lines=_urged,
        page=Page("bell", own_page("act_urge")),
        slip=SlipKind(SLUG, "Phiếu đôn đốc", UrgingSlip, _slip, title="PHIẾU ĐÔN ĐỐC GIẢI QUYẾT HỒ SƠ", by_handler=True),
        many=OnMany(
            _one_of_many, "dossiers.forms.urging.ManyUrgingsForm", "Đôn đốc", "don-doc",
            frozenset({"phong", "co-quan", "so-lieu"}),
        ),
    )
)  # fmt: skip
ANSWER_URGING = register(
    Act(
        "answer_urging", "Trả lời đôn đốc", 64, FROM_OPEN, None, HANDLERS, _may_answer, told_by=URGINGS,
        lines=_answered, page=Page("edit", own_page("act_answer_urging")),
    )
)  # fmt: skip


def usual_answer_by(agency_id: int, at: datetime) -> datetime | None:
    """So many working hours from now as URGING_ANSWER_HOURS says; None where the year has no calendar."""
    return deadlines.step_due(at, settings.URGING_ANSWER_HOURS * 60, calendar_of(agency_id))


def urge(
    seen: Seen,
    *,
    asked: str,
    answer_by: datetime,
    by: Desk,
    at: datetime,
    press: UUID | None = None,
) -> Urging:
    """Press whoever has the dossier. In: what is asked; until when it is to be answered; `press` when
    it is one of many. Effects in order: the row, event, bell of whoever has it, slip.

    Errors: DomainError("urge_missing", "urge_passed"), those of the act's rule.
    """
    return _urge(seen, asked=asked, answer_by=answer_by, by=by, at=at, press=press)[0]


def _urge(
    seen: Seen, *, asked: str, answer_by: datetime, by: Desk, at: datetime, press: UUID | None
) -> tuple[Urging, int]:
    if not asked.strip():
        raise DomainError("urge_missing", field="asked")
    if answer_by <= at:
        raise DomainError("urge_passed", field="answer_by")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version, press=press) as life:
        life.check("urge")
        dossier = life.dossier
        room, officer = lies_with(dossier)
        assert room is not None  # asked by the act's own rule
        before = Urging.objects.standing().filter(dossier=dossier).count()
        row = life.add(
            Urging(
                dossier=dossier,
                agency_id=dossier.agency_id,
                department=Department.objects.get(pk=room),
                officer=Officer.objects.get(pk=officer) if officer is not None else None,
                round=before + 1,
                asked=asked.strip(),
                answer_by=answer_by,
                made_by=by.officer,
                made_at=at,
            )
        )
        life.record("urge", {"row": row.pk})
        # E-mail too only of one dossier to one person: a press would send hundreds at once.
        mail = press is None and row.officer is not None
        life.tell(_tell_holder(row, dossier, at, mail=mail))
        return row, issuing.make(SLUG, life=life, about=row).pk


def answer(
    seen: Seen, *, text: str, by: Desk, at: datetime, done_by: datetime | None = None
) -> Urging:
    """Answer what is not answered yet, the newest urging and those before it. Effects in order: the
    rows, event, bell of whoever asked.

    Errors: DomainError("answer_missing", "answer_passed", "urge_none"), those of the act's rule.
    """
    if not text.strip():
        raise DomainError("answer_missing", field="text")
    if done_by is not None and done_by <= at:
        raise DomainError("answer_passed", field="done_by")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("answer_urging")
        rows = list(unanswered(life.dossier).select_related("made_by"))
        if not rows:
            raise DomainError("urge_none")
        said = {"answer": text.strip(), "done_by": done_by}
        life.change_all(rows, answered_by=by.officer, answered_at=at, **said)
        life.record("answer_urging", {"row": rows[-1].pk})
        life.tell(_tell_urgers(rows, life.dossier, at))
        return rows[-1]


def unanswered(dossier: Dossier) -> QuerySet[Urging]:
    """Oldest first. One query."""
    rows = Urging.objects.open().filter(dossier=dossier, answered_at=None)
    return rows.order_by("pk")


def _tell_holder(
    row: Urging, dossier: Dossier, at: datetime, *, mail: bool
) -> list[Message | None]:
    """The officer who has it; of what a room has, all of that room."""
    people = [row.officer] if row.officer is not None else _room(row.department_id, at)
    return [
        post(
            **told_in("dossiers/told/urged", row=row, dossier=dossier),
            kind="urged",
            dedupe=f"urged:{row.pk}:{officer.pk}",
            at=at,
            to_officer=officer,
            object_kind="dossier",
            object_id=dossier.pk,
            link=dossier.get_absolute_url(),
            mail=mail,
        )
        for officer in people
    ]


def _room(department_id: int, at: datetime) -> list[Officer]:
    grants = RoleGrant.objects.valid_on(timezone.localdate(at)).filter(
        department=department_id, officer__is_active=True
    )
    found = {one.officer_id: one.officer for one in grants.select_related("officer").order_by("pk")}
    return list(found.values())


def _tell_urgers(rows: list[Urging], dossier: Dossier, at: datetime) -> list[Message | None]:
    """Each of them once, about the newest."""
    newest = {row.made_by_id: row for row in rows}
    return [
        post(
            **told_in("dossiers/told/urging_answered", row=row, dossier=dossier),
            kind="urging_answered",
            dedupe=f"urging_answered:{row.pk}:{dossier.event_seq}",
            at=at,
            to_officer=row.made_by,
            object_kind="dossier",
            object_id=dossier.pk,
            link=dossier.get_absolute_url(),
            mail=False,
        )
        for row in newest.values()
    ]
