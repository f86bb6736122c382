"""What the demo has of partner offices: a post office with an account of its own (`buudien`), and what it
handed in, whose papers come by bag.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from dossiers.acts import partner_offices
from dossiers.acts.partners import HandIn, hand_in
from dossiers.demo_day import BIRTH, MARITAL, RECOGNITION
from dossiers.desk import intake as catalogue
from dossiers.desk import partners
from dossiers.generating.offices import place_name
from dossiers.generating.people import somebody
from dossiers.intake.brought import Person
from dossiers.models import PartnerOffice
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Officer, Role, RoleGrant
from onestop.worktime import local
from procedures.channels import Channel

if TYPE_CHECKING:
    from onestop.accounts.models import Agency

ACCOUNT = "buudien"


def partner_hands_in(
    agency: Agency, officers: dict[str, Officer], *, password: str, now: datetime
) -> None:
    """By the verbs of the administrator and of the post office."""
    today, keeper = local(now).date(), desk_of(officers["quantri"], now)
    person = Officer.objects.create_user(
        ACCOUNT, password, full_name="Lục Thị Thơm", title="Giao dịch viên", agency=agency,
        must_change_password=False, password_changed_at=now,
    )  # fmt: skip
    RoleGrant.objects.create(officer=person, role=Role.PARTNER, agency=agency, valid_from=today)
    office = partner_offices.OfficeIn(
        "Bưu điện Tam Thanh", PartnerOffice.Kind.POST, Channel.POST, today,
        address="Số 1 phố Tam Thanh", phone="02053812345",
    )  # fmt: skip
    partner = partner_offices.add(office, agency, by=keeper)
    partner_offices.add_counter(partner, agency, today, None, by=keeper)
    partner_offices.add_officer(partner, person, today, None, by=keeper)
    for code in (MARITAL, BIRTH, RECOGNITION):
        if _handed_in(code, person, agency, now):
            return


def _handed_in(code: str, person: Officer, agency: Agency, now: datetime) -> bool:
    """Whether this counter receives it by post."""
    on = local(now).date()
    version, _ = catalogue.procedure(code, on, agency)
    if version is None or not partners.answer(version, Channel.POST, on, agency):
        return False
    by_post = (one for one in catalogue.cases_of(version) if one.method_for(Channel.POST))
    case = next(by_post, None)
    if case is None:
        return False
    owner = somebody(Random(9), place_name(agency), on.year)
    what = HandIn(
        token=UUID(int=9),
        agency=agency,
        version=version,
        case=case,
        owner=Person(
            owner.name,
            identity_number=owner.identity_number,
            phone=owner.phone,
            address=owner.address,
        ),
        follows=True,
        note="Túi thư số 7, chuyến chiều",
    )
    hand_in(what, by=desk_of(person, now), at=now - timedelta(minutes=40))
    return True
