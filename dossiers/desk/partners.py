"""What a partner office sees: itself, the counters it may hand to, and its own hand-ins; nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from dossiers.desk.intake import Choice, choices
from dossiers.desk.online import Beside
from dossiers.intake.said import said_of
from dossiers.models import (
    CounterVisit,
    OnlineFiling,
    PartnerCounter,
    PartnerOffice,
    PartnerOfficer,
)
from dossiers.models.correcting import ReceptionCorrection
from dossiers.models.online import HANDED
from dossiers.states import State as Stand
from onestop.accounts.models import Agency, Role
from onestop.errors import say
from onestop.paging import Page, by_instant
from onestop.results import ALLOWED, Answer, Denied
from onestop.templatetags.formatting import vn_datetime
from procedures.channels import Channel, method_channel
from procedures.listed import Listed, listed
from procedures.models import Method
from procedures.rules import receivable

if TYPE_CHECKING:
    from dossiers.models import Dossier
    from onestop.accounts.desk import Desk
    from procedures.models import ProcedureVersion

PAGE = 50
# So many counters a partner may choose among on one page.
MOST_COUNTERS = 300
State = OnlineFiling.State
WAITING, ASKED, TAKEN, ENDED = "cho", "bo-sung", "da-tiep-nhan", "khong-tiep-nhan"
STANDS = {
    "": "Tất cả",
    WAITING: "Chờ tiếp nhận",
    ASKED: "Cần bổ sung",
    TAKEN: "Đã tiếp nhận",
    ENDED: "Không tiếp nhận",
}
# A reception that was taken for a mistake: nothing is received.
_VOIDED = Q(state=State.RECEIVED, dossier__state=Stand.VOIDED)
_GUIDED = Q(state=State.ANSWERED, visit__kind=CounterVisit.Kind.COMPLETE)


def partner_of(desk: Desk) -> PartnerOffice | None:
    """The office that this officer works for today, whether or not it may still hand in. Two queries."""
    if not desk.has(Role.PARTNER):
        return None
    mine = PartnerOfficer.objects.filter(PartnerOfficer.on(desk.on), officer__in=desk.officer_ids)
    rows = PartnerOffice.objects.select_related("source__agency")
    return rows.filter(pk__in=mine.values("partner")).order_by("pk").first()


def hand_ins(desk: Desk) -> QuerySet[OnlineFiling]:
    """What the own office handed in, on its page or by its program. The query of `partner_of`."""
    partner = partner_of(desk)
    if partner is None:
        return OnlineFiling.objects.none()
    return of_office(partner)


def of_office(partner: PartnerOffice) -> QuerySet[OnlineFiling]:
    return OnlineFiling.objects.filter(source=partner.source_id, channel__in=HANDED)


def stand_of(stand: str) -> Q:
    return {
        WAITING: Q(state=State.WAITING),
        ASKED: _GUIDED,
        TAKEN: Q(state=State.RECEIVED) & ~_VOIDED,
        ENDED: _VOIDED | (Q(state__in=(State.ANSWERED, State.ELSEWHERE)) & ~_GUIDED),
    }.get(stand, Q())


def counts(partner: PartnerOffice) -> dict[str, int]:
    """How many stand in each tab that somebody has to look at. One query."""
    named = {name.replace("-", "_"): name for name in (WAITING, ASKED)}
    wanted = {key: Count("pk", filter=stand_of(name)) for key, name in named.items()}
    looked = Q(state__in=(State.WAITING, State.ANSWERED))
    found = of_office(partner).filter(looked).aggregate(**wanted)
    return {name: found[key] for key, name in named.items()}


def page(partner: PartnerOffice, stand: str, *, after: str = "") -> Page[OnlineFiling]:
    """Newest first. One query."""
    joined = ("agency", "procedure", "visit", "dossier", "handed_by")
    rows = of_office(partner).filter(stand_of(stand)).select_related(*joined)
    rows = rows.defer("dossier__secret", "dossier__salt")
    return by_instant("filed_at", newest_first=True).page(rows, after=after, size=PAGE)


def words_of(filing: OnlineFiling) -> tuple[str, str]:
    """How a hand-in stands, and the tone of its badge."""
    if filing.is_waiting:
        return "Chờ tiếp nhận", "wait"
    if filing.dossier is not None:
        voided = filing.dossier.state == Stand.VOIDED
        return ("Đã hủy tiếp nhận", "late") if voided else ("Đã tiếp nhận", "done")
    if filing.state == State.ANSWERED and filing.visit is not None:
        is_refused = filing.visit.kind == CounterVisit.Kind.REFUSE
        return ("Từ chối tiếp nhận", "late") if is_refused else ("Cần bổ sung", "soon")
    return "Đã đóng, không tiếp nhận", "late"


def is_asked(filing: OnlineFiling) -> bool:
    """Whether the counter asked for a completion that may be answered."""
    guided = filing.visit is not None and filing.visit.kind == CounterVisit.Kind.COMPLETE
    return filing.state == State.ANSWERED and guided


def counters_of(partner: PartnerOffice, on: date) -> list[Agency]:
    """The open counters that it may hand to on this day, by name. One query; none where it may no more."""
    if not partner.holds_on(on):
        return []
    allowed = PartnerCounter.objects.filter(PartnerCounter.on(on), partner=partner)
    rows = Agency.objects.open_on(on).filter(is_one_stop=True, pk__in=allowed.values("agency"))
    return list(rows.order_by("name")[:MOST_COUNTERS])


@dataclass(frozen=True, slots=True)
class Handing:
    """A partner office on one day and the counters that it may hand to, read once for many dossiers."""

    partner: PartnerOffice
    on: date
    counters: frozenset[int]

    def to(self, agency: Agency) -> Answer:
        """Denied with partner_over or partner_counter. No query."""
        if not self.partner.holds_on(self.on):
            return Denied("partner_over", {"partner": str(self.partner)})
        is_let = agency.pk in self.counters
        if not agency.is_one_stop or agency.has_ended(self.on) or not is_let:
            return Denied("partner_counter", {"partner": str(self.partner), "agency": agency.name})
        return ALLOWED


def handing(partner: PartnerOffice, on: date) -> Handing:
    """One query; none where it may no more."""
    if not partner.holds_on(on):
        return Handing(partner, on, frozenset())
    allowed = PartnerCounter.objects.filter(PartnerCounter.on(on), partner=partner)
    return Handing(partner, on, frozenset(allowed.values_list("agency_id", flat=True)))


def handing_of(source: int, on: date) -> Handing | None:
    """Of the partner office whose dossiers are of this source. Two queries."""
    partner = PartnerOffice.objects.select_related("source").filter(source=source).first()
    return handing(partner, on) if partner is not None else None


def may_hand_to(partner: PartnerOffice, agency: Agency, on: date) -> Answer:
    """Denied with partner_over or partner_counter. One query."""
    return handing(partner, on).to(agency)


def answer(version: ProcedureVersion, channel: int, on: date, agency: Agency) -> Answer:
    """Whether this is received by this channel at the counter (R-122, R-133). One query or none."""
    by_law = receivable(version, on, channel)
    if not by_law:
        return by_law
    lists = listed(agency, on, [version.procedure_id])
    return lists.answer(version.procedure_id, code=version.code, channel=channel)


def procedures(text: str, channel: int, *, on: date, agency: Agency) -> list[Choice]:
    """What is found by code or words, each with the answer for this channel at the counter. Two queries
    beside those of `choices`.
    """
    found = [one.version for one in choices(text, on=on, agency=agency)]
    if not found:
        return []
    methods = Method.objects.filter(case__version__in=found, channel=method_channel(channel))
    with_way = set(methods.values_list("case__version_id", flat=True))
    lists = listed(agency, on, [one.procedure_id for one in found])
    return [Choice(one, _answer(one, channel, on, one.pk in with_way, lists)) for one in found]


def _answer(
    version: ProcedureVersion, channel: int, on: date, has_way: bool, lists: Listed
) -> Answer:
    about = {"procedure": version.code}
    if not (by_law := receivable(version, on)):
        return by_law
    if channel == Channel.POST and not version.post_allowed:
        return Denied("procedures.no_post", about)
    if not has_way:
        return Denied("procedures.no_method", about | {"channel": Channel(channel).label})
    return lists.answer(version.procedure_id, code=version.code, channel=channel)


def beside(filing: OnlineFiling) -> list[Beside]:
    """What the counter is told of a hand-in on its page. No query."""
    if not filing.is_handed:
        return []
    said = said_of(filing)
    found = []
    if said.submitter:
        who = [said.submitter, said.submitter_identity, said.submitter_phone]
        found.append(Beside("Người nộp thay", ", ".join(one for one in who if one)))
    if said.authorisation:
        found.append(Beside("Ủy quyền, thuê dịch vụ", said.authorisation))
    if said.follows and filing.is_waiting:
        found.append(Beside("Giấy tờ", say("partner_fit_follows"), is_odd=True))
    elif said.follows:
        found.append(Beside("Giấy tờ", "Gửi theo túi thư"))
    if said.note:
        found.append(Beside("Đơn vị gửi hộ ghi", said.note))
    found += [Beside(f"Bổ sung lúc {vn_datetime(one.at)}", one.note) for one in said.added]
    return found


def replaced_slips(dossier: Dossier) -> list[ReceptionCorrection]:
    """The giấy tiếp nhận that others replaced, oldest first: each with the old and the new one, without
    what they say. One query.
    """
    rows = ReceptionCorrection.objects.standing().filter(dossier=dossier, old_slip__isnull=False)
    which = [
        f"{slip}__{name}" for slip in ("old_slip", "new_slip") for name in ("number", "made_at")
    ]
    joined = rows.select_related("old_slip", "new_slip").only("dossier", *which)
    return list(joined.order_by("pk"))


def left_words(filing: OnlineFiling, now: datetime) -> str:
    """By when the counter answers, as a partner reads it."""
    if not filing.is_waiting:
        return ""
    if filing.papers_follow:
        return "quầy xem khi giấy tờ đến"
    if filing.accept_by is None:
        return ""
    late = "đã quá " if filing.is_late(now) else "trả lời trước "
    return late + f"{timezone.localtime(filing.accept_by):%H:%M %d/%m/%Y}"
