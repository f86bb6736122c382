"""A counter, and a partner office that may hand to it, with one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers.acts import partner_offices
from dossiers.acts.partner_offices import OfficeIn
from dossiers.models import PartnerOffice
from onestop.accounts.models import Officer, Role
from procedures.channels import Channel
from procedures.models import Case, Paper
from tests.samples import PDF
from tests.world import Office, make_office, make_officer

SINCE = date(2026, 1, 1)
Kind = PartnerOffice.Kind


@dataclass
class Partner:
    office: Office
    partner: PartnerOffice
    person: Officer
    administrator: Officer


def make_partner(
    office: Office | None = None, *, name: str = "Bưu điện Tam Thanh", kind: int = Kind.POST,
    **more: Any,
) -> Partner:  # fmt: skip
    """Everything by the verbs of its administrator."""
    office = office or make_office()
    agency = office.agency
    administrator = make_officer("Phan Anh Dũng", agency, (Role.ADMINISTRATOR, None))
    desk = office.desk(administrator)
    channel = Channel.POST if kind == Kind.POST else Channel.DIRECT
    said = OfficeIn(name, kind, channel, SINCE, address="Số 1 phố Mới", phone="02053812345", **more)
    partner = partner_offices.add(said, agency, by=desk)
    partner_offices.add_counter(partner, agency, SINCE, None, by=desk)
    person = make_officer(f"Vi Thị {name[-5:]}", agency, (Role.PARTNER, None))
    partner_offices.add_officer(partner, person, SINCE, None, by=desk)
    return Partner(office, partner, person, administrator)


def files_of(case: Case) -> dict[str, Any]:
    """A scan of each published paper, as the page sends them."""
    papers = Paper.objects.filter(case=case).order_by("order")
    return {f"tep-{one.pk}": SimpleUploadedFile("giay.pdf", PDF) for one in papers}


def typed(office: Office, case: Case, **more: Any) -> dict[str, Any]:
    """What a partner types of a dossier that fits, without its papers."""
    said = {
        "token": str(uuid4()),
        "quay": office.agency.pk,
        "truong-hop": case.pk,
        "owner_name": "Nguyễn Thị Bình",
        "owner_kind": 1,
        "identity_kind": 1,
        "identity_number": "001187000123",
        "phone": "0912345678",
        "address": "Thôn 3, xã Bình Minh",
        "viec": "gui",
    }
    return {name: value for name, value in (said | more).items() if value is not None}
