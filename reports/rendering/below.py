"""What stands below the table on paper: figures outside its columns beside the notes, what was
carried over, what does not agree, and the signatures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from reports.figures import Table
from reports.rendering.beside import quarters
from reports.rendering.grid import END, MIDDLE, START, Grid, Head
from reports.rendering.heads import HeadCell
from reports.rendering.letters import BOLD, BOLD_ITALIC, ITALIC, REGULAR, Style, wrapped
from reports.rendering.printed import ADJUSTED, PLACE, adjusted, carried_over, signers, transfers
from reports.rendering.sheets import LEFT, MM, RIGHT, ROOM, Piece, Sheets
from reports.rendering.texts import cell

TEXT, STRONG, SLANTED = Style(REGULAR, 11), Style(BOLD, 11), Style(ITALIC, 11)
BESIDE, NOTE = Style(REGULAR, 10), Style(ITALIC, 9.5)
# Beside the widest label a figure of seven digits.
LABELS = 114 * MM
VALUES_AT = LEFT + LABELS + 18 * MM
NOTES_AT = VALUES_AT + 6 * MM
# The lines of a figure's words, and the figure.
Told = tuple[Sequence[str], str]
# What a stamp and a name need below the words.
SIGNED = 18 * MM


def below(table: Table, sheets: Sheets, end: Callable[[], None]) -> Iterator[Piece]:
    """`end` ends the table."""
    yield from _foot(table, sheets, end)
    yield from _quarters(table, sheets)
    if table.carried_over:
        yield from _carried(table, sheets)
    if table.problems:
        yield from sheets.paragraph("Chưa khớp:", Style(BOLD_ITALIC, 9.5))
        for problem in table.problems:
            yield from sheets.paragraph(f"- {problem}", NOTE)
    yield _signatures(signers(table), sheets)


def _foot(table: Table, sheets: Sheets, end: Callable[[], None]) -> Iterator[Piece]:
    """Figures at the left, notes at the right of them: a piece; where that is more than half a page,
    line by line, as many notes as a form may have.
    """
    beside = [(wrapped(one.label, BESIDE, LABELS), cell(one.value)) for one in table.beside]
    notes = list(_notes(table))
    high = max(sum(len(found) for found, _ in beside) * BESIDE.step, len(notes) * NOTE.step)
    gap = 2 * MM

    def put() -> None:
        sheets.y += gap
        top = sheets.y
        for told in beside:
            _figure(sheets, top, told)
            top += len(told[0]) * BESIDE.step
        sheets.text(NOTES_AT, sheets.y, notes, NOTE)
        sheets.y += high + gap

    if high <= sheets.room / 2:
        yield Piece(high + 2 * gap, put, before=end)
        return
    yield replace(sheets.gap(gap), before=end)
    lines = [
        ((line,), "" if n else value) for found, value in beside for n, line in enumerate(found)
    ]
    for told, note in zip_longest(lines, notes):
        yield _abreast(sheets, told, note)
    yield sheets.gap(gap)


def _abreast(sheets: Sheets, told: Told | None, note: str | None) -> Piece:
    def put() -> None:
        if told is not None:
            _figure(sheets, sheets.y, told)
        sheets.text(NOTES_AT, sheets.y, [note] if note is not None else [], NOTE)
        sheets.y += BESIDE.step

    return Piece(BESIDE.step, put)


def _figure(sheets: Sheets, top: float, told: Told) -> None:
    words, value = told
    sheets.text(LEFT, top, words, BESIDE)
    sheets.text(VALUES_AT, top, (value,), BESIDE, to=END)


def _notes(table: Table) -> Iterator[str]:
    if table.notes:
        yield "Ghi chú:"
    for note in table.notes:
        yield from wrapped(f"- {note}", NOTE, RIGHT - NOTES_AT)


def _carried(table: Table, sheets: Sheets) -> Iterator[Piece]:
    yield from sheets.paragraph(carried_over(table), TEXT)
    yield from _adjustments(table, sheets)
    for one in transfers(table):
        yield from sheets.paragraph(f"- {one}", TEXT)


def _quarters(table: Table, sheets: Sheets) -> Iterator[Piece]:
    """A year or half beside its quarters, and the dossiers that make the difference."""
    told = quarters(table)
    if told is None:
        return
    yield from sheets.paragraph(told.sentence, TEXT)
    number = ROOM / (len(told.numbers) + 3)
    heads = ("Kỳ", *(f"({one})" for one in told.numbers))
    rows = [(label, *cells) for label, cells in told.lines]
    wide = [3 * number, *[number] * len(told.numbers)]
    yield from _small(heads, rows, wide, [START, *[END] * len(told.numbers)], sheets)
    for one in told.dossiers:
        yield from sheets.paragraph(f"- {one.sentence}", TEXT)
    for text in told.from_files:
        yield from sheets.paragraph(f"- {text}", TEXT)


def _adjustments(table: Table, sheets: Sheets) -> Iterator[Piece]:
    wide = ROOM / len(ADJUSTED)
    return _small(ADJUSTED, list(adjusted(table)), [wide] * len(ADJUSTED), [START] * len(ADJUSTED), sheets)  # fmt: skip


def _small(
    heads: Sequence[str],
    found: Sequence[Sequence[str]],
    wide: Sequence[float],
    sides: Sequence[float],
    sheets: Sheets,
) -> Iterator[Piece]:
    """A table below the table, its head on every page; nothing where it has no rows."""
    if not found:
        return
    grid = Grid(sheets, wide, sides)
    cells = [HeadCell(text, index) for index, text in enumerate(heads)]
    head = Head(grid, sheets, [cells], Style(BOLD, 9, 1.15))

    def end() -> None:
        grid.end()
        sheets.repeat()

    style = grid.fitting(found, Style(REGULAR, 9))
    rows = [piece for texts in found for piece in grid.pieces(texts, style)]
    first = rows[0]

    def begin() -> None:
        head.put()
        sheets.repeat(head.put, grid.end, head.high)
        first.put()

    yield Piece(head.high + first.high, begin)
    yield from rows[1:]
    yield replace(sheets.gap(MM), before=end)


def _signatures(who_signs: Sequence[tuple[str, str]], sheets: Sheets) -> Piece:
    gap = 4 * MM
    high = SLANTED.step + STRONG.step + SLANTED.step + SIGNED
    left, right = LEFT + ROOM * 0.25, LEFT + ROOM * 0.75

    def put() -> None:
        sheets.y += gap
        sheets.text(right, sheets.y, (PLACE,), SLANTED, to=MIDDLE)
        for x, (who, how) in zip((left, right), who_signs, strict=True):
            sheets.text(x, sheets.y + SLANTED.step, (who,), STRONG, to=MIDDLE)
            sheets.text(x, sheets.y + SLANTED.step + STRONG.step, (how,), SLANTED, to=MIDDLE)
        sheets.y += high

    return Piece(gap + high, put)
