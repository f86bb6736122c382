"""Proof that nobody wrote past the one writer: every chain, every fold, every day's digest, every
register walked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from dossiers.ledger import chains, closed_days, numbers
from dossiers.ledger.beside import Beside
from dossiers.ledger.misfits import Misfit, Verified
from dossiers.ledger.promises import Promises, changes_in
from dossiers.ledger.stored import Link, Reach, Stored, links, stored
from dossiers.models import Dossier
from onestop.accounts.calendars import calendars_of
from onestop.accounts.models import Agency
from onestop.changes import verifying as changes
from onestop.speed import uncollected

__all__ = ["Misfit", "Verified", "all_of", "verify", "walk"]

CHUNK = 2_000


def verify(
    *, now: datetime, agency: Agency | None = None, progress: Callable[[int], None] = lambda _: None
) -> Verified:
    """Walk all dossiers (of one agency) and all closed days to their end, and name every misfit:
    those of dossiers first, in their order.

    Checks per event: sequence, hash of the one before, hash of the text, text against columns, the
    transition table, the words it replaced. Per dossier: head of chain, the last event's "after"
    against the stored columns, every row beside it against its last seal, the slips' snapshots
    against their hash, the intervals and the promise folded anew. Per agency: register and slip
    numbers without gaps, digests of closed days. Without `agency` also every row outside dossiers
    against the lines of its changes (onestop.changes). Reads chunks of CHUNK dossiers, so memory stays
    flat; what does not fit is looked at once more under a lock, so that work going on meanwhile is
    never reported.
    """
    done = Verified()
    with uncollected():
        for misfits in walk(all_of(agency), done, progress):
            done.found(misfits)
    done.found(numbers.of_registers(agency))
    done.found(closed_days.misfits(done, agency, now))
    done.found(numbers.of_slips(agency))
    done.found(numbers.of_outgoing(agency))
    done.found(numbers.of_receipts(agency))
    done.found(numbers.of_stored_pdfs())
    if agency is None:
        done.found(Misfit(fault.what, row=fault.row) for fault in changes.faults(done.kept))
    return done


def walk(
    reaches: Iterable[Reach], done: Verified, progress: Callable[[int], None]
) -> Iterator[list[Misfit]]:
    """The dossiers of these reaches against their chains."""
    promises = Promises()
    for reach in reaches:
        dossiers = stored(Dossier.objects.filter(**reach.of("pk")).order_by("pk"))
        chunk = _Chunk(reach, dossiers, promises)
        for dossier in dossiers:
            chain = chunk.chains.pop(dossier.pk, [])
            if chunk.misfits(dossier, chain):
                yield _look_again(dossier.pk)
            done.noticed(_steps_back(dossier, chain))
            done.events += len(chain)
        yield _orphans(chunk.chains)
        done.dossiers += len(dossiers)
        progress(done.dossiers)


def all_of(agency: Agency | None) -> Iterator[Reach]:
    """Every dossier (of one agency), so many at a time. In one statement each the ids are asked for,
    because those of an agency lie among others.
    """
    rows = Dossier.objects.filter(agency=agency) if agency else Dossier.objects.all()
    last = 0
    while True:
        ids = tuple(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK])
        is_end = len(ids) < CHUNK
        if agency is not None:
            yield Reach(ids=ids)
        else:
            yield Reach(last, None if is_end else ids[-1])
        if is_end:
            return
        last = ids[-1]


class _Chunk:
    """Some dossiers with all that hangs on them, read together."""

    def __init__(self, reach: Reach, dossiers: Sequence[Stored], promises: Promises) -> None:
        self.chains = links(reach)
        self._promises = promises
        self._calendars = calendars_of({one.column("agency_id") for one in dossiers})
        self._beside, self._changes = Beside(reach), changes_in(reach)

    def misfits(self, dossier: Stored, chain: Sequence[Link]) -> list[Misfit]:
        found = [
            Misfit(what, dossier=dossier.code, event=seq)
            for what, seq in chains.faults(dossier, chain, self._beside)
        ]
        if found:
            # A promise would be folded from columns that were found to be wrong already.
            return found
        calendar = self._calendars[dossier.column("agency_id")]
        moved = self._changes.get(dossier.pk, ())
        what = self._promises.fault(dossier, calendar, moved)
        return [Misfit(what, dossier=dossier.code)] if what else []


def _orphans(by_dossier: Mapping[int, Sequence[Link]]) -> list[Misfit]:
    """Events that are left when every dossier has taken its own; a dossier may just have come."""
    if not by_dossier:
        return []
    known = set(Dossier.objects.filter(pk__in=by_dossier).values_list("pk", flat=True))
    return [
        Misfit(
            "có sự kiện nhưng hồ sơ không còn",
            dossier=f"(số {orphan})",
            event=by_dossier[orphan][0].seq,
        )
        for orphan in by_dossier
        if orphan not in known
    ]


def _look_again(dossier_id: int) -> list[Misfit]:
    """The same check with the row locked: nobody can be in the middle of an act."""
    with transaction.atomic():
        Dossier.objects.select_for_update(no_key=True).get(pk=dossier_id)
        found = stored(Dossier.objects.filter(pk=dossier_id))
        chunk = _Chunk(Reach(ids=(dossier_id,)), found, Promises())
        return chunk.misfits(found[0], chunk.chains.get(dossier_id, []))


def _steps_back(dossier: Stored, chain: Sequence[Link]) -> Iterator[Misfit]:
    for seq in chains.steps_back(chain):
        what = "ghi trước sự kiện đứng trước nó: đồng hồ máy chủ đã có lúc chạy sai"
        yield Misfit(what, dossier=dossier.code, event=seq)
