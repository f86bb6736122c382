"""What a citizen may read of a dossier that was handed in on a portal and is no dossier here yet: the
same that the counter sees of it, and nothing of a person (R-36, R-40, R-91).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from dossiers.models import CounterVisit, OnlineFiling
from dossiers.reading_codes import readings

if TYPE_CHECKING:
    from onestop.accounts.models import Agency
    from onestop.paging import Page

State = OnlineFiling.State
SECRETS = ("dossier__secret", "dossier__salt")
WAITS, LOOKED_AT, UNPAID, CLOSED, GUIDED, REFUSED, TAKEN_BACK, SETTLED, RECEIVED = (
    "waits",
    "looked_at",
    "unpaid",
    "closed",
    "guided",
    "refused",
    "taken_back",
    "settled",
    "received",
)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """`stand`: one of the words above; `since`: when it came to stand so; `answer_by`: until when the
    counter has to answer, where that is known. `agency`: None where nobody knows whose it is.
    """

    code: str
    stand: str
    since: datetime
    answer_by: datetime | None = None
    agency: Agency | None = None
    # Of what a partner office handed in: the code of the dossier that it became.
    received_as: str = ""
    is_handed: bool = False

    def is_late(self, now: datetime) -> bool:
        return self.answer_by is not None and now >= self.answer_by


@dataclass(frozen=True, slots=True)
class Arrived:
    """What arrived and is no filing yet, by the id of its row."""

    pk: int
    found: HandedIn


class ArrivedOf(Protocol):
    """A page of what arrived of an owner, by twelve digits as the provider said them."""

    def __call__(
        self, number: str, now: datetime, *, size: int, after: str = "", before: str = ""
    ) -> Page[Arrived]: ...


# Whoever brings filings in says what else of this code has arrived and is looked at.
arrived: list[Callable[[tuple[str, ...]], HandedIn | None]] = []
# The same of a citizen who signed in.
arrived_of: list[ArrivedOf] = []
# The same says of filings that were guided (by id) when the applicant took which back since.
taken_back: list[Callable[[Iterable[int]], Mapping[int, datetime]]] = []


def handed_in(code: str) -> HandedIn | None:
    """By code alone, of what no dossier bears. One query, and that of `stands`; those of `arrived`
    where no filing bears it either.
    """
    codes = tuple(one for one in readings(code) if one)
    rows = OnlineFiling.objects.filter(code__in=codes).exclude(state=State.RECALLED)
    found = {
        row.code: row for row in rows.select_related("agency", "visit", "dossier").defer(*SECRETS)
    }
    filing = next((found[one] for one in codes if one in found), None)
    if filing is not None:
        return stands([filing])[0]
    return next((one for tell in arrived if (one := tell(codes)) is not None), None)


def stands(filings: Sequence[OnlineFiling]) -> list[HandedIn]:
    """How each stands, in their order. One query of those that were guided, where there are any."""
    guided = [one.pk for one in filings if not one.is_waiting and _ended(one) == GUIDED]
    back: dict[int, datetime] = {}
    for tell in taken_back if guided else ():
        back |= tell(guided)
    return [_of(one, back.get(one.pk)) for one in filings]


def _of(filing: OnlineFiling, back_at: datetime | None) -> HandedIn:
    if filing.is_waiting:
        return HandedIn(
            filing.code,
            WAITS,
            filing.filed_at,
            filing.accept_by,
            filing.agency,
            is_handed=filing.is_handed,
        )
    known = filing.stands_as if filing.is_handed else None
    return HandedIn(
        filing.code,
        TAKEN_BACK if back_at is not None else _ended(filing),
        back_at or filing.ended_at or filing.filed_at,
        agency=filing.agency,
        received_as=known.code if known is not None else "",
        is_handed=filing.is_handed,
    )


def _ended(filing: OnlineFiling) -> str:
    if filing.is_handed and filing.stands_as is not None:
        return RECEIVED
    if filing.state == State.ANSWERED and filing.visit is not None:
        return REFUSED if filing.visit.kind == CounterVisit.Kind.REFUSE else GUIDED
    return TAKEN_BACK if filing.is_taken_back else SETTLED
