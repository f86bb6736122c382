"""The addresses of the outbox for the matrix of tests/matrix.py: a notice is its officer's alone."""

from typing import Any

from django.utils import timezone

from onestop.accounts.models import Officer, Role
from onestop.outbox import domain
from tests.matrix import Address, World, make_officer


def _notice(to: Officer) -> dict[str, Any]:
    made = domain.post(
        kind="late",
        dedupe=f"matrix:{to.pk}",
        subject="Hồ sơ quá hạn",
        body="Hãy xử lý.",
        at=timezone.now(),
        to_officer=to,
    )
    assert made is not None
    return {"pk": made.pk}


def _elsewhere(world: World, role: Role) -> Officer:
    return make_officer(role, world.other, world.department(world.other), f"noi.khac.{role.value}")


def opening(role: Role) -> Address:
    """The notice of one role's officer: 404 for every colleague, and for that officer with a notice
    of another agency's.
    """
    return Address(
        "bell_open",
        frozenset({role}),
        lambda world: _notice(world.officers[role]),
        lambda world: _notice(_elsewhere(world, role)),
        "post",
        refused=404,
    )


ADDRESSES = [
    Address("bell"),
    Address("bell_read_all", method="post"),
    *(opening(role) for role in Role),
]
