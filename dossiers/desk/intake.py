"""What the counter asks before and while it receives: procedures, people known from before, drafts,
the clerk's own day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum

from dossiers.models import CounterVisit, Dossier, Draft, Slip
from dossiers.models.dossier import IdentityKind, OwnerKind
from dossiers.states import State
from onestop.accounts.models import Agency, AgencyKind, Role
from onestop.errors import say
from onestop.files.models import Attachment
from onestop.folding import fold
from onestop.results import ALLOWED, Answer, Denied
from onestop.speed import Kept
from procedures.channels import Channel
from procedures.conditions import conditions_of
from procedures.listed import Listed, listed
from procedures.models import Case, Kind, Method, Paper, ProcedureVersion, Status
from procedures.queries import search_procedures, words_of
from procedures.rules import ended, receivable

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Officer

RECENT_DOSSIERS = 60
RECENT_PROCEDURES = 6
# How long a visit without a dossier speaks of the same matter.
VISIT_DAYS = 365
IMMEDIATE = "trả ngay"
_PARTS = re.compile(r"[,;\n.]| - ")


@dataclass(frozen=True, slots=True)
class Choice:
    """A procedure in the counter's list: chosen, or greyed with the reason."""

    version: ProcedureVersion
    answer: Answer
    immediate: bool = False

    @property
    def why_not(self) -> str:
        """The reason it is greyed, as a sentence."""
        return say(self.answer.code, self.answer.data) if isinstance(self.answer, Denied) else ""


def choices(text: str, *, on: date, agency: Agency, limit: int = 12) -> list[Choice]:
    """Procedures found by code or words without diacritics, best first; behind them those that are
    not received at this agency's counter, and those that cannot be chosen any more or yet.

    Up to four queries whatever is found, seven where a list says what is received (R-133).
    """
    lists = listed(agency, on)
    found = search_procedures(text, on=on, limit=limit, only=lists.received)
    if agency.has_lists and len(found) < limit:
        others = search_procedures(text, on=on, limit=limit)
        known = {one.pk for one in found}
        found += [one for one in others if one.pk not in known][: limit - len(found)]
    past = (
        _not_in_force(text, on, {v.procedure_id for v in found}, limit - len(found))
        if len(found) < limit
        else []
    )
    return mark(found, on, lists) + [Choice(v, _why_not(v, on)) for v in past]


def mark(versions: Iterable[ProcedureVersion], on: date, lists: Listed) -> list[Choice]:
    """Versions in force with what the catalogue and the lists answer, and whether they are given
    back at once. One query.
    """
    versions = list(versions)
    at_once = (
        set(
            immediate_methods()
            .filter(case__version__in=versions)
            .values_list("case__version_id", flat=True)
        )
        if versions
        else set()
    )
    return [Choice(v, _answer(v, on, lists), v.pk in at_once) for v in versions]


def _answer(
    version: ProcedureVersion, on: date, lists: Listed, channel: int | None = None
) -> Answer:
    answer = receivable(version, on)
    if not answer:
        return answer
    return lists.answer(version.procedure_id, code=version.code, channel=channel)


def _not_in_force(text: str, on: date, known: set[int], limit: int) -> list[ProcedureVersion]:
    """Abolished procedures and those that begin later, one row a procedure."""
    words = words_of(text)
    if not words:
        return []
    current = ProcedureVersion.objects.in_force(on).values("procedure_id")
    rows = ProcedureVersion.objects.saying([words]).exclude(procedure_id__in=known)
    rows = rows.exclude(procedure_id__in=current)
    newest: dict[int, ProcedureVersion] = {}
    for version in rows.select_related("procedure", "field").order_by("-number", "-pk")[
        : limit * 3
    ]:
        newest.setdefault(version.procedure_id, version)
    return list(newest.values())[:limit]


def _why_not(version: ProcedureVersion, on: date) -> Answer:
    if version.kind != Kind.ABOLISHED and version.effective_from > on:
        return Denied(
            "procedures.not_in_force", {"procedure": version.code, "day": f"{on:%d/%m/%Y}"}
        )
    return ended(version)


def procedure(code: str, on: date, agency: Agency) -> tuple[ProcedureVersion | None, Answer]:
    """The version a new dossier would be received under at this agency's counter, or the reason why
    there is none. One query when there is one, one more where a list says what is received.
    """
    versions = ProcedureVersion.objects.in_force(on).filter(procedure__code=code)
    versions = versions.select_related("procedure", "field")
    found = versions.order_by("-effective_from", "-number").first()
    if found is not None:
        lists = listed(agency, on, [found.procedure_id])
        # How it came is asked when it is assessed: who files online does not come to the counter.
        return found, _answer(found, on, lists, channel=Channel.ONLINE_FULL)
    newest = (
        ProcedureVersion.objects.filter(procedure__code=code)
        .select_related("procedure")
        .order_by("-number")
        .first()
    )
    return None, _why_not(newest, on) if newest is not None else ALLOWED


def answers(codes: Iterable[str], on: date, agency: Agency) -> dict[str, Answer]:
    """What `procedure` answers, of several at once. One query, one more where a list says what is
    received, and one more for those that are not in force.
    """
    wanted = set(codes)
    rows = ProcedureVersion.objects.filter(procedure__code__in=wanted).select_related("procedure")
    known = {one.code: one for one in rows.in_force(on).order_by("effective_from", "number")}
    lists = listed(agency, on, [one.procedure_id for one in known.values()])
    found = {
        code: _answer(one, on, lists, channel=Channel.ONLINE_FULL) for code, one in known.items()
    }
    if missing := wanted - known.keys():
        newest = rows.filter(procedure__code__in=missing).order_by("number")
        past = {one.code: one for one in newest}
        found |= {code: _why_not(one, on) for code, one in past.items()}
    return found


def cases_of(version: ProcedureVersion) -> list[Case]:
    """Cases of a receivable version with their methods and papers. No query when this process has
    read them before: a published version never changes (procedures.models.VersionPart).
    """
    kept = _published.get(version.pk, lambda: _read_cases(version), stamp=version.content_hash)
    cases = [copy(case) for case in kept]
    for case in cases:
        case.version = version  # its place in time may have changed since
    return cases


_published: Kept[tuple[Case, ...]] = Kept("cases", most=600)


def _read_cases(version: ProcedureVersion) -> tuple[Case, ...]:
    methods, papers = Method.objects.order_by("channel"), Paper.objects.order_by("order")
    rows = Case.objects.filter(version=version.pk).order_by("order")
    cases = tuple(rows.prefetch_related(Prefetch("methods", methods), Prefetch("papers", papers)))
    for case in cases:
        conditions_of(case)  # read once, kept with the case
    return cases


def recent(officer: Officer, on: date, agency: Agency) -> list[Choice]:
    """The procedures this clerk received last, newest first, as they stand today at this counter.
    Three queries, one more where a list says what is received.
    """
    rows = (
        Dossier.objects.filter(received_by=officer)
        .order_by("-received_at", "-id")
        .values_list("version__procedure_id", flat=True)[:RECENT_DOSSIERS]
    )
    order = list(dict.fromkeys(rows))[:RECENT_PROCEDURES]
    if not order:
        return []
    versions = ProcedureVersion.objects.in_force(on).filter(procedure_id__in=order)
    versions = versions.select_related("procedure", "field")
    newest = {v.procedure_id: v for v in versions.order_by("effective_from", "number")}
    return mark([newest[pk] for pk in order if pk in newest], on, listed(agency, on, order))


def reason_last_time(officer: Officer, procedure_id: int) -> str:
    """Why this clerk scanned nothing the last time for this procedure, among the last ones received
    on paper; "" when there were scans. One query.
    """
    rows = Dossier.objects.filter(received_by=officer, channel__in=(Channel.DIRECT, Channel.POST))
    rows = rows.order_by("-received_at", "-id")
    found = rows.values_list("version__procedure_id", "term", "no_scan_reason")
    # What is given back at once is never scanned: that says nothing of an ordinary dossier.
    return next(
        (
            reason
            for procedure, term, reason in found[:RECENT_DOSSIERS]
            if procedure == procedure_id and term != IMMEDIATE
        ),
        "",
    )


def immediate_methods() -> QuerySet[Method]:
    """Methods whose result is given back at once at the counter (R-10)."""
    return Method.objects.filter(term=IMMEDIATE, channel=1)


def immediate_procedures(on: date, agency: Agency) -> list[Method]:
    """What the short path offers at this agency's counter: one row a case, with its fee. One query,
    one more where a list says what is received.
    """
    versions = ProcedureVersion.objects.in_force(on)
    if (only := listed(agency, on).received) is not None:
        versions = versions.filter(only)
    rows = immediate_methods().filter(
        case__version__in=versions, case__version__status=Status.READY
    )
    return list(
        rows.select_related("case__version__procedure").order_by(
            "case__version__procedure__code", "case__order"
        )
    )


@dataclass(frozen=True, slots=True)
class Owner:
    """A person or body as the newest dossier with the same number knows it."""

    name: str
    kind: int
    identity_kind: int
    identity_number: str
    phone: str
    email: str
    address: str
    code: str
    received_at: datetime

    def as_fields(self) -> dict[str, str]:
        """The fields of the intake form that it fills."""
        return {
            "owner_name": self.name,
            "owner_kind": str(self.kind),
            "identity_kind": str(self.identity_kind),
            "phone": self.phone,
            "email": self.email,
            "address": self.address,
        }


def known_owner(identity_number: str, agency_ids: Iterable[int]) -> Owner | None:
    """Who handed in with this number at one of these agencies the last time. One query on the
    identity index.
    """
    if not identity_number:
        return None
    mine = list(agency_ids)
    row = (
        Dossier.objects.filter(
            Q(agency__in=mine) | Q(received_by_agency__in=mine), identity_number=identity_number
        )
        .order_by("-id")
        .only(
            "owner_name",
            "owner_kind",
            "identity_kind",
            "identity_number",
            "phone",
            "email",
            "address",
            "code",
            "received_at",
        )
        .first()
    )
    if row is None:
        return None
    kind, identity_kind = OwnerKind(row.owner_kind), IdentityKind(row.identity_kind)
    return Owner(
        row.owner_name,
        kind,
        identity_kind,
        row.identity_number,
        row.phone,
        row.email,
        row.address,
        row.code,
        row.received_at,
    )


def visits(identity_number: str, agency_ids: Iterable[int], *, at: datetime) -> list[CounterVisit]:
    """Earlier visits of the same person that ended without a dossier, newest first, with their
    slips. Two queries.
    """
    if not identity_number:
        return []
    since = at - timedelta(days=VISIT_DAYS)
    rows = CounterVisit.objects.filter(
        identity_number=identity_number, agency__in=list(agency_ids), at__gte=since
    )
    rows = rows.select_related("version__procedure", "officer", "approval").prefetch_related(
        Prefetch("slips", Slip.objects.order_by("id"))
    )
    return list(rows.order_by("-at")[:3])


def draft_of(token: UUID) -> Draft | None:
    """The draft of a page; whose it is, is for the caller to look at. One query."""
    return Draft.objects.filter(token=token).first()


def made_of(token: UUID, officer: Officer) -> Dossier | None:
    """The dossier that this officer received from a page, if it was sent already. One query."""
    return Dossier.objects.filter(intake_token=token, received_by=officer).first()


def scans_of(kind: str, pk: int) -> set[str]:
    """The checksums of what was handed in with a dossier or a visit. One query."""
    return set(Attachment.objects.of(kind, pk).values_list("sha256", flat=True))


def today(desk: Desk, since: datetime, limit: int = 15) -> list[Dossier]:
    """What this clerk received since the given instant, newest first, at counters where he still
    stands. One query.
    """
    rows = Dossier.objects.filter(_mine(desk), received_at__gte=since).select_related(
        "version__procedure"
    )
    rows = rows.defer("version__search_text", "secret", "salt")
    return list(rows.order_by("-received_at", "-id")[:limit])


def handlers(agency: Agency, on: date) -> list[Agency]:
    """Whom a service centre receives for: the departments beside and below it. Nobody for other
    agencies. One query or none.
    """
    if agency.kind != AgencyKind.SERVICE_CENTRE:
        return []
    family = Q(parent_id=agency.pk) | (
        Q(parent_id=agency.parent_id) if agency.parent_id else Q(pk=None)
    )
    return list(
        Agency.objects.open_on(on).filter(family, kind=AgencyKind.DEPARTMENT).order_by("name")
    )


def named_handler(version: ProcedureVersion, among: Iterable[Agency]) -> Agency | None:
    """The one agency that the catalogue names as carrying the procedure out, else as deciding it;
    None when it names none of these or several. "Sở Tư pháp" is Sở Tư pháp tỉnh Lạng Sơn.
    """
    among = list(among)
    for text in (version.agency_executing, version.agency_authority):
        named = {fold(part) for part in _PARTS.split(text)}
        found = [one for one in among if any(_is_named(one, part) for part in named if part)]
        if len(found) == 1:
            return found[0]
        if found:
            return None
    return None


def _is_named(agency: Agency, part: str) -> bool:
    """Its whole name or short name, or its name without the place."""
    name = fold(agency.name)
    return part in (name, fold(agency.short_name)) or name.startswith(
        (f"{part} tinh ", f"{part} thanh pho ")
    )


@dataclass(frozen=True, slots=True)
class DayTotals:
    """One clerk's day on the short path: lines, their fees, how much of it is not taken yet where the
    counter gives receipts, and how many are promised and not yet given back.
    """

    lines: int
    fees: int
    owed: int
    promised: int


def lines_of_day(desk: Desk, since: datetime, limit: int = 60) -> list[Dossier]:
    """Today's lines of the short path: what is promised still, then newest first. One query."""
    rows = _shown(_lines(desk, since))
    done_last = F("ended_at").desc(nulls_first=True)
    return list(rows.order_by(done_last, "-received_at", "-id")[:limit])


def promised_before(desk: Desk, since: datetime, limit: int = 60) -> list[Dossier]:
    """Lines that this clerk promised on an earlier day and still has, first due first. One query."""
    rows = Dossier.objects.filter(_mine(desk), received_at__lt=since, term=IMMEDIATE)
    rows = rows.filter(holder=desk.officer, ended_at=None)
    return list(_shown(rows).order_by("sort_due", "id")[:limit])


def totals_of_day(desk: Desk, since: datetime) -> DayTotals:
    """The sums of the same lines, all of them. One query."""
    found = (
        _lines(desk, since)
        .exclude(state=State.VOIDED)
        .aggregate(
            lines=Count("pk"),
            fees=Sum("fee_amount"),
            owed=Sum("fee_owed"),
            promised=Count("pk", filter=Q(ended_at=None)),
        )
    )
    return DayTotals(found["lines"], found["fees"] or 0, found["owed"] or 0, found["promised"])


def _mine(desk: Desk) -> Q:
    return Q(received_by=desk.officer, received_by_agency__in=desk.agency_ids_as(Role.CLERK))


def _shown(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    found = rows.select_related("version__procedure")
    return found.defer("version__search_text", "secret", "salt")


def _lines(desk: Desk, since: datetime) -> QuerySet[Dossier]:
    return Dossier.objects.filter(_mine(desk), received_at__gte=since, term=IMMEDIATE)
