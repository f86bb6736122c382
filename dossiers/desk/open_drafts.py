"""What a clerk began and has not received, with what became of it meanwhile: a procedure that is not
received here any more keeps its draft, and the list of drafts says why at once (R-133).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from dossiers.desk.intake import answers
from dossiers.models import Draft
from onestop.accounts.models import Role
from onestop.errors import say
from onestop.results import Answer, Denied

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Agency, Officer

# Days before an untouched draft goes in which its line says so.
SOON_GONE = 5


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft in the list: the procedure it is for, when it was last kept, in how many days it goes,
    why it is not received any more ("" where it is), and where the officer stands at several
    counters, at which it was begun.
    """

    token: UUID
    code: str
    title: str
    updated_at: datetime
    days_left: int
    stopped: str = ""
    counter: int | None = None

    @property
    def goes_soon(self) -> bool:
        return self.days_left <= SOON_GONE


def own_counters(desk: Desk) -> list[Agency]:
    """The agencies at whose counter an officer receives, home first."""
    mine = desk.agency_ids_as(Role.CLERK)
    standing = (one for one in desk.agencies if not one.has_ended(desk.on))
    return [agency for agency in standing if agency.pk in mine]


def drafts(
    officer: Officer, now: datetime, kept_days: int, counters: Sequence[Agency]
) -> list[OpenDraft]:
    """Newest first, each as its own counter answers. One query; with any draft one more a counter,
    another one where a list says what it receives, and one for what is not in force.
    `kept_days`: how long a draft lies untouched; `counters`: where the officer stands, home first.
    """
    rows = Draft.objects.filter(officer=officer).order_by("-updated_at", "-pk")[:20]
    found = [
        (d, code, begun_at(_said(d, "co-quan"), counters))
        for d in rows
        if (code := _said(d, "thu-tuc"))
    ]
    on, stopped = timezone.localdate(now), dict[tuple[int, str], str]()
    for agency in counters:
        codes = {code for _, code, counter in found if counter.pk == agency.pk}
        told = answers(codes, on, agency) if codes else {}
        stopped |= {(agency.pk, code): _words(answer) for code, answer in told.items()}
    return [
        OpenDraft(
            d.token,
            code,
            d.title,
            d.updated_at,
            kept_days - (now - d.updated_at).days,
            stopped.get((counter.pk, code), ""),
            counter.pk if len(counters) > 1 else None,
        )
        for d, code, counter in found
    ]


def _said(draft: Draft, name: str) -> str:
    return str((draft.data.get(name) or [""])[0])


def begun_at(named: str, counters: Sequence[Agency]) -> Agency:
    """The counter that a draft names; home where the officer stands there no longer."""
    return next((one for one in counters if str(one.pk) == named), counters[0])


def _words(answer: Answer) -> str:
    return say(answer.code, answer.data) if isinstance(answer, Denied) else ""
