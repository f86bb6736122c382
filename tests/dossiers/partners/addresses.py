"""The addresses of partner offices for the matrix of tests/matrix.py."""

from itertools import count
from typing import Any

from django.utils import timezone

from dossiers.intake.said import FILES
from dossiers.models import OnlineFiling, OnlineSource, PartnerOffice, PartnerOfficer
from onestop.accounts.models import Agency, Role
from procedures.channels import Channel
from tests.dossiers.addresses import both
from tests.matrix import Address, World
from tests.samples import PDF
from tests.stored import store

_NUMBERS = count(1)
PARTNER, KEEPERS = frozenset({Role.PARTNER}), frozenset({Role.ADMINISTRATOR})


def _partner(world: World, agency: Agency) -> PartnerOffice:
    """Of the world's own agency with its one person."""
    name, today = f"Bưu điện {next(_NUMBERS)}", timezone.localdate()
    source = OnlineSource.objects.create(
        name=name, agency=agency, channel=Channel.POST, code_pattern="GH#+-######-####+"
    )
    partner = PartnerOffice.objects.create(
        source=source, kind=PartnerOffice.Kind.POST, valid_from=today
    )
    if agency == world.own:
        person = world.officers[Role.PARTNER]
        PartnerOfficer.objects.filter(officer=person).delete()
        PartnerOfficer.objects.create(partner=partner, officer=person, valid_from=today)
    return partner


def _office(world: World, agency: Agency) -> dict[str, Any]:
    return {"pk": _partner(world, agency).pk}


def _filing(world: World, agency: Agency) -> dict[str, Any]:
    now, number = timezone.now(), next(_NUMBERS)
    row = OnlineFiling.objects.create(
        code=f"GH1-261123-{number:04d}", source=_partner(world, agency).source, agency=agency,
        channel=Channel.POST, arrived_at=now, filed_at=now, owner_name="Nguyễn Thị Bình",
    )  # fmt: skip
    return {"pk": row.pk}


def _file(world: World, agency: Agency) -> dict[str, Any]:
    pk = _filing(world, agency)["pk"]
    row = store(PDF, name="giay.pdf", kind=FILES, object_id=pk, by=None)
    return {"pk": pk, "file": row.pk}


def _procedure(world: World) -> dict[str, Any]:
    return {"code": "1.004873"}


NAME = "partner_online_filing"
ADDRESSES = [
    Address("partner_filings", PARTNER),
    Address("partner_find", PARTNER),
    Address("partner_hand_in", PARTNER, _procedure),
    Address("partner_hand_in", PARTNER, _procedure, method="post"),
    Address(NAME, PARTNER, *both(_filing)),
    Address(f"{NAME}_complete", PARTNER, *both(_filing), "post"),
    Address(f"{NAME}_take_back", PARTNER, *both(_filing), "post"),
    Address(f"{NAME}_file", PARTNER, *both(_file)),
    Address(f"{NAME}_slip", PARTNER, *both(_filing)),
    Address("partner_offices", KEEPERS),
    Address("partner_offices", KEEPERS, method="post"),
    Address("partner_office", KEEPERS, *both(_office)),
    Address("partner_office", KEEPERS, *both(_office), "post"),
]
