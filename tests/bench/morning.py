"""Dossiers of a portal that arrive and are read while the counter works."""

import time
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from dossiers.intake.online import national_source
from dossiers.models import OnlineFiling
from exchange.inbox import arriving, taking
from exchange.models import Door
from exchange.peer.filing import filings, signed
from onestop.accounts.models import Agency, Role, RoleGrant
from procedures.models import Procedure, Status

DOOR = "sang"


def morning(count: int, an_hour: int, each: Callable[[], None] | None = None) -> dict[str, Any]:
    """So many, one after the other, at so many an hour and no quicker where it was held up; how many
    wait, and how long it took. `each`: told of every one; ends where the first does not wait.
    """
    door, _ = Door.objects.get_or_create(name=DOOR, defaults={"source": national_source()})
    counters = RoleGrant.objects.filter(role=Role.CLERK).values("agency")
    agency = Agency.objects.filter(pk__in=counters, is_one_stop=True).order_by("pk")[0]
    procedure = Procedure.objects.filter(versions__status=Status.READY).order_by("pk")[0]
    # As of a while ago: no clock runs ahead.
    sent = filings(
        count, seed=1, procedure=procedure.code, unit=agency.code, at=timezone.localtime()
    )
    before, began = OnlineFiling.objects.count(), time.monotonic()
    due = began
    for number, message in enumerate(sent):
        time.sleep(max(0.0, due - time.monotonic()))
        due = max(due, time.monotonic()) + 3600 / an_hour
        body, _ = signed("", message)
        arriving.take(door, body, at=timezone.now())
        taking.read_new(timezone.now())
        # Else a morning whose dossiers all are held would be measured as if they had come.
        if not number and OnlineFiling.objects.count() == before:
            raise SystemExit("Hồ sơ đầu tiên bị giữ lại.")
        if each is not None:
            each()
    return {
        "taken": count,
        "filings": OnlineFiling.objects.count() - before,
        "seconds": time.monotonic() - began,
    }
