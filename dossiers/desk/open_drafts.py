"""What a clerk began and has not received, with what became of it meanwhile: a procedure that is not
received here any more keeps its draft, and the list of drafts says why at once (R-133).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from dossiers.models import Draft
from onestop.errors import say
from onestop.results import Denied
from procedures.channels import Channel
from procedures.listed import listed
from procedures.models import ProcedureVersion
from procedures.rules import receivable

if TYPE_CHECKING:
    from onestop.accounts.models import Agency, Officer

# Days before an untouched draft goes in which its line says so.
SOON_GONE = 5


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft in the list: the procedure it is for, when it was last kept, in how many days it goes,
    and why it is not received any more ("" where it is).
    """

    token: UUID
    code: str
    title: str
    updated_at: datetime
    days_left: int
    stopped: str = ""

    @property
    def goes_soon(self) -> bool:
        return self.days_left <= SOON_GONE


def drafts(officer: Officer, now: datetime, kept_days: int, agency: Agency) -> list[OpenDraft]:
    """Newest first. One query; with any draft one more, and another one where a list says what the
    agency's counter receives. `kept_days`: how long a draft lies untouched.
    """
    rows = Draft.objects.filter(officer=officer).order_by("-updated_at")[:20]
    found = [(d, code) for d in rows if (code := (d.data.get("thu-tuc") or [""])[0])]
    stopped = why_stopped({code for _, code in found}, timezone.localdate(now), agency)
    return [
        OpenDraft(
            d.token,
            code,
            d.title,
            d.updated_at,
            kept_days - (now - d.updated_at).days,
            stopped.get(code, ""),
        )
        for d, code in found
    ]


def why_stopped(codes: Iterable[str], on: date, agency: Agency) -> dict[str, str]:
    """Of these procedures, those that are not received at an agency's counter on a day, and why."""
    wanted = set(codes)
    if not wanted:
        return {}
    versions = ProcedureVersion.objects.in_force(on).filter(procedure__code__in=wanted)
    known = {one.code: one for one in versions.select_related("procedure").order_by("number")}
    lists = listed(agency, on, [one.procedure_id for one in known.values()])
    found = {}
    for code in sorted(wanted):
        version = known.get(code)
        if version is None:
            found[code] = say("procedures.abolished", {"procedure": code})
            continue
        answer = receivable(version, on)
        if answer:
            # Who files online does not come to the counter: what is asked when it is assessed.
            answer = lists.answer(version.procedure_id, code=code, channel=Channel.ONLINE_FULL)
        if isinstance(answer, Denied):
            found[code] = say(answer.code, answer.data)
    return found
