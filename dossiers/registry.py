"""Every act that may be done to a dossier, as its own module in `acts/` declares it.

What others need to know of acts is read from here: the lifecycle table, who may, what is taken back
and how, the lines of the timeline, the offers of the dossier's page, the names of slips,
`docs/states.md`. Nobody keeps a second list: a new act is registered by its module and stands in
all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar
from uuid import UUID

from django.db.models import Model
from django.urls import reverse

from dossiers.models import Dossier
from dossiers.models.legs import waited_for
from dossiers.states import WAITING, ClockEffect, State
from onestop.accounts.desk import Desk
from onestop.accounts.models import Role
from onestop.errors import DomainError
from onestop.results import Answer, Denied
from onestop.worktime import PauseKind

Rule = Callable[[Desk, Dossier], Answer]
Sources = frozenset[State | None]


V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Told:
    """What the timeline knows of one act: what its event keeps, the row it wrote, whether it was
    taken back since.
    """

    data: dict[str, Any]
    row: Any = None
    undone: bool = False


def _nothing(told: Told) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that the events of an act name one of: their table in the ledger, and the columns
    that pages read of them. No columns: whoever draws the page has the rows already.
    """

    table: str
    columns: tuple[str, ...] = ()


class Block(Protocol):
    """What an act may ask of the ledger's writer (ledger/writer.py) when it is taken back."""

    dossier: Dossier

    def change_all(self, rows: Iterable[Model], **columns: Any) -> None: ...

    def ask(self, read: Callable[[Sequence[int]], Mapping[int, V]]) -> V: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """What decides which act is the one next thing to do: where the dossier lies, what is there."""

    is_working: bool
    at_counter: bool
    has_result: bool
    has_proposal: bool
    # Its result has no number yet.
    is_draft: bool = False
    # It was brought, or is being brought, to somebody who approves.
    is_submitted: bool = False
    # It ended without a result, and originals are still held.
    originals_due: bool = False
    # It was sent back, and the result has not been written anew since.
    is_sent_back: bool = False


def _never(turn: Turn) -> int:
    return 0


def first(turn: Turn) -> int:
    """For what waits for just this act: the next thing wherever it may be done."""
    return 1


@dataclass(frozen=True, slots=True)
class Page:
    """How the dossier's page offers an act. `address` of the act on a dossier; `at_once`: done by
    pressing, without a form. `label`: where the button says it otherwise than the table.
    `main`: as the how-manieth choice it is the one next thing to do; 0 where it is none.
    `waits_for`: only offered while a row of one of these tables is what is waited for.
    """

    icon: str
    address: Callable[[Dossier], str]
    at_once: bool = False
    label: str = ""
    main: Callable[[Turn], int] = _never
    waits_for: tuple[str, ...] = ()


def own_page(name: str) -> Callable[[Dossier], str]:
    """The address of an act that has a page of its own below the dossier's."""
    return lambda dossier: reverse(name, args=[dossier.code])


@dataclass(frozen=True, slots=True)
class SlipKind:
    """The slip an act prints: its slug in addresses and what officers call it; the context its page
    shows (slips/contexts.py), and what fills one from the rows behind it (slips/subjects.py).
    `title`: of a slip that no set of official forms has (slips/forms.py has those).
    `by_handler`: made and numbered by the agency that handles the dossier, not by the counter;
    `size` of a slip with a title of its own; `outgoing`: it is a document of the office, numbered by
    the văn thư in the register of this kind (slips/numbering.py).
    """

    slug: str
    name: str
    context: type[Any]
    build: Callable[[Any], Any]
    title: str = ""
    by_handler: bool = False
    size: Literal["a5", "a4"] = "a5"
    outgoing: str = ""


@dataclass(frozen=True, slots=True)
class Asks:
    """What an act asks of the applicant, who is waited for in the act's target state.

    `since` and `until`: the columns of its row that say when it was asked and when it was there; a
    row with the first and without the second is the one that is waited for. `columns`: what the
    look-up reads of it. `waits`: as what time the clock leaves the wait out, and lists call it.
    `sentence`: what the look-up says on top, by code alone. `folder` below templates/dossiers/asks:
    now.html and promise.html on the dossier's page, lookup.html and bring.html behind the secret,
    each with `row`.
    """

    rows: Rows
    since: str
    until: str
    columns: tuple[str, ...]
    sentence: str
    folder: str
    waits: PauseKind

    def template(self, name: str) -> str:
        return f"dossiers/asks/{self.folder}/{name}.html"

    @property
    def now(self) -> str:
        return self.template("now")

    @property
    def promise(self) -> str:
        return self.template("promise")

    @property
    def lookup(self) -> str:
        return self.template("lookup")

    @property
    def bring(self) -> str:
        return self.template("bring")

    def is_open(self, row: Mapping[str, Any]) -> bool:
        """Whether a row as pages read it is the one that is waited for."""
        return row["undone_at"] is None and bool(row[self.since]) and not row[self.until]


class Press(Protocol):
    """What an act on one of many is done with (acts/pressing.py): who, when, the id of the press."""

    @property
    def by(self) -> Desk: ...

    @property
    def at(self) -> datetime: ...

    @property
    def press(self) -> UUID: ...


@dataclass(frozen=True, slots=True)
class OnMany:
    """That an act may be done to many dossiers by one press, each in a transaction of its own.

    `verb`: does it to one, as a page showed it, with what the press's form told; gives the slip to
    print where there is one. `form`: where that form is found (forms/pressing.py). `button`: what
    presses it. `path`: the last part of its address. `lists`: the lists that offer it,
    by their keys; `at_once`: without a page in between, for it asks nothing. `foresees`: which of
    the chosen it will refuse and why, beside what the act's own rule says (with what `cho` names):
    in as many queries whatever their number. `undo`: how what a press did is taken back, where not by taking the act back.
    `gathers`: the dossiers, with their versions, that something else than a list names (`cho` of the
    address).
    """

    verb: Callable[[Any, Mapping[str, Any], Press], int | None]
    form: str
    button: str
    path: str
    lists: frozenset[str]
    at_once: bool = False
    foresees: Callable[[Sequence[Dossier], datetime, str], Mapping[int, DomainError]] | None = None
    undo: Callable[[UUID, Desk, datetime], list[Any]] | None = None
    gathers: Callable[[Desk, str], list[tuple[int, int]]] | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `sources` with None: before there is a dossier; `target` None leaves the state as it
    is.

    `order`: its place in the table and among the offers of a page. `way_back`: empty when whoever
    did it may take it back until somebody else has acted on the dossier; otherwise why not, or what
    to do instead.
    `told_by`: the rows its event names one of; `lines`: what the timeline adds to the label.
    `asks`: what it asks of the applicant.
    `is_silent`: always comes with another act that says the same; `only_prints`: no page that is
    open gets old by it; `is_aside`: it is done to a leg by the agency that has it, so no open page of
    the dossier gets old by it, and it does not stand before taking back what was done to the dossier.
    `is_giving`: it writes a hand-over, which recalling takes back.
    `many`: how it is done to many by one press; None where it is done to one only, or many are one
    transaction of their own (docs/adr/0026).
    `on_undo`: what taking it back needs beside the rows and columns that the ledger puts back, or
    why it is refused.
    """

    name: str
    label: str
    order: int
    sources: Sources
    target: State | None
    roles: frozenset[str]
    may: Rule
    clock: ClockEffect = ClockEffect.NONE
    way_back: str = ""
    tone: str = "done"
    is_silent: bool = False
    only_prints: bool = False
    is_aside: bool = False
    is_giving: bool = False
    told_by: Rows | None = None
    lines: Callable[[Told], Iterable[str]] = _nothing
    page: Page | None = None
    slip: SlipKind | None = None
    asks: Asks | None = None
    many: OnMany | None = None
    on_undo: Callable[[Block, dict[str, Any]], None] | None = None

    @property
    def can_be_taken_back(self) -> bool:
        return not self.way_back

    @property
    def many_come_back(self) -> bool:
        """Whether a press on many is taken back as a whole."""
        by_itself = self.many is not None and self.many.undo is not None
        return by_itself or self.can_be_taken_back

    def answer(self, desk: Desk, dossier: Dossier) -> Answer:
        """Whether this officer may do it to the dossier as it stands: role first, then the act's
        own rule.
        """
        if not desk.has(*(Role(role) for role in self.roles)):
            return Denied("role_missing", {"act": self.label.lower()})
        if self.target == State.FINISHED and dossier.open_legs:
            return Denied("legs_open", {"who": waited_for(dossier.pk)})
        return self.may(desk, dossier)


_declared: dict[str, Act] = {}


def register(act: Act) -> Act:
    """Declare an act; its module keeps what comes back. Two acts of one name are a mistake of ours."""
    if act.name in _declared:
        raise ValueError(f"two acts are called {act.name}")
    _declared[act.name] = act
    return act


def register_on_many(name: str, how: OnMany) -> Act:
    """Declare in a module of its own how an act of another one is done to many by one press."""
    if (act := _declared[name]).many is not None:
        raise ValueError(f"{name} is done to many in two ways")
    _declared[name] = replace(act, many=how)
    return _declared[name]


def find(name: str) -> Act | None:
    """The act of this name; None where there is none (the name comes from an event)."""
    return _declared.get(name)


def get(name: str) -> Act:
    """The act of this name. Errors: KeyError."""
    return _declared[name]


def all_acts() -> list[Act]:
    """Every act, in the order of a dossier's life."""
    return sorted(_declared.values(), key=lambda act: (act.order, act.name))


def giving_kinds() -> list[str]:
    """The acts whose hand-over is recalled while nobody has confirmed it."""
    return [act.name for act in all_acts() if act.is_giving]


def label_of(kind: str) -> str:
    """What people call the act behind an event."""
    act = find(kind)
    return act.label if act is not None else kind


def on_many(key: str) -> list[Act]:
    """What may be done to many of the list of this key."""
    return [act for act in all_acts() if act.many is not None and key in act.many.lists]


def many_at(path: str) -> Act | None:
    """The act on many of this address; None where there is none."""
    return next((act for act in all_acts() if act.many and act.many.path == path), None)


def slip_kinds() -> dict[str, SlipKind]:
    """The slips that acts print, by slug."""
    return {act.slip.slug: act.slip for act in all_acts() if act.slip is not None}


# Slips that no act of one dossier prints.
_OF_MANY = {"tiep-nhan-tap-the": "Giấy tiếp nhận của nhiều hồ sơ"}


def slip_names() -> dict[str, str]:
    """What officers call each slip, by slug."""
    return {slug: slip.name for slug, slip in slip_kinds().items()} | _OF_MANY


def told_rows() -> dict[str, Rows]:
    """The rows that acts are told by and pages read, by table."""
    return {
        act.told_by.table: act.told_by
        for act in all_acts()
        if act.told_by is not None and act.told_by.columns
    }


def asking() -> list[Asks]:
    """What may be asked of an applicant, in the order of a dossier's life."""
    return [act.asks for act in all_acts() if act.asks is not None]


def asked_in(state: int) -> list[Asks]:
    """What a dossier in this state may wait for the applicant to do; nothing where it waits for
    none.
    """
    return [act.asks for act in all_acts() if act.asks is not None and act.target == state]


def shared_asks() -> list[Asks]:
    """What may be asked for in a state in which something else is asked for first."""
    return [
        act.asks
        for act in all_acts()
        if act.asks is not None
        and act.target is not None
        and asked_in(act.target)[0] is not act.asks
    ]


def waits_for(state: int) -> PauseKind | None:
    """What a dossier in this state waits for, while its term stands still."""
    asked = asked_in(state) if state in WAITING else ()
    return asked[0].waits if asked else None


def main_act(turn: Turn, names: Collection[str]) -> str:
    """The one next thing to do among acts that may be done; empty where it is none of them."""
    ranked = [
        (rank, act.order, act.name)
        for act in all_acts()
        if act.page is not None and act.name in names and (rank := act.page.main(turn))
    ]
    return min(ranked)[2] if ranked else ""


def shows(desk: Desk, dossier: Dossier, name: str) -> Answer:
    """What a page asks to show or grey a button: the state first, then the rule."""
    act = get(name)
    if State(dossier.state) not in act.sources:
        return Denied(
            "wrong_state", {"act": act.label.lower(), "state": State(dossier.state).label}
        )
    return act.answer(desk, dossier)


__all__ = [
    "Act",
    "Asks",
    "OnMany",
    "Page",
    "Press",
    "Rows",
    "SlipKind",
    "Told",
    "Turn",
    "all_acts",
    "asked_in",
    "asking",
    "find",
    "first",
    "get",
    "giving_kinds",
    "label_of",
    "main_act",
    "many_at",
    "on_many",
    "own_page",
    "register",
    "register_on_many",
    "shared_asks",
    "shows",
    "slip_kinds",
    "slip_names",
    "told_rows",
    "waits_for",
]
