"""The addresses of legs for the matrix of tests/matrix.py: a leg that an agency has of a dossier of the
other commune.
"""

from typing import Any

from django.utils import timezone

from dossiers.models import Dossier
from dossiers.models.legs import Leg, LegKind, LegState
from dossiers.reach import DESK_ROLES, LEG_ROLES
from onestop.accounts.models import Agency
from tests.dossiers.addresses import JUDGED, both, in_room, received
from tests.matrix import Address, World
from tests.samples import PDF
from tests.stored import store

ON_DESK, LOOKING = frozenset(DESK_ROLES), frozenset(LEG_ROLES)


def _row(world: World, dossier: Dossier, agency: Agency, **more: Any) -> Leg:
    """In the room where all officers of the matrix sit."""
    now, number = timezone.now(), Leg.objects.filter(dossier=dossier).count() + 1
    Dossier.objects.filter(pk=dossier.pk).update(open_legs=number)
    return Leg.objects.create(
        dossier=dossier, number=number, kind=LegKind.PARALLEL, agency=agency, task="Xác nhận", minutes=480,
        state=LegState.SENT, version=0, opened_by=dossier.received_by, opened_at=now, sent_at=now,
        pending_department=world.department(agency), **more,
    )  # fmt: skip


def _leg(world: World, agency: Agency) -> dict[str, Any]:
    lead = world.other if agency == world.own else world.own
    return {"pk": _row(world, received(world, lead), agency).pk}


def _with_file(world: World, agency: Agency) -> dict[str, Any]:
    found = _leg(world, agency)
    dossier = Leg.objects.get(**found).dossier_id
    return found | {"file": store(PDF, name="a.pdf", kind="dossier", object_id=dossier, by=None).pk}


def _asked(world: World, agency: Agency) -> dict[str, Any]:
    dossier = in_room(world, agency)
    return {"code": dossier.code, "number": _row(world, dossier, world.province).number}


ADDRESSES = [
    Address("act_withdraw_leg", ON_DESK, *both(_asked), answered=JUDGED),
    Address("act_withdraw_leg", ON_DESK, *both(_asked), "post", answered=JUDGED),
    Address("act_replace_lead", ON_DESK, *both(_asked), answered=JUDGED),
    Address("act_replace_lead", ON_DESK, *both(_asked), "post", answered=JUDGED),
    Address("legs", LOOKING),
    Address("leg", LOOKING, *both(_leg)),
    Address("leg_file", LOOKING, *both(_with_file)),
    Address("leg_receive", ON_DESK, *both(_leg), "post"),
    Address("leg_take_back", ON_DESK, *both(_leg), "post"),
    *(
        Address(name, ON_DESK, *both(_leg), method, answered=JUDGED)
        for name in ("leg_pass", "leg_answer")
        for method in ("get", "post")
    ),
]
