"""What a partner office's page asks before it hands in (acts/partners.py), asked of its own program where
it sends: the days of the office, the counter, the procedure by its channel, the paper by which an agent
acts. A portal is asked nothing here.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.utils import timezone

from dossiers.desk import partners
from dossiers.models import OnlineFiling
from exchange.inbox.mapping import mapped, table_for
from exchange.inbox.places import Told
from onestop.errors import DomainError
from onestop.results import Denied

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Any

    from dossiers.desk.partners import Handing
    from exchange.inbox.memo import Memo
    from exchange.models import Door
    from onestop.accounts.models import Agency

logger = logging.getLogger(__name__)


class NotLet(DomainError):
    """Who sends is known, and may not hand this in."""


def handing_of(door: Door, at: datetime) -> Handing | None:
    """The days and counters of the partner office that sends, once for all that it sends in one body.
    None for a portal, and where there is no such office. Two queries; none for a portal.
    """
    if door.source.channel is None:
        return None
    return partners.handing_of(door.source_id, timezone.localdate(at))


def handed_before(door: Door, codes: Iterable[str]) -> dict[str, Agency]:
    """Where a partner office handed in what it names, by code. One query; none for a portal."""
    if door.source.channel is None:
        return {}
    here = OnlineFiling.objects.filter(code__in=set(codes), source=door.source_id)
    return {one.code: one.agency for one in here.select_related("agency")}


def check(
    door: Door,
    data: dict[str, Any],
    code: str,
    *,
    at: datetime,
    handing: Handing | None,
    before: dict[str, Agency],
    memo: Memo,
) -> None:
    """Of a dossier that a partner's program hands in or changes; what it takes back is never asked.
    `handing`, `before`: as handing_of and handed_before say; `memo`: of its body. No query for a portal,
    else some ten for the first of a counter and a procedure. Errors: NotLet("partner_over",
    "partner_counter", those of the catalogue and of the counter's lists),
    DomainError("exchange_authorisation").
    """
    if door.source.channel is None:
        return
    if handing is None or not handing.partner.holds_on(handing.on):
        raise NotLet("partner_over", partner=str(door.source))
    if (agency := before.get(code)) is not None:
        # As a completion is: what was handed in before was judged then.
        _require(handing.to(agency))
        return
    _require(_denied(door, data, at, handing, memo))
    told = Told(data, table_for(door, data, now=at, memo=memo).fields)
    if not handing.partner.is_post and not told.text("authorisation", 200):
        raise DomainError("exchange_authorisation")


def _denied(door: Door, data: dict[str, Any], at: datetime, handing: Handing, memo: Memo) -> object:
    """By the very reading that makes a filing of it. What a fault of ours ends is kept and read later."""
    try:
        return mapped(door, data, now=at, handing=handing, memo=memo).denied
    except Exception:
        logger.exception("message not asked", extra={"of": door.name})
        return None


def _require(answer: object) -> None:
    if isinstance(answer, Denied):
        raise NotLet(answer.code, **answer.data)
