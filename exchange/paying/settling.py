"""What a worker says to the platform: the request itself (INIT), what became of it (QUERY), its receipt
(GET_BILL). Safe to run any number of times, by any number of workers, and to be killed anywhere.

Nothing is locked while the platform is asked: who asks takes the request for a while.
"""

from __future__ import annotations

import base64
import binascii
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from dossiers.models.banking import BankAccount
from exchange.inbox.fetching import NotFetched, fetch
from exchange.models import PayRequest
from exchange.outbox.port import Away
from exchange.outbox.web import post_to
from exchange.paying import taking
from exchange.paying.asking import is_current
from exchange.paying.contract import (
    Refused,
    answer,
    asked_of,
    confirmed,
    init_of,
    is_paid,
    url_in,
)
from exchange.paying.platforms import Platform, platforms
from onestop.errors import DomainError, say, sentence
from onestop.files.domain import attach, keep
from onestop.instants import SKEW

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from exchange.outbox.web import Post

logger = logging.getLogger(__name__)
State = PayRequest.State
# Receipts of the platform, by the request they are of.
BILLS = "pay_request"
PDF = "application/pdf"
# After the first, second, … try; the last one goes on.
PAUSES = (1, 2, 5, 10, 20, 40, 60, 120, 240, 480, 1440)  # minutes
# How long a request is its worker's; longer than any answer is waited for.
TAKEN_FOR = timedelta(minutes=10)
# The platform is asked after what was not paid for so long beyond its term.
AFTER = timedelta(days=1)
# So long where it says nothing that can be read.
UNCLEAR_DAYS = 7
UNCLEAR = timedelta(days=UNCLEAR_DAYS)
# A payer waits for the request itself: a run stops at the first platform that is away.
LONGEST_FOR_A_PAYER = timedelta(minutes=5)
MOST = 100
# So often a receipt that is not to be had is asked for, then once a week, for so long after the payment.
MOST_BILL = 20
DAY = timedelta(days=1)
PAUSE_DAYS, FOR_DAYS = 7, 180
BILL_PAUSE = timedelta(days=PAUSE_DAYS)
BILL_FOR = timedelta(days=FOR_DAYS)
LONGEST = timedelta(minutes=PAUSES[-1])


@dataclass(slots=True)
class Done:
    """How a run went, for the page of jobs."""

    asked: int = 0
    refused: int = 0
    paid: int = 0
    bills: int = 0
    away: int = 0


def settle_all(clock: Callable[[], datetime], post: Post | None = None) -> Done:
    """Everything whose time has come, the longest waiting first. A platform that does not answer is
    left alone until the next run.
    """
    done = Done()
    for platform in platforms():
        if platform.secret:
            _settle(platform, post or post_to(platform.of), clock, done)
    return done


def _settle(platform: Platform, post: Post, clock: Callable[[], datetime], done: Done) -> None:
    bills = done.bills
    due = PayRequest.objects.filter(peer=platform.code, next_at__lte=clock())
    for pk in list(due.order_by("next_at", "pk").values_list("pk", flat=True)[:MOST]):
        row = _claimed(pk, clock())
        if row is None:
            continue
        try:
            _said(row, platform, post, clock, done)
        except Away as trouble:
            done.away += 1
            _waits(row, say("pay_away", {"why": str(trouble)}), clock(), **_unsure(clock()))
            return
        except Exception:
            # A fault of ours keeps no other request from being asked after.
            logger.exception("payment not settled", extra={"of": pk})
            _waits(row, say("pay_fault"), clock(), **_unsure(clock()))
    if done.bills > bills:
        _bills_again(platform, clock())


def _claimed(pk: int, now: datetime) -> PayRequest | None:
    mine = PayRequest.objects.filter(pk=pk, next_at__lte=now)
    if not mine.update(next_at=now + TAKEN_FOR, tries=F("tries") + 1):
        return None
    joined = ("dossier__version__procedure", "agency")
    return PayRequest.objects.select_related(*joined).get(pk=pk)


def _still_ours(row: PayRequest) -> QuerySet[PayRequest]:
    """As its worker took it: who was overtaken, by another or by the platform's own message, writes
    nothing.
    """
    return PayRequest.objects.filter(pk=row.pk, state=row.state, tries=row.tries)


def _waits(row: PayRequest, words: str, now: datetime, **more: Any) -> None:
    pause = timedelta(minutes=PAUSES[min(row.tries, len(PAUSES)) - 1])
    if row.state == State.ASKED:
        pause = min(pause, LONGEST_FOR_A_PAYER)
    _still_ours(row).update(next_at=now + pause, words=words[:300], **more)


def _unsure(now: datetime) -> dict[str, Any]:
    """Since the first time that nothing was said which says how it stands."""
    return {"unsure_since": Coalesce("unsure_since", Value(now))}


def _sure() -> dict[str, Any]:
    """It was said; what was called paid and could not be read stays to be looked at."""
    called = When(called_paid_at__isnull=False, then=F("unsure_since"))
    return {"unsure_since": Case(called, default=None)}


def _unclear(row: PayRequest, words: str, now: datetime, **more: Any) -> None:
    """Perhaps it is paid; long after its term nobody asks any more, and a person looks at it
    (`unsure`). Told after all, it is taken.
    """
    if now >= row.expires_at + UNCLEAR:
        stands = {"state": State.CLOSED, "next_at": None, "words": words[:300]}
        _still_ours(row).update(**stands, **_unsure(now), **more)
    else:
        _waits(row, words, now, **_unsure(now), **more)


def _said(
    row: PayRequest, platform: Platform, post: Post, clock: Callable[[], datetime], done: Done
) -> None:
    if row.state == State.ASKED:
        _ask(row, platform, post, clock, done)
    elif row.state == State.PAID:
        done.bills += _fetch_bill(row, platform, post, clock)
    else:
        done.paid += _look(row, platform, post, clock)


def _ask(
    row: PayRequest, platform: Platform, post: Post, clock: Callable[[], datetime], done: Done
) -> None:
    """INIT, which is the same however often it is sent."""
    now = clock()
    if not is_current(row, row.dossier, now):
        # Once it was said it may be stored there, though the answer was lost: it is asked after. Who asks
        # again by a press counts anew.
        was_said = row.tries > 1 or row.unsure_since is not None
        next_at = now if was_said else None
        _still_ours(row).update(state=State.CLOSED, next_at=next_at)
        return
    account = BankAccount.objects.in_force(row.agency_id, timezone.localdate(now))
    if account is None:
        _waits(row, say("pay_no_account"), now, **_unsure(now))
        return
    try:
        url = url_in(answer(post(platform.url, {}, init_of(row, platform, row.dossier, account))))
    except Refused as words:
        stands = {"state": State.REFUSED, "next_at": None, "words": str(words)[:300]} | _sure()
        done.refused += _still_ours(row).update(**stands)
        return
    next_at = clock() + timedelta(minutes=PAUSES[0])
    done.asked += _still_ours(row).update(
        state=State.OPEN, url=url, tries=0, words="", next_at=next_at, **_sure()
    )


def _look(row: PayRequest, platform: Platform, post: Post, clock: Callable[[], datetime]) -> bool:
    """QUERY. What the platform does not know, or says in words that nobody knows, stays."""
    try:
        told = answer(post(platform.url, {}, asked_of("QUERY", row, platform, clock())))
    except Refused as words:
        _unclear(row, str(words), clock())
        return False
    now, state = clock(), is_paid(told)
    said = str(told.get("MaThamChieu") or row.reference)
    if state is None or said != row.reference:
        _unclear(row, say("pay_unknown"), now)
        return False
    if state:
        try:
            taking.come(platform, confirmed({**told, "MaThamChieu": row.reference}), at=now)
        except DomainError as error:
            _unclear(row, sentence(error), now, **taking.called_paid(now))
            return False
        return True
    _not_paid(row, now)
    return False


def _not_paid(row: PayRequest, now: datetime) -> None:
    """It waits on; closed once its term is over or something else is owed, asked after a day longer."""
    if row.state == State.OPEN and not is_current(row, row.dossier, now):
        if not _still_ours(row).update(state=State.CLOSED):
            return
        row.refresh_from_db(fields=["state"])
    if now >= row.expires_at + AFTER:
        _still_ours(row).update(next_at=None, words="", **_sure())
    else:
        _waits(row, "", now, **_sure())


def _fetch_bill(
    row: PayRequest, platform: Platform, post: Post, clock: Callable[[], datetime]
) -> bool:
    """GET_BILL: the platform's receipt, checked as any upload, kept beside the payment."""
    try:
        told = answer(post(platform.url, {}, asked_of("GET_BILL", row, platform, clock())))
        kept = keep(_bill_in(told), name=f"bien-lai-{row.reference}.pdf")
        if kept.content_type != PDF:
            raise DomainError("pay_bill_kind")
    except (Refused, NotFetched, DomainError) as error:
        why = str(error) if isinstance(error, Refused) else say(error.code, error.data)
        _no_bill(row, say("pay_no_bill", {"why": why}), clock())
        return False
    with transaction.atomic():
        mine = _still_ours(row).select_for_update(of=("self",)).first()
        if mine is None:
            return False
        mine.bill = attach(kept, kind=BILLS, object_id=row.pk, by=None, at=clock())
        mine.next_at, mine.words, mine.tries, mine.unsure_since = None, "", 0, None
        mine.save()
    return True


def _no_bill(row: PayRequest, words: str, now: datetime) -> None:
    """Often in vain, a person is told and it is asked for once a week; at last no more by itself."""
    if row.tries < MOST_BILL:
        _waits(row, words, now)
        return
    is_over = row.paid_at is not None and now >= row.paid_at + BILL_FOR
    next_at = None if is_over else now + BILL_PAUSE
    _still_ours(row).update(next_at=next_at, words=words[:300], **_unsure(now))


def _bills_again(platform: Platform, now: datetime) -> None:
    """It gives receipts (again): those it gave none of are asked for with the next run, each once a
    day at most.
    """
    waiting = PayRequest.objects.filter(
        peer=platform.code, state=State.PAID, tries__gte=MOST_BILL,
        next_at__gt=now + LONGEST, next_at__lte=now + BILL_PAUSE - DAY,
    )  # fmt: skip
    waiting.update(next_at=now)


def _bill_in(told: dict[str, Any]) -> bytes:
    """Inside the answer, or at an address that it names. Errors: NotFetched."""
    if url := str(told.get("UrlBienLai") or ""):
        return fetch(url, most=settings.UPLOAD_MAX_BYTES)
    try:
        return base64.b64decode("".join(str(told.get("TepBienLai") or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise NotFetched("file_no_base64") from None


def after_clock_set_back(now: datetime) -> int:
    """What waits for an instant of a wrong clock is asked at once; how many."""
    is_odd = Q(next_at__gt=now + LONGEST + SKEW, tries__lt=MOST_BILL)
    is_odd |= Q(next_at__gt=now + BILL_PAUSE + SKEW)
    return PayRequest.objects.filter(is_odd).update(next_at=now)
