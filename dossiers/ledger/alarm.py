"""What a verification found is kept with its run, and administrators are told of misfits: of the
same ones once, though every night finds them again, until all was in order (docs/adr/0018).
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from dossiers.ledger.misfits import Verified
from dossiers.ledger.nightly import TASK
from onestop.accounts.models import Role, RoleGrant
from onestop.jobs import runs
from onestop.jobs.models import TaskRun
from onestop.jobs.nudge import nudge
from onestop.outbox.domain import Notice, post_all
from onestop.outbox.told import told

WHOLE = "dossiers.verify_all"
KIND = "ledger_misfit"
# Named in the letter; the page names all.
NAMED = 10
# A whole verification that has not ended by then was cut off: another one may be asked for.
LONGEST = timedelta(hours=6)


def ask_whole(*, at: datetime) -> bool:
    """Have all of it verified by a worker; False where that waits or is under way."""
    with transaction.atomic():
        is_new = runs.asked_for(WHOLE, at, patience=LONGEST)
        if is_new:
            nudge(WHOLE)
    return is_new


def conclude(run: TaskRun, found: Verified, *, at: datetime) -> None:
    """How the run ended, in words; every misfit named, and told where there is one."""
    walked = f"đã kiểm tra {found.dossiers} hồ sơ, {found.events} sự kiện, {found.days} ngày đã chốt, {found.rows} dòng ngoài hồ sơ"
    run.ok = found.misfit is None
    run.detail = f"khớp: {walked}"
    if not run.ok:
        run.detail = f"{found.count} chỗ không khớp, trước hết {found.misfit}; {walked}"
        run.found = "\n".join(str(one) for one in found.misfits)
        tell(found, at=at)


def tell(found: Verified, *, at: datetime) -> int:
    """One notice for each administrator of today; how many were new."""
    proven = TaskRun.objects.filter(name__in=(TASK, WHOLE), ok=True)
    since = proven.aggregate(at=Max("started_at"))["at"]
    lines = sorted(str(one) for one in found.misfits)
    which = hashlib.sha256("\n".join([str(since), str(found.count), *lines]).encode()).hexdigest()
    link = reverse("ledger_check")
    named, more = found.misfits[:NAMED], max(found.count - NAMED, 0)
    words = told(
        "dossiers/told/ledger_misfit", at=at, count=found.count, misfits=named, more=more, link=link
    )
    today = RoleGrant.objects.valid_on(timezone.localdate(at))
    grants = today.filter(role=Role.ADMINISTRATOR, officer__is_active=True)
    people = {one.officer_id: one.officer for one in grants.select_related("officer")}
    notices: list[Notice] = [
        {
            "kind": KIND,
            "dedupe": f"{KIND}:{which}:{pk}",
            "subject": words["subject"],
            "body": words["body"],
            "at": at,
            "to_officer": officer,
            "link": link,
        }
        for pk, officer in people.items()
    ]
    return len(post_all(notices))
