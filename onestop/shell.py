"""Where the frame around every page leads. Each app offers its own parts when it starts
(AppConfig.ready); the frame knows none of them by name.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the work in the rail. `key` names its live count; of two places with one key the
    officer gets the first that the roles held open (None: everybody's). `starts`: the roles whose
    day begins here.
    """

    order: int
    key: str
    view: str
    icon: str
    label: str
    roles: frozenset[str] | None = None
    starts: frozenset[str] = frozenset()

    @property
    def url(self) -> str:
        return reverse(self.view)

    def is_open_to(self, held: frozenset[str]) -> bool:
        return self.roles is None or bool(held & self.roles)


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of the administration."""

    order: int
    key: str
    view: str
    label: str
    roles: frozenset[str]

    @property
    def url(self) -> str:
        return reverse(self.view)


@dataclass(frozen=True, slots=True)
class Link:
    """A page for everybody, in the head of public pages and, with what is found there (`hint`), on
    the first one. `shown`: whether this installation has it.
    """

    order: int
    view: str
    label: str
    hint: str = ""
    shown: Callable[[], bool] = lambda: True

    @property
    def url(self) -> str:
        return reverse(self.view)


@dataclass(frozen=True, slots=True)
class SearchBox:
    """The box on top of every officer's page: where it asks, also while it is typed, what it says,
    whom it answers.
    """

    view: str
    suggests: str
    label: str
    hint: str
    roles: frozenset[str]

    @property
    def url(self) -> str:
        return reverse(self.view)

    @property
    def suggestions_url(self) -> str:
        return reverse(self.suggests)


_offered: dict[tuple[type, str], Place | Tab | Link] = {}
_search: list[SearchBox] = []
_bell: list[Callable[[Any], int]] = []


def offer(*parts: Place | Tab | Link) -> None:
    """Offering the same again changes nothing."""
    _offered.update({(type(one), one.view): one for one in parts})


def offer_search(box: SearchBox) -> None:
    _search[:] = [box]


def offer_bell(counter: Callable[[Any], int]) -> None:
    """How many notices an officer has not read: asked where a page does not know it already."""
    _bell[:] = [counter]


def unread(officer: Any) -> int:
    return _bell[0](officer) if _bell else 0


def search_box() -> SearchBox | None:
    return _search[0] if _search else None


def places() -> list[Place]:
    return sorted(_all(Place), key=lambda one: one.order)


def tabs() -> list[Tab]:
    return sorted(_all(Tab), key=lambda one: one.order)


def links() -> list[Link]:
    return sorted((one for one in _all(Link) if one.shown()), key=lambda one: one.order)


T = TypeVar("T", Place, Tab, Link)


def _all(kind: type[T]) -> Iterator[T]:
    return (one for one in _offered.values() if isinstance(one, kind))
