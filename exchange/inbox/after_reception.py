"""What a portal says of a dossier that was received: it is held for a person (taking.py), who is told at
once, as is whoever has the dossier; and as long as nobody saw to it, its page says so.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from dossiers.acts import legs
from dossiers.clock.flags import whom_to_tell
from dossiers.desk.held_elsewhere import Held
from dossiers.desk.online import Beside
from dossiers.intake.online import CHANNELS
from exchange.inbox.arriving import is_recall
from exchange.inbox.known import became
from exchange.inbox.tax import is_proof, is_tax
from exchange.models import Door, Message
from onestop.accounts.models import Role
from onestop.errors import say
from onestop.outbox.domain import post
from onestop.outbox.told import told

if TYPE_CHECKING:
    from collections.abc import Hashable

    from dossiers.models import Dossier
    from onestop.accounts.models import Agency, Officer

# A withdrawal of what somebody put back among the filings that wait.
OF_A_FILING = "missing_recalled_again"
# Of another source than the dossier's own: says nothing of it.
STRANGE = "missing_other_source"
COLUMNS = ("id", "service", "received_at", "missing")


def tell(message: Message, *, at: datetime) -> None:
    """Inside the transaction in which it is held: the clerks of the counter, and whoever has the
    dossier, once a message however often it is read. Nothing of what concerns no dossier that
    somebody has, and no filing that a person put back.
    """
    codes = _codes(message.missing)
    if not message.foreign_code or STRANGE in codes:
        return
    dossier = became(message, message.filing)
    if dossier is not None and dossier.is_with_somebody:
        counter = _clerks(dossier.received_by_agency, at)
        _post(message, counter, dossier, at_counter=True, at=at)
        known = {one.pk for one in counter}
        others = [one for one in whom_to_tell(dossier, at) if one.pk not in known]
        _post(message, others, dossier, at_counter=False, at=at)
    elif OF_A_FILING in codes and message.agency is not None:
        _post(message, _clerks(message.agency, at), None, at_counter=True, at=at)


def _clerks(agency: Agency, at: datetime) -> list[Officer]:
    return legs.people_of(agency.in_charge(timezone.localdate(at)).pk, at, Role.CLERK)


def _post(
    message: Message, people: list[Officer], dossier: Dossier | None, *, at_counter: bool, at: datetime
) -> None:  # fmt: skip
    words = told(
        "exchange/told/after_reception",
        what=_what(message.service, dossier),
        code=dossier.code if dossier is not None else message.foreign_code,
        why=[say(one["code"], one.get("data")) for one in message.missing],
        at_counter=at_counter,
    )
    page = reverse("exchange_message", args=[message.pk])
    for officer in people:
        post(
            kind="said_of_received",
            dedupe=f"said-of-received:{message.pk}:{officer.pk}",
            **words,
            at=at,
            to_officer=officer,
            object_kind="dossier" if dossier is not None else "",
            object_id=dossier.pk if dossier is not None else None,
            link=page if at_counter or dossier is None else dossier.get_absolute_url(),
            mail=False,
        )


def _what(service: str, dossier: Dossier | None) -> str:
    """What came, and from whom."""
    if is_tax(service):
        return "Chứng từ nộp tiền về đất" if is_proof(service) else "Thông báo nộp tiền về đất"
    is_handed = dossier is not None and dossier.channel not in CHANNELS
    if is_recall(service):
        return "Đơn vị gửi hộ rút hồ sơ" if is_handed else "Người nộp rút hồ sơ trên Cổng"
    return f"{'Đơn vị gửi hộ' if is_handed else 'Cổng'} gửi nội dung mới"


def _in_use() -> Hashable:
    """Whether any system may send to us."""
    return bool(settings.EXCHANGE_SECRETS)


def _held() -> QuerySet[Message]:
    return Message.objects.filter(state=Message.State.QUARANTINED)


def _of_code() -> QuerySet[Message]:
    """What came to no filing: the dossier was received under its code before the portal named it."""
    # By door and code, as they are indexed.
    return _held().filter(filing=None, door__in=Door.objects.values("pk"))


def _said(dossier: Dossier, rows: list[dict[str, Any]]) -> list[Beside]:
    if not dossier.is_with_somebody:
        return []
    return [_line(dossier, row) for row in rows if STRANGE not in _codes(row["missing"])]


def _codes(missing: Any) -> set[str]:
    # Inside a JSON object SQLite gives it as text.
    told = json.loads(missing) if isinstance(missing, str) else missing
    return {one["code"] for one in told}


def _line(dossier: Dossier, row: dict[str, Any]) -> Beside:
    at = f"{timezone.localtime(row['received_at']):%H:%M %d/%m/%Y}"
    address = reverse("exchange_message", args=[row["id"]])
    is_done = is_recall(row["service"]) or is_tax(row["service"])
    todo = "chưa xử lý" if is_done else "chưa đối chiếu với hồ sơ"
    said = f"Thông điệp đến lúc {at}, {todo}."
    return Beside(_what(row["service"], dossier), said, address, asks=True)


# Of what was handed in under another code the filing knows which dossier it became.
OF_FILING = Held(_in_use, _held, "filing__dossier", COLUMNS, Message, _said, outer="pk")
OF_CODE = Held(_in_use, _of_code, "foreign_code", COLUMNS, Message, _said)
