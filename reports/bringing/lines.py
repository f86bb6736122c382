"""One line of a brought table as figures: read or refused with a reason, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from onestop.columns import Columns
from onestop.errors import DomainError
from onestop.tables import TableRow
from onestop.texts import MOST_NUMBER, has_letter, whole_number
from onestop.typed import one_line, plain_digits
from reports.bringing.columns import MEASURES, UNIT
from reports.figures.measures import MEASURES as KNOWN
from reports.rendering.texts import cell

# "1.234", "1,234", "1 234": thousands, since nobody handles part of a dossier.
_THOUSANDS = re.compile(r"\d{1,3}(?:([., \u00a0\u202f])\d{3})(?:\1\d{3})*")
# How a table writes that there was none.
_NONE = frozenset({"", "-", "–", "—"})
_TOTALS = ("tổng số", "tổng cộng", "cộng", "tổng:")
# What a table may say as a whole or in parts: each sum must hold where all of it is said.
SUMS = (
    ("received_online", ("received_online_full", "received_online_part")),
    ("received_direct_or_post", ("received_direct", "received_post")),
    ("received", ("received_online", "received_direct_or_post")),
    ("handled", ("received", "carried")),
    ("ended_not_late", ("ended_early", "ended_on_time")),
    ("ended", ("ended_not_late", "ended_late")),
    ("open", ("open_in_time", "open_late")),
    ("handled", ("ended", "open")),
    ("late", ("ended_late", "open_late")),
)
# The same figure where a variant of a form counts withdrawn ones otherwise: a file says one only.
_ALIASES = {"ended_early_of_all": "ended_early", "ended_on_time_of_all": "ended_on_time"}


def text_of(row: TableRow, columns: Columns, field: str) -> str:
    place = columns.places.get(field)
    if place is None or place >= len(row.cells):
        return ""
    cell = row.cells[place]
    return f"{cell:%d/%m/%Y}" if isinstance(cell, datetime) else one_line(cell)


def names_nobody(row: TableRow, columns: Columns) -> bool:
    """A row of column numbers ("(1) (2) …") or letters, or one without a name."""
    label = text_of(row, columns, UNIT)
    return len(label) < 2 or not has_letter(label)


def is_total(row: TableRow, columns: Columns) -> bool:
    return text_of(row, columns, UNIT).lower().startswith(_TOTALS)


def says_figures(row: TableRow, columns: Columns) -> bool:
    """Whether a line has figures: a heading, a note or a signature has none."""
    texts = [text_of(row, columns, name) for name in MEASURES if name in columns.places]
    return any(text and not has_letter(text) for text in texts)


def read(row: TableRow, columns: Columns) -> dict[str, int]:
    """The figures of a line, with what follows from them. Errors: DomainError("brought_number",
    "brought_sum", "brought_unsaid").
    """
    said = {
        name: _number(text_of(row, columns, name), words)
        for name, words in MEASURES.items()
        if name in columns.places
    }
    return completed(said)


def _number(text: str, words: str) -> int:
    text = plain_digits(text)
    if text in _NONE:
        return 0
    plain = re.sub(r"\D", "", text) if _THOUSANDS.fullmatch(text) else text
    number = whole_number(plain, most=MOST_NUMBER)
    if number is None:
        raise DomainError("brought_number", column=words, given=text[:40])
    return number


def _words(measure: str) -> str:
    return MEASURES.get(measure) or KNOWN[measure].words


def completed(said: Mapping[str, int]) -> dict[str, int]:
    """With the sums that follow, and those that are said proven. Errors: DomainError("brought_sum",
    "brought_unsaid").
    """
    found = dict(said)
    for whole, parts in SUMS:
        if not all(part in found for part in parts):
            continue
        added = sum(found[part] for part in parts)
        if found.setdefault(whole, added) != added:
            raise DomainError(
                "brought_sum",
                column=_words(whole),
                said=cell(found[whole]),
                parts=" + ".join(f"“{_words(part)}”" for part in parts),
                added=cell(added),
            )
    if missing := [name for name in ("handled", "ended", "open") if name not in found]:
        raise DomainError("brought_unsaid", column=MEASURES[missing[0]])
    return found | {alias: found[name] for alias, name in _ALIASES.items() if name in found}
