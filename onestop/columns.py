"""Which column of a spreadsheet says what: guessed by the headings, confirmed by a person, and kept by
the heading for the next file of the kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from onestop.errors import DomainError, sentence
from onestop.folding import fold
from onestop.layout import laid, line
from onestop.tables import Head, TableRow
from onestop.texts import whole_number


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a line of the file may say, in the order in which a person confirms it; what it must."""

    fields: Mapping[str, str]
    required: Sequence[str]


@dataclass(frozen=True, slots=True)
class Columns:
    """The head of a file, and the place of each field in it; what the file does not say is not
    there.
    """

    head: Head
    places: Mapping[str, int]
    wanted: Wanted

    @property
    def missing(self) -> list[str]:
        return [name for name in self.wanted.required if name not in self.places]

    @property
    def named(self) -> dict[str, str]:
        """As it is kept: the heading of each field."""
        return {name: self.head.names[place] for name, place in self.places.items()}

    def are(self, kept: Mapping[str, str]) -> bool:
        """Whether just these columns were kept."""
        mine = {field: plain(heading) for field, heading in self.named.items()}
        return bool(kept) and {field: plain(heading) for field, heading in kept.items()} == mine

    def lines(self, rows: Sequence[TableRow]) -> list[TableRow]:
        """The rows below the head."""
        return [row for row in rows if row.number > self.head.last_row]


@dataclass(frozen=True, slots=True)
class TableOf:
    """The rows of a file, and which column says what."""

    rows: Sequence[TableRow]
    columns: Columns

    @property
    def lines(self) -> list[TableRow]:
        return self.columns.lines(self.rows)


def plain(heading: str) -> str:
    """A heading as it is compared: without marks, signs and what stands in brackets behind it."""
    words = fold(heading.split("(")[0] or heading)
    return " ".join("".join(c if c.isalnum() else " " for c in words).split())


def as_kept(kept: Mapping[str, str], names: Sequence[str], wanted: Wanted) -> dict[str, int]:
    """The columns whose headings were kept."""
    folded = [plain(name) for name in names]
    return {
        field: folded.index(plain(heading))
        for field, heading in kept.items()
        if field in wanted.fields and plain(heading) in folded
    }


def chosen(head: Head, choices: Mapping[str, int | None], wanted: Wanted) -> Columns:
    """The columns as a person chose them. Errors: DomainError("columns_missing",
    "column_twice").
    """
    places = {field: place for field, place in choices.items() if place is not None}
    found = Columns(head, {f: p for f, p in places.items() if 0 <= p < len(head.names)}, wanted)
    if found.missing:
        words = ", ".join(wanted.fields[name] for name in found.missing)
        raise DomainError("columns_missing", field=found.missing[0], columns=words)
    twice = [place for place in found.places.values() if list(places.values()).count(place) > 1]
    if twice:
        raise DomainError("column_twice", column=head.names[twice[0]])
    return found


class ColumnsForm(forms.Form):
    """One question a field: which column of the file says it."""

    def __init__(self, data: Any = None, *, columns: Columns) -> None:
        super().__init__(data)
        self.head, self.wanted = columns.head, columns.wanted
        headings = [(str(place), name) for place, name in enumerate(columns.head.names) if name]
        for field, words in self.wanted.fields.items():
            is_asked = field in self.wanted.required
            self.fields[field] = forms.ChoiceField(
                label=words,
                required=False,
                choices=[("", "Chọn cột" if is_asked else "Không có"), *headings],
                initial=str(columns.places.get(field, "")),
                error_messages={"invalid_choice": "Hãy chọn một cột trong danh sách."},
            )
        self.helper = laid(*(line(*some) for some in _threes(list(self.wanted.fields))))

    @property
    def choices(self) -> dict[str, int | None]:
        return {
            name: whole_number(self.cleaned_data.get(name) or "", most=10_000)
            for name in self.wanted.fields
        }

    def kept_by(self, keep: Callable[[Columns], object]) -> bool:
        """Whether `keep` was given the columns as they were chosen; else what is wrong is said here."""
        if not self.is_valid():
            return False
        try:
            keep(chosen(self.head, self.choices, self.wanted))
        except DomainError as error:
            self.add_error(error.field or None, sentence(error))
            return False
        return True


def _threes(names: Sequence[str]) -> list[Sequence[str]]:
    return [names[place : place + 3] for place in range(0, len(names), 3)]
