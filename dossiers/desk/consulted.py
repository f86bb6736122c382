"""What the page of a dossier says of its consultations (lấy ý kiến), who is told of them, and late
ones of a night (R-63).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from dossiers import rules
from dossiers.desk.dossier import JsonList, read_rows
from dossiers.models import Dossier
from dossiers.models.consulting import FOR_AGENCY, Consultation, Said, Stand, whom
from dossiers.reach import DESK_ROLES
from dossiers.states import OPEN
from onestop.accounts.models import DepartmentKind, Officer, Role, RoleGrant
from onestop.outbox.domain import Notice, post_all
from onestop.outbox.told import told
from onestop.results import ALLOWED, Answer

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# Files of the question and of the answer are files of the dossier.
KIND = "dossier"
CHUNK = 200
LATE = "opinion_late"
_TONES = {
    Stand.WAITING: "wait",
    Stand.OVERDUE: "late",
    Stand.SILENT: "late",
    Stand.ANSWERED: "done",
    Stand.LATE: "soon",
    Stand.WITHDRAWN: "quiet",
}


def to_of(row: Mapping[str, Any]) -> str:
    """Whom, from the columns that pages read of it (acts/consulting.py)."""
    is_own = row["asked_agency"] == row["agency"]
    return whom(row["body"], row["asked_agency_name"], row["department_name"], is_own=is_own)


@dataclass(frozen=True, slots=True)
class Consulted:
    """`row`: those columns."""

    row: Mapping[str, Any]
    stand: Stand

    @property
    def to(self) -> str:
        return to_of(self.row)

    @property
    def tone(self) -> str:
        return _TONES[self.stand]

    @property
    def said(self) -> str:
        return Said(self.row["said"]).label if self.row["said"] else ""

    @property
    def is_unanswered(self) -> bool:
        return self.stand in (Stand.WAITING, Stand.OVERDUE, Stand.SILENT)


def consulted_of(rows: Iterable[Mapping[str, Any]], now: datetime) -> list[Consulted]:
    """Those that stand, newest first. `rows` as the page read them, oldest first; no query."""
    return [_consulted(row, now) for row in rows][::-1]


def any_unanswered(rows: Iterable[Mapping[str, Any]]) -> bool:
    return any(row["answered_at"] is None and row["withdrawn_at"] is None for row in rows)


def _consulted(row: Mapping[str, Any], now: datetime) -> Consulted:
    stand = Stand.of(
        answer_by=row["answer_by"],
        answered_at=row["answered_at"],
        silent_at=row["silent_at"],
        withdrawn_at=row["withdrawn_at"],
        at=now,
    )
    return Consulted(row, stand)


def asked_of(dossier: Dossier) -> list[Consultation]:
    """Whom it was asked of, oldest first, those that were withdrawn left out. One query."""
    rows = Consultation.objects.standing().filter(dossier=dossier, withdrawn_at=None)
    return list(rows.select_related("asked_agency", "department").order_by("pk"))


def partners(rows: Iterable[Consultation]) -> str:
    """The bodies that take part, each once, as the control sheet names them."""
    return "; ".join(dict.fromkeys(row.to for row in rows))


def sheet_lines(rows: Sequence[Consultation], now: datetime) -> tuple[str, ...]:
    """What the control sheet notes of each (Đ19.5); relations read along."""
    return tuple(_sheet_line(row, now) for row in rows)


def _sheet_line(row: Consultation, now: datetime) -> str:
    here = timezone.localtime
    words = f"Lấy ý kiến {row.to} {here(row.asked_at):%d/%m/%Y %H:%M}, hạn {here(row.answer_by):%d/%m/%Y}"
    if row.answered_at is None or row.said is None:
        return f"{words}: {row.stand(now).label.lower()}"
    paper = f", văn bản số {row.answer_number}" if row.answer_number else ""
    return f"{words}: trả lời {here(row.answered_at):%d/%m/%Y %H:%M}{paper}, {Said(row.said).label.lower()}"


def own_unanswered(desk: Desk, dossier: Dossier) -> QuerySet[Consultation]:
    """What this officer, or who is stood in for, asked and nobody has answered."""
    rows = Consultation.objects.unanswered()
    return rows.filter(dossier=dossier, asked_by__in=desk.officer_ids)


def may_withdraw(desk: Desk, dossier: Dossier) -> Answer:
    """Who has the dossier; who asked, wherever it lies now. One query for who has it not: pages ask
    only while somebody has not answered.
    """
    held = rules.may_hold(desk, dossier)
    return ALLOWED if held or own_unanswered(desk, dossier).exists() else held


def may_withdraw_row(desk: Desk, dossier: Dossier, row: Consultation) -> Answer:
    """The same of one of them: who has the dossier takes any back, who asked only the own."""
    return ALLOWED if row.asked_by_id in desk.officer_ids else rules.may_hold(desk, dossier)


# --- as a cause of lateness ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LateOpinion:
    """Who did not answer by the day that was named, and when they did or were waited for no more,
    as their silence was written down (None: not yet).
    """

    to: str
    since: datetime
    until: datetime | None


_LATE = (
    "id", "body", "agency", "asked_agency", "asked_agency__name", "department__name", "answer_by", "answered_at",
    "silent_at",
)  # fmt: skip


def late_opinions_json(dossier: str) -> Subquery:
    """Those of the dossier that this column of the outer query names, as a column of it."""
    rows = Consultation.objects.standing().filter(withdrawn_at=None, dossier=OuterRef(dossier))
    rows = rows.filter(Q(answered_at=None) | Q(answered_at__gt=F("answer_by")))
    wanted = {name.replace("__", "_"): name for name in _LATE}
    found = rows.order_by().values("dossier").annotate(found=JsonList(JSONObject(**wanted)))
    return Subquery(found.values("found"), output_field=JSONField())


def late_opinions(value: Any, at: datetime) -> list[LateOpinion]:
    """What that column says, as it stood at an instant."""
    rows = read_rows(value, Consultation)
    return [
        LateOpinion(to_of(row), row["answer_by"], row["silent_at"] or row["answered_at"])
        for row in rows
        if row["answer_by"] < at
    ]


# --- who is told -----------------------------------------------------------------------------------


def people(row: Consultation, at: datetime) -> list[Officer]:
    """All who work in an asked room; who answers for an agency; nobody of a body outside of the system."""
    if row.asked_agency is None:
        return []
    on = timezone.localdate(at)
    if row.department_id is not None:
        return _holding(Q(department=row.department_id, role__in=DESK_ROLES), on)
    return _holding(Q(agency=row.asked_agency.in_charge(on), role__in=FOR_AGENCY), on)


def heads_of_counter(dossier: Dossier, at: datetime) -> list[Officer]:
    """The head of the Bộ phận Một cửa that received it; where it has none, who leads that agency."""
    on = timezone.localdate(at)
    agency = dossier.received_by_agency.in_charge(on)
    heads = Q(agency=agency, role=Role.HEAD, department__kind=DepartmentKind.ONE_STOP)
    return _holding(heads, on) or _holding(Q(agency=agency, role=Role.LEADER), on)


def _holding(which: Q, on: Any) -> list[Officer]:
    grants = RoleGrant.objects.valid_on(on).filter(which, officer__is_active=True)
    rows = grants.select_related("officer").order_by("pk")
    return list({one.officer_id: one.officer for one in rows}.values())


def notice(row: Consultation, officer: Officer, event: str, at: datetime) -> Notice:
    """A bell about it. Whoever was asked is led to its own page, others to the dossier."""
    is_asked = event in ("opinion_asked", "opinion_withdrawn")
    dossier = row.dossier
    about = ("consultation", row.pk) if is_asked else ("dossier", row.dossier_id)
    return Notice(
        **told(f"dossiers/told/{event}", row=row, dossier=dossier),
        kind=event,
        # With its instant: what was taken back and done again is told again.
        dedupe=f"{event}:{row.pk}:{officer.pk}:{'' if event == LATE else at}",
        at=at,
        to_officer=officer,
        to_email="",
        object_kind=about[0],
        object_id=about[1],
        link=reverse("consultation", args=[row.pk]) if is_asked else dossier.get_absolute_url(),
        mail=False,
    )


def tell_late(now: datetime) -> int:
    """Tell the head of the Bộ phận Một cửa, whoever asked and whoever has it of what was not answered in time, once
    each (R-63); of how many. Run each morning, safe at any time: the cost follows what waits.
    """
    done = last = 0
    while rows := list(_late(now).filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = rows[-1].pk
        rung = post_all(
            notice(row, officer, LATE, now)
            for row in rows
            for officer in _once(_concerned(row, now))
        )
        done += len({bell.object_id for bell in rung})
    return done


def _late(now: datetime) -> Any:
    rows = Consultation.objects.unanswered().filter(
        answer_by__lt=now,
        dossier__ended_at=None,
        dossier__state__in=sorted(state.value for state in OPEN),
    )
    return rows.select_related(
        "dossier__received_by_agency", "dossier__holder", "asked_by", "asked_agency", "department"
    )


def _concerned(row: Consultation, now: datetime) -> list[Officer]:
    holder = row.dossier.holder
    return [row.asked_by, *([holder] if holder else []), *heads_of_counter(row.dossier, now)]


def _once(officers: Iterable[Officer]) -> list[Officer]:
    return list({one.pk: one for one in officers if one.is_active}.values())
