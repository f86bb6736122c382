"""One matter: the same person and procedure at one counter. What is to be completed is said once
and completely; visits that ended without a dossier and the dossier that follows them count together
(R-44, R-50).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from dossiers.desk.intake import VISIT_DAYS
from dossiers.identity import normal_phone, numbers_like
from dossiers.intake.online import CHANNELS
from dossiers.models import CounterVisit, Dossier
from dossiers.states import State
from onestop.accounts.models import Agency, Officer, Role, RoleGrant
from onestop.accounts.succession import taken_over
from onestop.folding import fold


def earlier_visits(
    *,
    name: str,
    identity: str,
    phone: str,
    agency: Agency,
    procedure_id: int,
    at: datetime,
    beside: UUID | None = None,
) -> list[CounterVisit]:
    """Visits of the same person for the same procedure that no dossier has followed yet (one that
    was received by mistake follows nothing), oldest first, at this agency or one that it took over; at
    most one query.

    The same person: the same identity number; or the same name and telephone, where the two numbers
    do not tell them apart. In: `beside` the page that asks, whose own visit is not an earlier one.
    """
    numbers, telephone = numbers_like(identity), normal_phone(phone)
    known = Q(identity_number__in=numbers) if numbers else Q(pk=None)
    if telephone:
        known |= Q(phone=telephone)
    elif not numbers:
        return []
    rows = CounterVisit.objects.filter(
        known,
        Q(dossier=None) | Q(dossier__state=State.VOIDED),
        agency__in=[agency.pk, *taken_over(agency, timezone.localdate(at))],
        version__procedure=procedure_id,
        at__gte=at - timedelta(days=VISIT_DAYS),
        at__lte=at,
    )
    rows = issued(rows).exclude(token=beside) if beside is not None else issued(rows)
    return [
        row
        for row in rows.order_by("at", "pk")
        if row.identity_number in numbers or _is_namesake(row, name, numbers)
    ]


def guided_by_code(
    code: str, agency: Agency, *, at: datetime, beside: UUID | None = None
) -> list[CounterVisit]:
    """What was asked for before, of what was handed in again on a portal under the same code (R-44),
    whatever is said of the person now. One query, none without a code.
    """
    if not code:
        return []
    rows = CounterVisit.objects.filter(
        source_code=code,
        agency__in=[agency.pk, *taken_over(agency, timezone.localdate(at))],
        kind=CounterVisit.Kind.COMPLETE,
        at__lte=at,
    ).exclude(source_code="")
    rows = rows.exclude(token=beside) if beside is not None else rows
    return list(issued(rows).order_by("at", "pk"))


def guided_before(
    *,
    name: str,
    identity: str,
    phone: str,
    agency: Agency,
    procedure_id: int,
    at: datetime,
    code: str = "",
    beside: UUID | None = None,
) -> list[CounterVisit]:
    """What was asked for before in one matter, by the person or by the portal's code, oldest first. At
    most two queries. In: as earlier_visits has it.
    """
    earlier = earlier_visits(
        name=name, identity=identity, phone=phone, agency=agency, procedure_id=procedure_id,
        at=at, beside=beside,
    )  # fmt: skip
    asked = [row for row in earlier if row.kind == CounterVisit.Kind.COMPLETE]
    by_code = guided_by_code(code, agency, at=at, beside=beside)
    found = {row.pk: row for row in (*asked, *by_code)}
    return sorted(found.values(), key=lambda row: (row.at, row.pk))


def issued(rows: QuerySet[CounterVisit]) -> QuerySet[CounterVisit]:
    """Without what waits for its approver, or was not agreed to: nothing was handed out."""
    closed = Q(approval__agreed=True, approval__closed_at__isnull=False)
    found = rows.filter(Q(approval=None) | closed)
    return found.select_related("approver", "officer", "approval__answered_by")


def _is_namesake(row: CounterVisit, name: str, numbers: Iterable[str]) -> bool:
    """Known by telephone alone: the same name, and not two different numbers."""
    return fold(row.owner_name) == fold(name) and not (row.identity_number and numbers)


def link(
    dossier: Dossier, left: Collection[int] = ()
) -> tuple[list[CounterVisit], list[CounterVisit]]:
    """The visits that this new dossier follows become its own; those of a voided one stay its own, as
    its events tell. `left`: those that the clerk saw and said do not belong to it. Out: its own, and
    those that were left. One query, another of what was handed in on line, and one where there are any.
    """
    earlier = earlier_visits(
        name=dossier.owner_name,
        identity=dossier.identity_number,
        phone=dossier.phone,
        agency=dossier.received_by_agency,
        procedure_id=dossier.version.procedure_id,
        at=dossier.recorded_at,
    )
    loose = [row for row in earlier if row.dossier_id is None]
    if dossier.channel in CHANNELS:
        # Guided under its code, though number and telephone are others since.
        known = {row.pk for row in loose}
        asked = guided_by_code(dossier.code, dossier.received_by_agency, at=dossier.recorded_at)
        loose += [row for row in asked if row.dossier_id is None and row.pk not in known]
    found = [row for row in loose if row.pk not in left]
    ids = [row.pk for row in found]
    if ids:
        CounterVisit.objects.filter(pk__in=ids).update(dossier=dossier)
    return found, [row for row in loose if row.pk in left]


def guided(dossier: Dossier) -> int:
    """How often completion was asked for before the dossier was received, also before it was received
    by mistake the first time.
    """
    number, phone = dossier.identity_number, dossier.phone
    same = Q(identity_number=number) if number else Q(phone=phone, owner_name=dossier.owner_name)
    voided = Q(
        dossier__state=State.VOIDED,
        agency=dossier.received_by_agency_id,
        version__procedure=dossier.version.procedure_id,
        at__lte=dossier.recorded_at,
        at__gte=dossier.recorded_at - timedelta(days=VISIT_DAYS),
    )
    before = Q(dossier=dossier) | (voided & same if number or phone else Q(pk=None))
    return CounterVisit.objects.filter(before, kind=CounterVisit.Kind.COMPLETE).count()


def guided_of(ids: Collection[int]) -> set[int]:
    """Which of these dossiers follow a visit that was asked to complete. One query."""
    rows = CounterVisit.objects.filter(dossier__in=ids, kind=CounterVisit.Kind.COMPLETE)
    return set(rows.values_list("dossier_id", flat=True))


def approvers(agency: Agency, at: datetime) -> QuerySet[Officer]:
    """Who may approve one more request: heads and leaders of the agency on that day, or of whoever
    took it over.
    """
    on = timezone.localdate(at)
    grants = RoleGrant.objects.valid_on(on).filter(
        agency=agency.in_charge(on), role__in=[Role.HEAD, Role.LEADER]
    )
    people = Officer.objects.working().filter(pk__in=grants.values("officer"))
    return people.select_related("department").order_by("sort_name", "pk")


def words_of(visits: Iterable[CounterVisit]) -> tuple[str, ...]:
    """What happened before the reception, line by line."""
    return tuple(map(_words, visits))


def words_of_left(visits: Iterable[CounterVisit]) -> tuple[str, ...]:
    """What came before and was said not to belong to the dossier."""
    return tuple(f"Không gắn với hồ sơ này: {_words(row)}" for row in visits)


def _words(row: CounterVisit) -> str:
    what = f"{row.get_kind_display().lower()} ({row.officer.full_name})"
    again = f" Lần nữa: {approval_words(row)}." if row.approver is not None else ""
    return (
        f"Lần đến {timezone.localtime(row.at):%H:%M %d/%m/%Y}: {what}. Lý do: {row.reason}{again}"
    )


def approval_words(row: CounterVisit) -> str:
    """Who approved one more guidance himself, or as the clerk named him, of slips from before
    approvers were asked (R-44).
    """
    if row.approver is None:
        return ""
    approval = getattr(row, "approval", None)
    if approval is not None and approval.answered_by is not None:
        said = f" ({approval.answer})" if approval.answer else ""
        verdict = "đã duyệt" if approval.agreed else "không duyệt"
        at = f"{timezone.localtime(approval.answered_at):%H:%M %d/%m/%Y}"
        who = approval.answered_by.full_name
        return f"{who} {verdict} lúc {at}{said}, lý do trình: {row.approval_reason}"
    if approval is not None:
        return f"chờ {row.approver.full_name} duyệt, lý do trình: {row.approval_reason}"
    named = f"{row.officer.full_name} nêu người phê duyệt là {row.approver.full_name}"
    return f"{named}, lý do: {row.approval_reason}"


def visits_named(ids: Iterable[int]) -> list[CounterVisit]:
    """The visits that an event of reception names; no query for none."""
    wanted = list(ids)
    if not wanted:
        return []
    return list(
        CounterVisit.objects.filter(pk__in=wanted)
        .select_related("officer", "approver", "approval__answered_by")
        .order_by("at", "pk")
    )
