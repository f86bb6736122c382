"""What an applicant sends on line for an open request for completion: kept beside the request, told to
the counter, taken in by its act.

It completes nothing by itself. The term begins anew or goes on from the completion (R-47, R-48), and
complete is what an officer has found so: what came may be another paper, or half of what was asked
for. So the clerk looks, and the clerk's act starts the clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from dossiers.acts import legs
from dossiers.desk import sent as desk
from dossiers.models import Dossier, Supplement
from dossiers.models.sent import FILES, SentPapers, SentTakenBack, open_requests
from onestop.accounts.models import Role
from onestop.errors import DomainError
from onestop.files.domain import attach
from onestop.files.models import Attachment
from onestop.outbox.domain import post
from onestop.outbox.told import told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from dossiers.ledger.writer import Life
    from dossiers.models import OnlineSource
    from onestop.files.domain import Kept

# So many files wait for one request; more is no answer to it.
MOST_WAITING = 60
# And so many in all, with those that were taken back: their contents lie here until the next night.
MOST_SENT = 120


def awaited(dossier_id: int) -> Supplement | None:
    """The open request of a dossier, which stays as it is until the transaction ends. Two queries."""
    Dossier.objects.select_for_update(of=("self",)).only("pk").get(pk=dossier_id)
    rows = open_requests().filter(dossier=dossier_id)
    return rows.select_related("dossier__received_by_agency").first()


def arrive(
    supplement: Supplement, source: OnlineSource | None, *, sent_at: datetime, at: datetime
) -> SentPapers:
    """Something was sent for this request, which awaited() gave. Effects: the row of the request, or
    its later instant; the clerks of the counter are told, once each time.
    """
    row = SentPapers.objects.filter(supplement=supplement).first()
    if row is None:
        row = SentPapers(supplement=supplement, source=source, at=sent_at, arrived_at=at)
    elif sent_at >= row.at:
        # What was sent earlier and came late says nothing of when and where the last was sent.
        row.source, row.at = source, sent_at
    row.save()
    dossier = supplement.dossier
    words = told("dossiers/told/papers_sent", dossier=dossier, row=row)
    counter = dossier.received_by_agency.in_charge(timezone.localdate(at))
    for officer in legs.people_of(counter.pk, at, Role.CLERK):
        post(
            kind="papers_sent",
            dedupe=f"papers-sent:{row.pk}:{at.timestamp():.0f}:{officer.pk}",
            **words,
            at=at,
            to_officer=officer,
            object_kind="dossier",
            object_id=dossier.pk,
            link=reverse("act_complete", args=[dossier.code]),
            mail=False,
        )
    return row


def send(
    dossier_id: int, files: Sequence[Kept], *, belongs: Callable[[Dossier], bool], at: datetime
) -> int:
    """The owner sends files on our own page for what is asked: all of them, or none. In: files that are
    kept already; what came before is no new file; `belongs`: whether the dossier, as it is now, is
    the sender's. Out: how many are new.

    Effects: those of arrive(), the rows of the files. Errors: DomainError("papers_not_awaited",
    "papers_enough", "papers_back_often").
    """
    with transaction.atomic():
        request = awaited(dossier_id)
        if request is None or not belongs(request.dossier):
            raise DomainError("papers_not_awaited")
        row = SentPapers.objects.filter(supplement=request).first()
        known = _named(row) if row is not None else set()
        new = {(one.name, one.sha256): one for one in files}
        new = {same: one for same, one in new.items() if same not in known}
        if not new:
            return 0
        if len(known) + len(new) > MOST_WAITING:
            raise DomainError("papers_enough", most=MOST_WAITING)
        back = SentTakenBack.objects.filter(supplement=request).count()
        if back + len(known) + len(new) > MOST_SENT:
            raise DomainError("papers_back_often")
        row = arrive(request, None, sent_at=at, at=at)
        for one in new.values():
            attach(one, kind=FILES, object_id=row.pk, by=None, at=at)
    return len(new)


def _named(row: SentPapers) -> set[tuple[str, str]]:
    return set(Attachment.objects.of(FILES, row.pk).values_list("name", "sha256"))


def take_back(
    dossier_id: int, file_id: int, *, belongs: Callable[[Dossier], bool], at: datetime
) -> bool:
    """The owner takes back a file that was sent on our own page. Until the clerk's act takes it in, also
    where somebody has looked at it: looking changes nothing for the dossier, nobody outside sees that it
    was done, and what an officer acts on is what the page showed (take_in). In: as send(). Out: whether
    there was such a file still; twice at once it goes once.

    Effects: a row that says what was there; the file's own row goes, and with it the content, where
    nothing else has it; where nothing is left that was sent, nothing was. Errors:
    DomainError("papers_not_back").
    """
    with transaction.atomic():
        request = awaited(dossier_id)
        if request is None or not belongs(request.dossier):
            raise DomainError("papers_not_back")
        row = SentPapers.objects.filter(supplement=request).first()
        if row is None:
            return False
        files = Attachment.objects.of(FILES, row.pk)
        file = files.filter(pk=file_id).first()
        if file is None or any(file.pk in of(row) for of in desk.brought_by):
            return False
        # No row of the dossier's: nothing of it was (arrive).
        SentTakenBack(
            supplement=request, file=file.pk, name=file.name, size=file.size, sha256=file.sha256,
            sent_at=file.uploaded_at, at=at,
        ).save()  # fmt: skip
        file.delete()
        # What another system has to say of it came with rows that point here.
        if not files.exists() and not any(tell(row) for tell in desk.besides):
            row.delete()
    return True


def take_in(life: Life, supplement: Supplement, newest: int | None = None, count: int = 0) -> int:
    """Inside the act that completes the request: its files are the dossier's from now on, and its
    event says so; how many. The sent ones stay with the request: taken back, they wait there again.

    In: `newest`: the id of the newest of them that the officer was shown, 0 for none; None asks
    nothing; `count`: how many were shown. Errors: DomainError("papers_came_since",
    "papers_taken_back").
    """
    row = SentPapers.objects.filter(supplement=supplement).first()
    if row is None:
        if count:
            raise DomainError("papers_taken_back", count=count)
        return 0
    sent = Attachment.objects.of(FILES, row.pk)
    if newest is not None and (more := sent.filter(pk__gt=newest).count()):
        raise DomainError("papers_came_since", count=more)
    if (gone := count - sent.count()) > 0:
        raise DomainError("papers_taken_back", count=gone)
    whose = life.dossier.pk
    has = set(Attachment.objects.of("dossier", whose).values_list("name", "sha256"))
    found = [one for one in sent if (one.name, one.sha256) not in has]
    for one in found:
        one.pk, one.kind, one.object_id, one._state.adding = None, "dossier", whose, True
        one.save(force_insert=True)
        life.added(one)
    return len(found)
