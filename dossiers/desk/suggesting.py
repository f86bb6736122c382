"""What the one box offers while it is typed: dossiers, people, procedures, a hand-over list. A few of
each, for the officer who asks, at most five statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from dossiers.desk.batches import batches_of
from dossiers.desk.meant import people_lead
from dossiers.desk.search import SCAN, asked, names_q, numbered
from dossiers.desk.work import short
from dossiers.models import Batch, Dossier, NameKey
from dossiers.models.querysets import WHOLE_AGENCY
from dossiers.reading_codes import batch_at, batch_in, is_scan, register_in
from dossiers.states import State
from onestop.folding import joined, tokens
from procedures.queries import Named, suggest_procedures

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# Lines of a group, and dossiers looked at for them.
MOST, LOOKED = 5, 60
# Procedures on the page of what was found.
MOST_BESIDE = 12
# Figures that may be a procedure's code: fewer are too many procedures, more are a person's number.
CODE_FROM, CODE_TO = 4, 7
_COLUMNS = ("code", "owner_name", "identity_number", "version__name", "state")


@dataclass(frozen=True, slots=True)
class Suggested:
    """A dossier as the list names it."""

    code: str
    owner: str
    number: str
    procedure: str
    state: int

    @property
    def url(self) -> str:
        return reverse("dossier", args=[self.code])

    @property
    def title(self) -> str:
        return short(self.procedure)

    @property
    def status(self) -> str:
        return str(State(self.state).label)


@dataclass(frozen=True, slots=True)
class Someone:
    """An owner with more than one dossier: all of them are one press away."""

    name: str
    number: str
    dossiers: int

    @property
    def url(self) -> str:
        return f"{reverse('search')}?{urlencode({'q': self.number or self.name})}"

    @property
    def last_figures(self) -> str:
        return self.number[-4:]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """`kind`: how dossiers were looked for, as `search` tells it; `lead`: whether the words are
    rather the people's than the procedures' (desk/meant.py).
    """

    kind: str = ""
    dossiers: list[Suggested] = field(default_factory=list)
    people: list[Someone] = field(default_factory=list)
    procedures: list[Named] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    lead: int = 0

    @property
    def names_somebody(self) -> bool:
        return bool(self.dossiers or self.people)

    @property
    def procedures_lead(self) -> bool:
        """Whether they stand above the dossiers; what fits both as well is somebody."""
        return self.lead < 0

    @property
    def opens(self) -> str:
        """What Enter opens where one thing alone is meant: "batch", "dossier", "procedure" (the
        first); "" where somebody has to choose.
        """
        if len(self.batches) == 1 and not self.names_somebody:
            return "batch"
        if len(self.dossiers) == 1 and (self.lead > 0 or not self.procedures):
            return "dossier"
        if self.procedures and not self.names_somebody and self.procedures[0].is_ready:
            return "procedure"
        return ""


def suggest(desk: Desk, text: str, *, on: date, procedures: bool = True) -> Suggestions:
    """In: what was typed or scanned so far; today; whether procedures are to be offered too."""
    text = asked(text)
    if len(text) < 2 and not text.isdecimal():
        return Suggestions()
    hits = numbered(desk, text, on)
    rows = _rows(hits.pks[:LOOKED]) if hits is not None else _named(desk, text)
    asks_catalogue = procedures and may_be_procedure(text) and not are_an_end(text, rows)
    kind = hits.kind if hits is not None else "name"
    called = suggest_procedures(text, on=on) if asks_catalogue else []
    return Suggestions(
        kind,
        rows[:MOST],
        _people(rows, text)[:MOST],
        called,
        _batches(desk, text),
        lead_of(kind, text, [row.owner for row in rows], [one.name for one in called]),
    )


def beside(
    desk: Desk, text: str, *, on: date, kind: str = "", owners: Sequence[str] = ()
) -> Suggestions:
    """What else the same words may mean beside dossiers: procedures, a hand-over list. In: how
    dossiers were looked for, whose were found.
    """
    text = asked(text)
    asks_catalogue = may_be_procedure(text)
    called = suggest_procedures(text, on=on, limit=MOST_BESIDE) if asks_catalogue else []
    return Suggestions(
        kind,
        procedures=called,
        batches=_batches(desk, text),
        lead=lead_of(kind, text, owners, [one.name for one in called]),
    )


def lead_of(kind: str, text: str, owners: Sequence[str], procedures: Sequence[str]) -> int:
    """As `people_lead`, of what was found by its name; by a number they are dossiers before all."""
    if kind != "name":
        return len(owners) and 1
    return people_lead(text, owners, procedures)


def _rows(pks: list[int]) -> list[Suggested]:
    """These dossiers in their order; one query."""
    if not pks:
        return []
    found = {
        pk: Suggested(*columns)
        for pk, *columns in Dossier.objects.filter(pk__in=pks).values_list("pk", *_COLUMNS)
    }
    return [found[pk] for pk in pks if pk in found]


def _named(desk: Desk, text: str) -> list[Suggested]:
    """Dossiers of people called so, exact names first, then the newest; one bounded walk along the
    names of each of the officer's own agencies, until there are enough.
    """
    wanted = names_q(text)
    if wanted is None:
        return []
    whole = set(desk.agency_ids_as(*WHOLE_AGENCY))
    found: list[tuple[int, Suggested]] = []
    for agency_id in desk.agency_ids:
        keys = NameKey.objects.filter(wanted, agency_id=agency_id).order_by("text", "-dossier_id")
        most = LOOKED if agency_id in whole else SCAN
        rows = Dossier.objects.visible_to(desk).filter(pk__in=keys.values("dossier_id")[:most])
        found += [(pk, Suggested(*row)) for pk, *row in rows.values_list("pk", *_COLUMNS)]
        if len(found) >= MOST:
            break
    words = tokens(text)
    ordered = sorted(found, key=lambda one: (tokens(one[1].owner) != words, -one[0]))
    return [row for _, row in ordered]


def _people(rows: Iterable[Suggested], text: str) -> list[Someone]:
    """Owners of several of these dossiers; of those that a name found, who is called so."""
    counted: dict[tuple[str, str], int] = {}
    for row in rows:
        counted[row.owner, row.number] = counted.get((row.owner, row.number), 0) + 1
    return [
        Someone(name, number, count)
        for (name, number), count in counted.items()
        if count > 1 and _is_meant(name, number, text)
    ]


def _is_meant(name: str, number: str, text: str) -> bool:
    squeezed = "".join(joined(text))
    return squeezed in "".join(joined(name)) or squeezed in number.lower()


def are_an_end(text: str, dossiers: Sequence[Suggested]) -> bool:
    """Whether these are figures that found dossiers: the end of a code, hardly a procedure's."""
    return bool(dossiers) and text.isdecimal()


def may_be_procedure(text: str) -> bool:
    """Whether these words may be meant as a procedure's: not a whole dossier, nor a figure or two,
    nor a person's number.
    """
    if is_scan(text):
        return False
    figures = sum(sign.isdecimal() for sign in text)
    return any(sign.isalpha() for sign in text) or CODE_FROM <= figures <= CODE_TO


def _batches(desk: Desk, text: str) -> list[Batch]:
    """The hand-over lists that this officer may open; one query where an address or a number may
    name one. A number without its year is of the newest lists that bear it.
    """
    row, called = batch_at(text), batch_in(text) or register_in(text)
    if called is None and text.isdecimal() and len(text) <= CODE_TO:
        called = int(text), None
    if row is not None:
        wanted = Q(pk=row)
    elif called is not None:
        wanted = Q(number=called[0]) if called[1] is None else Q(number=called[0], year=called[1])
    else:
        return []
    return list(batches_of(desk).filter(wanted).order_by("-given_at", "-pk")[:MOST])
