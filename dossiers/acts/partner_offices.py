"""Partner offices as data of administration: who they are, which counters they may hand to and who works
for them, each between days. Kept by the administrators of the agency that answers for the office.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from dossiers.models import OnlineSource, PartnerCounter, PartnerOffice, PartnerOfficer
from onestop.accounts.access import access
from onestop.accounts.models import AccessKind, Agency, Officer, Role
from onestop.errors import DomainError, require
from onestop.results import ALLOWED, Answer, Denied
from procedures.channels import Channel

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


@dataclass(frozen=True, slots=True)
class OfficeIn:
    """A partner office as its administrator says it; `pattern`: how the codes of its own program look,
    beside ours, "" where it has none.
    """

    name: str
    kind: int
    channel: int
    valid_from: date
    valid_to: date | None = None
    address: str = ""
    phone: str = ""
    pattern: str = ""


def may_keep(desk: Desk, agency: Agency | None) -> Answer:
    ok = agency is not None and desk.administers(agency)
    return ALLOWED if ok else Denied("not_allowed")


def own_pattern(partner: PartnerOffice) -> str:
    """How the codes look that its page gives."""
    return f"GH{partner.pk}-######-####+"


def _check(said: OfficeIn) -> None:
    if said.valid_to is not None and said.valid_to < said.valid_from:
        raise DomainError("partner_dates", field="valid_to")
    if said.kind == PartnerOffice.Kind.POST and said.channel != Channel.POST:
        raise DomainError("partner_is_post", field="channel")
    if said.kind != PartnerOffice.Kind.POST and said.channel != Channel.DIRECT:
        raise DomainError("partner_is_not_post", field="channel")


def add(said: OfficeIn, agency: Agency, *, by: Desk) -> PartnerOffice:
    """A new one, which the agency answers for. Errors: DomainError("not_allowed", "partner_dates",
    "partner_is_post", "partner_is_not_post").
    """
    require(may_keep(by, agency))
    _check(said)
    with transaction.atomic():
        source = OnlineSource(name=said.name, agency=agency, channel=said.channel, code_pattern="*")
        source.save()
        partner = PartnerOffice(source=source)
        _fill(partner, said)
        partner.save()
        source.code_pattern = _pattern(partner, said)
        source.save()
        _told(partner, "thêm đơn vị gửi hộ", by)
    return partner


def change(partner: PartnerOffice, said: OfficeIn, *, by: Desk) -> None:
    """Errors: those of `add`. What it handed in keeps the channel that it came by."""
    require(may_keep(by, partner.source.agency))
    _check(said)
    with transaction.atomic():
        source = partner.source
        source.name, source.channel = said.name, said.channel
        source.code_pattern = _pattern(partner, said)
        # What the administrator says, and no more: hand-ins count on at the same instant.
        source.save(update_fields=["name", "channel", "code_pattern"])
        _fill(partner, said)
        partner.save(update_fields=["kind", "address", "phone", "valid_from", "valid_to"])
        _told(partner, "sửa đơn vị gửi hộ", by)


def _fill(partner: PartnerOffice, said: OfficeIn) -> None:
    partner.kind, partner.address, partner.phone = said.kind, said.address, said.phone
    partner.valid_from, partner.valid_to = said.valid_from, said.valid_to


def _pattern(partner: PartnerOffice, said: OfficeIn) -> str:
    return "; ".join(one for one in (own_pattern(partner), said.pattern) if one)


def add_counter(
    partner: PartnerOffice, agency: Agency, start: date, end: date | None, *, by: Desk
) -> PartnerCounter:
    """It may hand to this counter between these days, of which no other row says anything. Errors:
    DomainError("not_allowed", "partner_dates", "partner_agency", "partner_known").
    """
    keeper = partner.source.agency
    require(may_keep(by, keeper))
    _in_order(start, end)
    if keeper is None or not agency.is_one_stop or not agency.is_under(keeper.path):
        raise DomainError("partner_agency", field="agency")
    with transaction.atomic():
        # Two who add at the same instant: the second sees what the first wrote.
        PartnerOffice.objects.select_for_update(no_key=True).get(pk=partner.pk)
        rows = PartnerCounter.objects.filter(partner=partner, agency=agency)
        there = rows.filter(PartnerCounter.meeting(start, end)).order_by("valid_from", "pk").first()
        if there is not None:
            raise DomainError("partner_known", field="agency", agency=agency.name, days=there.days)
        row = PartnerCounter(partner=partner, agency=agency, valid_from=start, valid_to=end)
        row.save()
        _told(partner, f"nơi nhận: thêm {agency.name}", by)
    return row


def add_officer(
    partner: PartnerOffice, officer: Officer, start: date, end: date | None, *, by: Desk
) -> PartnerOfficer:
    """This account works for it between these days, for one office on each day. Errors:
    DomainError("not_allowed", "partner_dates", "partner_officer", "partner_officer_other").
    """
    keeper = partner.source.agency
    require(may_keep(by, keeper))
    _in_order(start, end)
    assert keeper is not None
    if not Officer.objects.with_role(Role.PARTNER, keeper.pk, by.on).filter(pk=officer.pk).exists():
        raise DomainError(
            "partner_officer", field="username", given=officer.username, agency=keeper.name
        )
    with transaction.atomic():
        Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        rows = PartnerOfficer.objects.filter(officer=officer).select_related("partner__source")
        there = rows.filter(PartnerOfficer.meeting(start, end)).order_by("valid_from", "pk").first()
        if there is not None:
            raise DomainError(
                "partner_officer_other", field="username", name=officer.full_name,
                other=str(there.partner), days=there.days,
            )  # fmt: skip
        row = PartnerOfficer(partner=partner, officer=officer, valid_from=start, valid_to=end)
        row.save()
        _told(partner, f"nhân viên: thêm {officer.full_name}", by)
    return row


def end_row(row: PartnerCounter | PartnerOfficer, *, by: Desk, at: datetime) -> None:
    """From now on it holds no more. What was handed in stays. Errors: DomainError("not_allowed")."""
    require(may_keep(by, row.partner.source.agency))
    if row.ended_at is not None:
        return
    with transaction.atomic():
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        _told(row.partner, f"kết thúc: {row}", by)


def _in_order(start: date, end: date | None) -> None:
    if end is not None and end < start:
        raise DomainError("partner_dates", field="valid_to")


def _told(partner: PartnerOffice, what: str, by: Desk) -> None:
    about = partner.source.agency_id
    said = f"{what}: {partner}"
    access(by.officer, AccessKind.AGENCY_CHANGED, "agency", about, said, about=about)
