"""What a message says held against the room there is for it: told where it does not fit, never cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exchange.inbox.places import WORDS, Told
from exchange.outbox.spelling import shortened
from onestop.typed import squeeze

if TYPE_CHECKING:
    from exchange.inbox.meaning import Mapped

# Of so many things a note gives the names.
MOST_NAMES = 5
# The parts of an address that are codes (control-and-online 6.4).
CODES_OF_PLACES = frozenset({"MaTinh", "MaHuyen", "MaXa", "DiaChiChiTiet"})
# What is kept without blanks.
NUMBERS = frozenset({"phone", "submitter_phone"})


def fitting(told: Told, found: Mapped, name: str, most: int) -> str:
    """What is longer than there is room for, or no text, is left out and told: part of it would be
    something else.
    """
    note_unread(told, found, name)
    text = told.text(name, 4000)
    if name in NUMBERS:
        text = squeeze(text)
    if len(text) <= most:
        return text
    found.note("note_long", field=WORDS[name], given=shortened(text, 200), most=most)
    return ""


def note_unread(told: Told, found: Mapped, name: str) -> None:
    given = told.value(name)
    if given is None or (name == "address" and _is_codes(given)):
        return
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        found.note("note_unread", field=WORDS[name])


def _is_codes(given: Any) -> bool:
    """An address without its detail: codes of places beside each other, as who lives where houses have no
    numbers leaves it. Nothing of it can be read wrong, and nothing asks for more: the address stays empty
    as where none was given, and a result by post wants one (assessing).
    """
    return isinstance(given, dict) and all(
        name in CODES_OF_PLACES and (value is None or isinstance(value, str | int))
        for name, value in given.items()
    )


def named(names: list[str]) -> str:
    """Some of them, and how many more there are."""
    more = len(names) - MOST_NAMES
    said = "; ".join(shortened(name, 60) for name in names[:MOST_NAMES])
    return f"{said}; và {more} mục khác" if more > 0 else said
