"""What is told of backups, once each: by bell and letter to the administrators who answer for the
server, those of the agencies that nobody stands above.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from onestop.accounts.models import Officer, Role, RoleGrant
from onestop.backups import nights
from onestop.backups.models import BackupRun, RestoreProof
from onestop.outbox.domain import post_all
from onestop.outbox.told import told

KIND = "backup"


def tell_failed(run: BackupRun, at: datetime) -> None:
    """Call it inside the transaction that gives the run up."""
    _tell("failed", f"{run.pk}:{run.tries}", at, run=run)


def look(now: datetime) -> None:
    """Tell when the newest good one is too old, and when a proof is due. One that is on its way is
    waited for.
    """
    if not nights.is_on():
        return
    newest = BackupRun.objects.good(now).first()
    if not BackupRun.objects.open().exists() and is_old(newest, now):
        _tell("old", str(newest.pk if newest else 0), now, newest=newest)
    due = nights.proof_due(proven_since(last_proof(now)) or now)
    if timezone.localdate(now) >= due:
        _tell("unproven", str(due), now, due=due)


def is_old(newest: BackupRun | None, now: datetime) -> bool:
    """Of a server that keeps backups. Where none was ever made, from the first attempt on."""
    begun = newest.started_at if newest else _first_asked()
    return begun is not None and begun < nights.oldest_allowed(now)


def _first_asked() -> datetime | None:
    return BackupRun.objects.order_by("at").values_list("at", flat=True).first()


def proven_since(last: RestoreProof | None) -> datetime | None:
    """That of the last proof, else of the first backup: from there a quarter is counted."""
    if last is not None:
        return last.at
    done = BackupRun.objects.filter(state=BackupRun.State.DONE)
    return done.order_by("started_at").values_list("started_at", flat=True).first()


def last_proof(now: datetime) -> RestoreProof | None:
    """The newest that succeeded by now."""
    return RestoreProof.objects.filter(ok=True, at__lte=now).order_by("-at", "-pk").first()


def keepers(now: datetime) -> list[Officer]:
    """Where no such agency has an administrator: all administrators."""
    grants = RoleGrant.objects.valid_on(timezone.localdate(now)).filter(role=Role.ADMINISTRATOR)
    at_the_top = grants.filter(agency__parent=None)
    for some in (at_the_top, grants):
        held = some.values("officer_id")
        if found := list(Officer.objects.working().filter(pk__in=held).order_by("pk")):
            return found
    return []


def _tell(event: str, which: str, at: datetime, **about: Any) -> None:
    words = told(f"backups/told/{event}", **about)
    post_all(
        {
            "kind": KIND,
            "dedupe": f"backup_{event}:{which}:{officer.pk}",
            "subject": words["subject"],
            "body": words["body"],
            "at": at,
            "to_officer": officer,
            "object_kind": KIND,
            "link": reverse("backups:home"),
        }
        for officer in keepers(at)
    )
