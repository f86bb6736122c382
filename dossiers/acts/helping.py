"""Hỗ trợ nộp trực tuyến: a clerk helps somebody at the counter to file on a portal, and writes it down
(S1). What then comes from the portal is tied to it by its code, or by the same person and procedure on
the same day; one filing has one help that counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dossiers import rules
from dossiers.identity import kind_of, normal_identity, numbers_like
from dossiers.intake import online, portal_codes
from dossiers.intake.said import said_of
from dossiers.models import Dossier, OnlineFiling
from dossiers.models.helping import OnlineHelp
from dossiers.models.online import HANDED
from onestop.errors import DomainError, require
from onestop.folding import fold
from onestop.once import alone, once
from onestop.worktime import start_of_day

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Agency
    from procedures.models import Procedure


@dataclass(frozen=True, slots=True)
class Helped:
    """Whom it was for, as far as it is known: the code on the portal, or who and what."""

    agency: Agency
    procedure: Procedure
    owner_name: str = ""
    identity_number: str = ""
    code: str = ""


def help_online(said: Helped, *, token: UUID, by: Desk, at: datetime) -> OnlineHelp:
    """Effects: the row; a filing that waits already and is plainly this one's is tied to it. The same
    page sent twice gives the first row. Errors: DomainError("help_nobody", "help_twice", "help_old",
    "help_used", "help_handed", "online_code_missing", "online_code_pattern", "not_your_counter",
    "agency_ended").
    """
    require(rules.may_receive_at(by, said.agency, timezone.localdate(at)))
    code = portal_codes.portal_code(said.code)
    if said.code.strip() and not code:
        raise DomainError("online_code_missing", field="source_code")
    name = " ".join(said.owner_name.split())
    number = said.identity_number.strip()
    number = normal_identity(kind_of(number), number) if number else ""
    if not (code or name or number):
        raise DomainError("help_nobody", field="owner_name")
    with once(DomainError("help_twice", field="source_code", taken=code, who="", at="")):
        # What the portal sends at this instant sees this row, or is seen by it.
        alone(online.RECORDING)
        made = OnlineHelp.objects.filter(token=token).select_related("procedure").first()
        if made is not None:
            require(rules.may_stand_at(by, made.agency_id))
            told = (made.agency_id, made.procedure_id, made.owner_name, made.identity_number)
            is_same = told == (said.agency.pk, said.procedure.pk, name, number)
            if made.undone_at is not None or not is_same or code not in ("", made.source_code):
                whose = made.owner_name or made.identity_number or "người đến quầy"
                undone = ", đã hoàn tác" if made.undone_at is not None else ""
                raise DomainError("help_used", whose=whose, undone=undone)
            return made
        if code:
            _check(code, said.agency, at)
        row = OnlineHelp(
            token=token, agency=said.agency, officer=by.officer, at=at, procedure=said.procedure,
            owner_name=name, identity_number=number, source_code=code,
        )  # fmt: skip
        row.source_code = code or _waiting_code(row, at)
        row.save()
    return row


def take_back(pk: int, *, by: Desk, at: datetime) -> OnlineHelp:
    """Hoàn tác: it counts no more from now on; its filing may have another, which it takes at once
    where one waits for it. Errors: DomainError("help_undone", "not_your_counter").
    """
    with transaction.atomic():
        alone(online.RECORDING)
        row = OnlineHelp.objects.select_for_update(of=("self",)).get(pk=pk)
        require(rules.may_stand_at(by, row.agency_id))
        if row.undone_at is not None:
            raise DomainError("help_undone")
        row.undone_at, row.undone_by = at, by.officer
        row.save()
        if row.source_code:
            waits = OnlineFiling.State.WAITING
            tie(OnlineFiling.objects.filter(code=row.source_code, state=waits))
    return row


def tie(filings: Iterable[OnlineFiling]) -> None:
    """Inside the transaction that brought these filings: each that no help names by its code takes the
    first that waits for it. What a partner office hands in is no filing on line. One query for all of
    them, one more a filing that somebody was helped with.
    """
    came = sorted(
        (one for one in filings if one.procedure_id is not None and not one.is_handed),
        key=lambda one: (_handed_in(one), one.pk),
    )
    if not came:
        return
    days = {_day_of(one) for one in came}
    loose = OnlineHelp.objects.standing().filter(
        source_code="",
        procedure__in={one.procedure_id for one in came},
        at__gte=start_of_day(min(days)),
        at__lt=start_of_day(max(days) + timedelta(days=1)),
        at__date__in=days,
    )
    waiting: dict[tuple[int, date], list[OnlineHelp]] = defaultdict(list)
    for row in loose.select_for_update(of=("self",)).order_by("at", "pk"):
        waiting[row.procedure_id, timezone.localdate(row.at)].append(row)
    for filing in came:
        assert filing.procedure_id is not None
        same = waiting[filing.procedure_id, _day_of(filing)]
        found = next((row for row in same if _is_for(row, filing)), None)
        if found is not None and OnlineHelp.objects.of_code(filing.code) is None:
            same.remove(found)
            found.source_code = filing.code
            found.save(update_fields=["source_code"])


def tie_received(dossier: Dossier, filed_at: datetime) -> None:
    """Inside the receiving transaction: of what no line named, or one without its procedure. One query,
    one more where somebody was helped.
    """
    filing = OnlineFiling(
        code=dossier.code, filed_at=filed_at, agency_id=dossier.received_by_agency_id,
        procedure_id=dossier.version.procedure_id, owner_name=dossier.owner_name,
        identity_number=dossier.identity_number, channel=dossier.channel,
    )  # fmt: skip
    tie([filing])


def _check(code: str, agency: Agency, at: datetime) -> None:
    online.source_for(code, list(online.sources_of(agency)))
    if OnlineFiling.objects.filter(code=code, channel__in=HANDED).exists():
        raise DomainError("help_handed", field="source_code", taken=code)
    if (other := OnlineHelp.objects.of_code(code)) is not None:
        raise DomainError(
            "help_twice", field="source_code", taken=code, who=f" {other.officer.full_name} ghi",
            at=f" lúc {timezone.localtime(other.at):%H:%M %d/%m/%Y}",
        )  # fmt: skip
    received = Dossier.objects.filter(code=code).values_list("received_at", flat=True).first()
    if received is not None and timezone.localdate(received) != timezone.localdate(at):
        on = timezone.localdate(received)
        raise DomainError("help_old", field="source_code", taken=code, on=f"{on:%d/%m/%Y}")


def _waiting_code(row: OnlineHelp, at: datetime) -> str:
    """Of the filing that waits already and is plainly this one's; "" of none."""
    on = timezone.localdate(at)
    found = OnlineFiling.objects.filter(
        state=OnlineFiling.State.WAITING,
        procedure=row.procedure_id,
        filed_at__gte=start_of_day(on),
        filed_at__lt=start_of_day(on + timedelta(days=1)),
    ).exclude(channel__in=HANDED)
    for filing in found.order_by("filed_at", "pk"):
        is_its = _day_of(filing) == on and _is_for(row, filing)
        if is_its and OnlineHelp.objects.of_code(filing.code) is None:
            return filing.code
    return ""


def _is_for(row: OnlineHelp, filing: OnlineFiling) -> bool:
    """Of the same procedure and day, the same person: by the numbers where both have one, at whatever
    agency; else by the whole name at the same agency.
    """
    if row.identity_number and filing.identity_number:
        return row.identity_number in numbers_like(filing.identity_number)
    name = fold(row.owner_name)
    return bool(name) and name == fold(filing.owner_name) and row.agency_id == filing.agency_id


def _handed_in(filing: OnlineFiling) -> datetime:
    """When somebody sat down to file it, though it counts as filed only since it was paid."""
    return said_of(filing).handed_in_at or filing.filed_at


def _day_of(filing: OnlineFiling) -> date:
    return timezone.localdate(_handed_in(filing))
