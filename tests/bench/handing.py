"""Giving and receiving many by one press."""

import statistics
import time
from collections.abc import Callable, Sequence
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dossiers.acts import handovers
from dossiers.acts.many import Done, Seen
from onestop.accounts.desk import desk_of
from onestop.accounts.models import DepartmentKind, Role, RoleGrant

ROUNDS = 3


def presses(received: Callable[[RoleGrant], Seen], many: int) -> dict[str, float]:
    """What one press costs that gives so many dossiers of a counter to an officer of a room, and
    one there that receives them: statements, and milliseconds.

    In: what receives one more dossier at a counter.
    """
    sitting = RoleGrant.objects.select_related("officer", "agency", "department").order_by("pk")
    counters = sitting.filter(role=Role.CLERK, department__kind=DepartmentKind.ONE_STOP)
    rooms = sitting.filter(role=Role.SPECIALIST, department__kind=DepartmentKind.PROFESSIONAL)
    handler = rooms.filter(agency__in=counters.order_by().values("agency"))[0]
    counter = counters.filter(agency=handler.agency)[0]
    room, now = handler.department, timezone.now()
    assert room is not None
    clerk, specialist = (desk_of(one.officer, now) for one in (counter, handler))

    def give(seen: Sequence[Seen]) -> list[Done]:
        to, officer, at = room, handler.officer, timezone.now()
        return handovers.hand_over_many(
            seen, to=to, receiver=officer, step=None, by=clerk, at=at, press=uuid4()
        )[1]

    def confirm(seen: Sequence[Seen]) -> list[Done]:
        given = [Seen(one.dossier_id) for one in seen]
        return handovers.confirm_many(given, by=specialist, at=timezone.now(), press=uuid4())

    found: dict[str, float] = {}
    times: dict[str, list[float]] = {"give": [], "confirm": []}
    for _ in range(1 + ROUNDS):
        seen = [received(counter) for _ in range(many)]
        for name, act in (("give", give), ("confirm", confirm)):
            with CaptureQueriesContext(connection) as asked:
                started = time.perf_counter()
                done = act(seen)
                times[name].append((time.perf_counter() - started) * 1000)
            assert [one.error for one in done] == [None] * many
            found[name] = len(asked)
    # The first press warms what is kept.
    return found | {f"{name}_ms": statistics.median(took[1:]) for name, took in times.items()}
