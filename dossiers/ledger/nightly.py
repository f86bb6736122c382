"""What a night proves: all that is new since the last night that found everything in order, all that
is open, and a share of the rest, so that everything is looked at within NIGHTS nights
(docs/adr/0018).

The proven point is when that night began, as the record of scheduled runs keeps it. It is no proof
of anything: which share a night looks at follows from its date alone, so that a point that was
forged hides a change for NIGHTS nights at most, and from a whole verification never.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from dossiers.ledger import closed_days, numbers
from dossiers.ledger.misfits import Misfit, Verified
from dossiers.ledger.stored import Reach
from dossiers.ledger.verifying import CHUNK, verify, walk
from dossiers.models import Dossier, Event
from onestop.accounts.models import Agency
from onestop.changes import verifying as changes
from onestop.changes.domain import kept
from onestop.instants import SKEW
from onestop.jobs.models import TaskRun
from onestop.speed import uncollected

TASK = "dossiers.verify"
# Fewer than the days that runs are kept (onestop.jobs.runs).
NIGHTS = 28
# Of tables outside dossiers, which are few, each is walked whole within so many.
TABLE_NIGHTS = 7
# Dossiers of so many ids are looked at together.
BLOCK = 500
# An act counts as new for so long before the point: it may have been under way.
OVERLAP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Night:
    """`since`: the point; None where nothing is proven yet or too long ago: all is looked at.
    `shares`: those of tonight and of the nights that did not come or did not find all in order.
    """

    since: datetime | None
    shares: frozenset[int]

    @classmethod
    def of(cls, now: datetime) -> Night:
        proven = TaskRun.objects.filter(name=TASK, ok=True, started_at__lte=now + SKEW)
        since = proven.aggregate(at=Max("started_at"))["at"]
        tonight = timezone.localdate(now).toordinal()
        if since is None or (owed := tonight - timezone.localdate(since).toordinal()) >= NIGHTS:
            return cls(None, frozenset(range(NIGHTS)))
        nights = range(tonight - max(owed, 1) + 1, tonight + 1)
        return cls(since, frozenset(night % NIGHTS for night in nights))

    def has(self, number: int, *, nights: int = NIGHTS) -> bool:
        """Whether what bears this number is of tonight, where all takes so many nights."""
        return number % nights in {share % nights for share in self.shares}


def verify_night(*, now: datetime, progress: Callable[[int], None] = lambda _: None) -> Verified:
    """As `verify`, but only what this night looks at. What does not fit is looked at again by the
    following nights until one finds all in order.
    """
    night = Night.of(now)
    if night.since is None:
        return verify(now=now, progress=progress)
    done = Verified()
    with uncollected():
        for misfits in walk(_reaches(night, night.since), done, progress):
            done.found(misfits)
    done.found(numbers.of_registers(None))
    done.found(closed_days.misfits(done, None, now, since=_days(night, night.since)))
    done.found(numbers.of_slips(None))
    done.found(numbers.of_outgoing(None))
    done.found(numbers.of_receipts(None))
    done.found(numbers.of_stored_pdfs())
    tables = sorted(table.label for table in kept())
    ours = {name for n, name in enumerate(tables) if night.has(n, nights=TABLE_NIGHTS)}
    found = changes.faults(done.kept, only=ours)
    done.found(Misfit(fault.what, row=fault.row) for fault in found)
    return done


def _reaches(night: Night, since: datetime) -> Iterator[Reach]:
    """The blocks of tonight's shares; then what is open or new beside them."""
    last = Dossier.objects.aggregate(pk=Max("pk"))["pk"] or 0
    for block in range(last // BLOCK + 1):
        if night.has(block):
            yield Reach(block * BLOCK - 1, block * BLOCK + BLOCK - 1)
    ids = {*Dossier.objects.open().values_list("pk", flat=True), *_touched(since - OVERLAP)}
    beside = sorted(pk for pk in ids if not night.has(pk // BLOCK))
    for start in range(0, len(beside), CHUNK):
        yield Reach(ids=tuple(beside[start : start + CHUNK]))


def _touched(since: datetime) -> Iterator[int]:
    """The dossiers of the events since then, read backwards by id: as many as there are."""
    newest = Event.objects.order_by("-pk").values_list("dossier_id", "recorded_at")
    for dossier_id, recorded in newest.iterator(chunk_size=CHUNK):
        if recorded < since:
            return
        yield dossier_id


def _days(night: Night, since: datetime) -> Callable[[Agency | None], date | None]:
    """From which day the digests of an agency are computed anew: all days where it has its turn."""
    new = timezone.localdate(since - OVERLAP)
    return lambda agency: None if night.has(agency.pk if agency else 0) else new
