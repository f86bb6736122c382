"""The platform says that money has come: booked once, or listed with what to do. In any order, any
number of times, by its message or by its answer to ours; what is paid stays paid.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce

from dossiers.acts.payments import Booked, Came, book_payment
from dossiers.models.payments import Payment
from exchange.models import PayRequest
from exchange.outbox.port import is_success
from exchange.paying.asking import OPEN, SETTLE
from exchange.paying.contract import confirmed
from onestop.accounts.models import Agency
from onestop.errors import DomainError, say
from onestop.jobs.nudge import nudge
from onestop.templatetags.formatting import money
from onestop.texts import in_one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from exchange.paying.contract import Confirmed
    from exchange.paying.platforms import Platform

logger = logging.getLogger(__name__)
State = PayRequest.State
# Clocks of two systems may differ by so much.
APART = timedelta(minutes=10)


def take(platform: Platform, said: Mapping[str, Any], *, at: datetime) -> Booked | None:
    """A CONFIRM that was signed rightly. A payment that failed is noted while the request is open,
    and never goes over one that came: None. Errors: those of `come`.
    """
    reference = in_one_line(str(said.get("MaThamChieu", "")))[:80]
    if is_success(said.get("MaLoi")):
        try:
            what = confirmed(said)
        except DomainError as error:
            _called_paid(platform, reference, say(error.code, error.data), at)
            raise
        return come(platform, what, at=at)
    # One statement: between a look and a write the money may have come.
    failed = PayRequest.objects.filter(peer=platform.code, reference=reference, state__in=OPEN)
    failed.update(words=say("pay_failed"))
    return None


def come(platform: Platform, what: Confirmed, *, at: datetime) -> Booked:
    """Money has come. Effects in one transaction: the payment, booked under one receipt where it is
    just what was asked for and is owed still, else it stands in the list with its reason; the
    request is paid. Errors: DomainError("payment_differs": told before with another amount,
    "pay_other_request", which the request says from then on; "pay_unreadable").
    """
    row = _request(platform, what.reference)
    try:
        with transaction.atomic():
            agency_id, came = _came(platform, row, what, at)
            came = _of_its_own(came, what)
            done = book_payment(came, agency_id=agency_id, series_id=None, at=at)
            if not _is_of(done.payment, what):  # two at once; told again it is of its own
                raise DomainError("pay_other_request", transaction=what.transaction)
            if row is not None:
                _paid(row.pk, done, at)
    except DomainError as error:
        logger.warning("payment not taken", extra={"of": what.reference, "why": error.code})
        _called_paid(platform, what.reference, say(error.code, error.data), at)
        raise
    return done


def _called_paid(platform: Platform, reference: str, words: str, at: datetime) -> None:
    """The platform calls it paid and nothing could be booked: a person looks at it, and its payer is not
    asked again meanwhile. What is paid stays paid, with these words.
    """
    rows = PayRequest.objects.filter(peer=platform.code, reference=reference)
    rows.update(words=words[:300])
    rows.exclude(state=State.PAID).update(
        **called_paid(at), unsure_since=Coalesce("unsure_since", Value(at))
    )


def called_paid(at: datetime) -> dict[str, Any]:
    """What is written of a request that the platform calls paid. Closed before this was known, it is to be
    looked at again; closed with this known it stays closed.
    """
    stays_closed = When(called_paid_at__isnull=False, then=F("ended_at"))
    return {
        "called_paid_at": Coalesce("called_paid_at", Value(at)),
        "ended_at": Case(stays_closed, default=None),
    }


def _request(platform: Platform, reference: str) -> PayRequest | None:
    rows = PayRequest.objects.filter(peer=platform.code, reference=reference)
    return rows.select_related("dossier").first()


def _came(
    platform: Platform, row: PayRequest | None, what: Confirmed, at: datetime
) -> tuple[int, Came]:
    """At which counter, and as what. Money that names no request of ours stands in the list of the
    agency that the platform names for it.
    """
    doubt = ""
    if row is None:
        doubt = say("pay_no_request", {"reference": what.reference})
    elif what.amount != row.amount:
        doubt = say("pay_amount", {"amount": money(what.amount), "asked": money(row.amount)})
    came = Came(
        source=platform.code,
        reference=what.transaction,
        amount=what.amount,
        paid_at=_paid_at(what.paid_at, row, at),
        content=what.content,
        code=row.dossier.code if row is not None else "",
        doubt=doubt,
        raw=what.raw,
    )
    if row is not None:
        return row.agency_id, came
    agency = Agency.objects.filter(code=platform.agency).values_list("pk", flat=True).first()
    if agency is None:
        raise DomainError("pay_no_agency", agency=platform.agency)
    return agency, came


def _of_its_own(came: Came, what: Confirmed) -> Came:
    """One transaction may tell of two requests (paid in one go, a number used again): each is money,
    and the second is looked at by a person.
    """
    first = Payment.objects.filter(source=came.source, reference=came.reference).first()
    if first is None or _is_of(first, what):
        return came
    doubt = say("pay_other_request", {"transaction": what.transaction})
    return replace(came, reference=f"{came.reference}#{what.reference}"[:80], doubt=doubt)


def _is_of(payment: Payment, what: Confirmed) -> bool:
    return str(payment.raw.get("MaThamChieu")) == what.reference


def _paid_at(said: datetime | None, row: PayRequest | None, at: datetime) -> datetime:
    """As it is said, where it can be: neither before it was asked for (a clock of twelve hours) nor
    later than now.
    """
    begin = row.created_at - APART if row is not None else None
    is_odd = said is None or said > at + APART or (begin is not None and said < begin)
    return at if is_odd or said is None else min(said, at)


def _paid(pk: int, done: Booked, at: datetime) -> None:
    """Behind the dossier and the payment, which are locked first."""
    row = PayRequest.objects.select_for_update(of=("self",)).get(pk=pk)
    if row.state == State.PAID:
        return
    row.state, row.paid_at, row.payment = State.PAID, done.payment.paid_at, done.payment
    row.tries, row.words, row.next_at = 0, "", at
    row.unsure_since = row.called_paid_at = None
    # Its receipt is a matter of its own; who closed it before, and why, stays to be read.
    row.ended_at = None
    row.save()
    nudge(SETTLE)
