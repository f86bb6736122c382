"""What a message says held against the room there is for it: told where it does not fit, never cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exchange.inbox.places import WORDS, Told
from exchange.outbox.spelling import shortened
from onestop.typed import squeeze

if TYPE_CHECKING:
    from exchange.inbox.meaning import Mapped

# Of so many things a note gives the names.
MOST_NAMES = 5
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
    if given is not None and (isinstance(given, bool) or not isinstance(given, str | int | float)):
        found.note("note_unread", field=WORDS[name])


def named(names: list[str]) -> str:
    """Some of them, and how many more there are."""
    more = len(names) - MOST_NAMES
    said = "; ".join(shortened(name, 60) for name in names[:MOST_NAMES])
    return f"{said}; và {more} mục khác" if more > 0 else said
