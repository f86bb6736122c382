"""Closing a message that is held, and opening it again; what of it the portal is told, so that who handed
it in reads there what the officer sees here.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dossiers.intake import online
from dossiers.models import Dossier, OnlineFiling
from dossiers.states import State as Stands
from exchange.inbox import taking
from exchange.inbox.arriving import is_recall
from exchange.models import Delivery, Message
from exchange.outbox import messages
from exchange.outbox.peers import are_connected
from exchange.outbox.taking import TAKEN, say_filing
from onestop.accounts.models import Officer
from onestop.errors import DomainError
from onestop.once import alone
from onestop.outbox.models import Fact

State = Message.State


def is_all_there_is(message: Message) -> bool:
    """Whether nothing else of this code stands here, or is looked at: how this message ends is then how
    the filing ends. Not what came to a filing or dossier that is here, nor what was taken back. At
    most four queries.
    """
    code = message.foreign_code
    if not code or is_recall(message.service):
        return False
    if OnlineFiling.objects.filter(code=code).exclude(state=OnlineFiling.State.RECALLED).exists():
        return False
    if Dossier.objects.filter(code=code).exists():
        return False
    others = Message.objects.filter(door=message.door_id, foreign_code=code).exclude(pk=message.pk)
    looked_at = others.filter(state__in=(State.NEW, State.QUARANTINED))
    if any(not is_recall(service) for service in looked_at.values_list("service", flat=True)):
        return False
    return not taking.was_recalled(message)


def is_told(message: Message) -> bool:
    """Whether the portal can be told that what is held was not received: never of what a partner office
    handed in, which no portal knows. At most six queries.
    """
    if not (message.is_held and are_connected()):
        return False
    return message.door.source.channel is None and is_all_there_is(message)


def close(pk: int, *, reason: str, by: Officer, at: datetime, tells: bool | None = None) -> Message:
    """Đóng: a person has done what it asks, or nothing is to be done. Where it is all there is of the
    filing, and `tells`, the portal is told status 3 (không được tiếp nhận) with the reason, in the
    order of what it is told of this code; one statement. Errors: DomainError("exchange_reason",
    "exchange_not_held", "exchange_close_how": nobody said whether the portal is told).
    """
    if not reason.strip():
        raise DomainError("exchange_reason", field="reason")
    with transaction.atomic():
        message = _locked(pk)
        if not message.is_held:
            raise DomainError("exchange_not_held")
        may_tell = is_told(message)
        if may_tell and tells is None:
            raise DomainError("exchange_close_how", field="tells")
        message.state, message.ended_at, message.ended_by = State.REFUSED, at, by
        message.reason = " ".join(reason.split())[:300]
        message.save()
        if may_tell and tells:
            _tell(message, Stands.NOT_RECEIVED, message.reason, by=by, at=at)
    return message


def may_be_opened(message: Message) -> bool:
    """What a person closed, as long as its text is kept; what the door refused was never read."""
    return (
        message.state == State.REFUSED
        and message.ended_by_id is not None
        and message.purged_at is None
    )


def open_again(pk: int, *, by: Officer, at: datetime) -> Message:
    """Mở lại: it is held as before, with the hours it had; where the portal reads that nothing was
    received, it is told in a message of its own that it is looked at again (status 1). Errors:
    DomainError("exchange_not_closed").
    """
    with transaction.atomic():
        message = _locked(pk)
        if not may_be_opened(message):
            raise DomainError("exchange_not_closed")
        was_told = _was_told(message)
        message.state, message.ended_at, message.ended_by = State.QUARANTINED, None, None
        message.reason = ""
        message.save()
        if was_told:
            _tell(message, Stands.REGISTERED, messages.LOOKED_AT_AGAIN, by=by, at=at)
    return message


def _was_told(message: Message) -> bool:
    """Whether the last that the portal was told of this code, or will be, is that this was closed."""
    code = message.foreign_code
    said = Fact.objects.filter(topic__in=TAKEN, key=code).order_by("-pk").values_list("payload")
    kinds = (Delivery.Kind.STATUS, Delivery.Kind.DOSSIER)
    told = Delivery.objects.filter(line__code=code, kind__in=kinds).order_by("-pk")
    found = said.first() or told.values_list("payload").first()
    if found is None or message.ended_at is None:
        return False
    is_refusal = found[0].get("state") == Stands.NOT_RECEIVED
    return is_refusal and datetime.fromisoformat(found[0]["at"]) == message.ended_at


def _locked(pk: int) -> Message:
    # As when it is read: what arrives of the same code at this instant is seen, or waits.
    alone(online.RECORDING)
    return Message.objects.select_for_update(of=("self",)).get(pk=pk)


def _tell(message: Message, state: Stands, words: str, *, by: Officer, at: datetime) -> None:
    """What names no counter stands on the page of reconciliation with the agency of who closed it."""
    agency = message.agency_id or by.agency_id
    say_filing(
        message.foreign_code,
        state=int(state),
        words=words,
        agency=agency,
        officer=by.pk,
        at=at,
    )
