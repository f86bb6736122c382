"""A dossier that was handed in on a portal: is its code one of a source, free, and when was it filed;
until when must it be answered (R-36, R-40).

Received is accepted: the instant of reception is the system's, and the time of filing stands beside
it. Nothing here makes a code.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from dossiers.intake import portal_codes, said
from dossiers.models import Dossier, OnlineFiling, OnlineOrigin, OnlineSource
from onestop import worktime
from onestop.errors import DomainError
from onestop.once import beside
from onestop.worktime import Calendar, CalendarMissing, Promise, parse_term
from procedures.channels import Channel

if TYPE_CHECKING:
    from dossiers.intake.brought import OnlineIn
    from onestop.accounts.models import Agency

CHANNELS = frozenset({Channel.ONLINE_FULL, Channel.ONLINE_PART})
# Within so long an online filing is received or answered.
ANSWER_WITHIN = parse_term("8 giờ làm việc")
# An older filing than this is received with a reason; before the first day there was no portal.
OLD_DAYS = 30
OLD = timedelta(days=OLD_DAYS)
FIRST_DAY = datetime(2015, 1, 1, tzinfo=UTC)
# Held while a list is recorded (onestop/once.py): neither sees what the other has not written yet.
RECORDING = 36_40
# Portals' clocks go a little before ours.
AHEAD = timedelta(minutes=5)


def clock(filed_at: datetime, calendar: Calendar) -> Promise:
    """Until when it must be answered, from when that is soon over and over; undetermined where a
    year has no calendar.
    """
    return worktime.due_or_undetermined(filed_at, ANSWER_WITHIN, calendar)


def minutes_between(filed_at: datetime, at: datetime, calendar: Calendar) -> int | None:
    """Working minutes from filing to an instant; None where a year has no calendar."""
    try:
        return calendar.working_minutes_between(filed_at, at) if at > filed_at else 0
    except CalendarMissing:
        return None


def sources_of(*agencies: Agency) -> QuerySet[OnlineSource]:
    """The portals that these agencies' dossiers may come from: their own, those of agencies above
    them, those of everybody. What partner offices hand in has a code of ours.
    """
    above = {pk for agency in agencies for pk in agency.lineage}
    here = Q(agency=None) | Q(agency__in=above)
    return OnlineSource.objects.filter(here, ended_at=None, channel=None).order_by("name")


def national_source() -> OnlineSource:
    """The national portal as a source of everybody, made when the first list is uploaded."""
    found, _ = OnlineSource.objects.get_or_create(
        name=portal_codes.NATIONAL_NAME, defaults={"code_pattern": portal_codes.NATIONAL}
    )
    return found


def source_for(code: str, sources: list[OnlineSource]) -> OnlineSource | None:
    """The first source whose codes look so. Errors: DomainError("online_code_pattern") for none;
    where none is set up, the national portal's pattern decides and no row stands for it.
    """
    for source in sources:
        if portal_codes.fits(code, source.code_pattern):
            return source
    if not sources and portal_codes.fits(code, portal_codes.NATIONAL):
        return None
    patterns = "; ".join(f"{one.name}: {one.code_pattern}" for one in sources)
    raise DomainError(
        "online_code_pattern",
        field="source_code",
        given=code,
        patterns=patterns or f"{portal_codes.NATIONAL_NAME}: {portal_codes.NATIONAL}",
    )


@dataclass(frozen=True, slots=True)
class Filed:
    """What is known of a filing once nothing is wrong with it."""

    code: str
    filed_at: datetime
    source: OnlineSource | None
    # What a list said of it; `listed`: it still waits, and the time of filing is the list's.
    filing: OnlineFiling | None
    listed: bool = False
    reason: str = ""


def filing_of(code: str) -> OnlineFiling | None:
    """What a list said of this code, whatever became of it. One query or none."""
    if not code:
        return None
    return OnlineFiling.objects.filter(code=code).select_related("agency", "source").first()


def content_of(filing: OnlineFiling) -> str:
    """What a page shows of a filing, as a short sign: another one when the portal sent another content."""
    shown = [
        filing.owner_name, filing.identity_number, filing.phone, filing.email, filing.address,
        filing.channel, filing.procedure_id, filing.case_id, filing.filed_at.timestamp(), filing.said,
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]
    return f"{filing.pk}-{digest}"


def _is_other_content(seen: str, filing: OnlineFiling) -> bool:
    """A page that began with another filing, or with none, says nothing of this one's."""
    return seen.partition("-")[0] == str(filing.pk) and seen != content_of(filing)


def check(online: OnlineIn, *, agency: Agency, at: datetime, lock: bool = False) -> Filed:
    """Whether this may be received here under the portal's code. Three queries; two more for who
    writes under a code that no list named.

    `lock`: inside the receiving transaction, so that nobody closes its line meanwhile. Errors:
    DomainError with the field: online_code_missing, online_code_pattern, code_taken,
    online_elsewhere, online_closed, online_taken_back, online_revised, and of the time of filing online_filed_…
    """
    code = online.code
    if not code:
        raise DomainError("online_code_missing", field="source_code")
    filing = _line(code, agency, lock=lock)
    if lock and filing is None and beside(RECORDING):
        # The list that was recorded meanwhile may have brought this very code.
        filing = _line(code, agency, lock=lock)
    waiting = filing if filing is not None and filing.is_waiting else None
    if waiting is not None and _is_other_content(online.seen, waiting):
        raise DomainError("online_revised", field="source_code")
    source = waiting.source if waiting is not None else source_for(code, list(sources_of(agency)))
    # A page that is sent twice finds its own dossier: only who writes asks whose the code is.
    if lock and Dossier.objects.filter(code=code).exists():
        raise DomainError("code_taken", field="source_code", taken=code)
    filed_at = _filed_at(online, filing, at)
    return Filed(code, filed_at, source, filing, waiting is not None, online.reason.strip())


def _line(code: str, agency: Agency, *, lock: bool) -> OnlineFiling | None:
    rows = OnlineFiling.objects.filter(code=code).select_related("agency", "source")
    filing = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if filing is None:
        return None
    if filing.state == OnlineFiling.State.ELSEWHERE:
        why = "online_taken_back" if filing.is_taken_back else "online_closed"
        raise DomainError(why, field="source_code", taken=code)
    if filing.is_waiting and filing.agency_id != agency.pk:
        raise DomainError(
            "online_elsewhere", field="source_code", taken=code, agency=filing.agency.name
        )
    return filing


def _filed_at(online: OnlineIn, filing: OnlineFiling | None, at: datetime) -> datetime:
    """The portal's list knows better than whoever types: no late reception is hidden by a time."""
    typed = online.filed_at
    if filing is not None and (filing.is_waiting or typed is None):
        if typed is not None and not _same_minute(typed, filing.filed_at):
            listed = worktime.local(filing.filed_at)
            raise DomainError(
                "online_filed_differs", field="filed_at", listed=f"{listed:%d/%m/%Y %H:%M}"
            )
        return filing.filed_at
    if typed is None:
        raise DomainError("online_filed_missing", field="filed_at")
    if typed > at:
        raise DomainError("online_filed_ahead", field="filed_at")
    if typed < FIRST_DAY:
        raise DomainError("online_filed_before", field="filed_at")
    if typed < at - OLD and not online.reason.strip():
        raise DomainError("online_filed_old", field="filed_reason", days=OLD.days)
    return typed


def _same_minute(one: datetime, other: datetime) -> bool:
    """What is typed has no seconds."""
    return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)


def origin_of(filed: Filed, *, at: datetime, calendar: Calendar) -> OnlineOrigin:
    """The row that the dossier keeps of it; not written yet."""
    # By the policy of its procedure the hours may begin later than it was filed (intake/said.py).
    told = said.said_of(filed.filing) if filed.listed and filed.filing is not None else said.NOTHING
    promise = clock(told.counts_from or filed.filed_at, calendar)
    return OnlineOrigin(
        source=filed.source,
        filed_at=filed.filed_at,
        accept_by=promise.at,
        minutes=minutes_between(filed.filed_at, at, calendar),
        late=promise.at is not None and at > promise.at,
        listed=filed.listed,
        reason=filed.reason,
    )
