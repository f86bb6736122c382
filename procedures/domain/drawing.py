"""Notice boards and leaflets as PDF: sheets of A4 or A3 by field, and one folded A4. Drawn by
workers only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from pypdf import PdfReader

from onestop import pdf
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Agency
from onestop.worktime import hours_at
from procedures.domain.notices import Board, Entry
from procedures.domain.using import in_words
from procedures.models import ProcedureUse

STYLE = Path(settings.BASE_DIR) / "static" / "notices.css"
# A leaflet is one sheet: fewer procedures rather than smaller letters.
FEWEST = 3
# Of a procedure on a leaflet; the rest stands behind its QR.
MOST_PAPERS, MOST_LETTERS = 5, 110


@dataclass(frozen=True, slots=True)
class Short:
    """A procedure as a leaflet has it."""

    entry: Entry
    papers: tuple[str, ...]
    more: int
    usual: str


def address_of(code: str) -> str:
    """The permanent address of a procedure, as a telephone reads it from paper."""
    return f"{settings.PUBLIC_URL}{reverse('procedures:procedure', args=[code])}"


def qr(text: str) -> str:
    """A picture inside the page, four modules of quiet zone."""
    return str(segno.make(text, error="m", micro=False).png_data_uri(scale=4, border=4))


def sheets(board: Board, kind: str, *, at: datetime) -> bytes:
    """Each field begins a sheet of its own, so that one can be changed alone."""
    made = [
        (sheet.field, [(entry, qr(address_of(entry.code))) for entry in sheet.entries])
        for sheet in board.sheets
    ]
    context = {"board": board, "sheets": made, "size": kind, "at": at}
    return _pdf("procedures/notices/sheets.html", context)


def beside(agency: Agency, codes: Sequence[str], *, at: datetime) -> list[str]:
    """What a leaflet says beside its procedures, and in which order it has them. Two queries."""
    usual = _usual(agency, codes)
    hours = hours_at(at, calendar_of(agency.pk))
    return [
        agency.address,
        agency.phone,
        agency.email,
        *map(str, hours.weeks),
        *(f"{code} {usual.get(code, '')}" for code in codes),
    ]


def leaflet(board: Board, codes: Sequence[str], *, at: datetime) -> bytes:
    """Two sides, three columns; as many of the most used procedures as fit on them, most used
    first.
    """
    place = {code: number for number, code in enumerate(codes)}
    entries = sorted(board.entries, key=lambda entry: place.get(entry.code, len(place)))
    usual = _usual(board.agency, [entry.code for entry in entries])
    shorts = [_short(entry, usual.get(entry.code, "")) for entry in entries]
    draw = partial(_leaflet, board, at)
    for number in range(len(shorts), 0, -1):
        content = draw(shorts[:number])
        if number <= FEWEST or len(PdfReader(BytesIO(content)).pages) == 2:
            return content
    return draw(shorts)


def _leaflet(board: Board, at: datetime, shorts: Sequence[Short]) -> bytes:
    agency = board.agency
    context = {
        "board": board,
        "at": at,
        "agency": agency,
        "hours": hours_at(at, calendar_of(agency.pk)),
        "columns": _columns([(one, qr(address_of(one.entry.code))) for one in shorts]),
        "all_url": f"{settings.PUBLIC_URL}{reverse('procedures:board', args=[agency.code])}",
        "all_qr": qr(f"{settings.PUBLIC_URL}{reverse('procedures:board', args=[agency.code])}"),
    }
    return _pdf("procedures/notices/leaflet.html", context)


def _columns(cells: list[tuple[Short, str]]) -> list[list[tuple[Short, str]]]:
    """Down the first column, then the second, then the third."""
    height = -(-len(cells) // 3)
    return [cells[n * height : (n + 1) * height] for n in range(3)]


def _short(entry: Entry, usual: str) -> Short:
    papers = [paper for _, group in entry.papers for paper in group]
    shown = tuple(_cut(paper) for paper in papers[:MOST_PAPERS])
    return Short(entry, shown, max(0, len(papers) - MOST_PAPERS), usual)


def _cut(text: str) -> str:
    if len(text) <= MOST_LETTERS:
        return text
    return f"{text[:MOST_LETTERS].rsplit(' ', 1)[0]}…"


def _usual(agency: Agency, codes: Sequence[str]) -> dict[str, str]:
    rows = ProcedureUse.objects.filter(agency=agency, procedure__code__in=codes)
    found = rows.filter(minutes__isnull=False).values_list("procedure__code", "minutes")
    return {code: in_words(minutes or 0) for code, minutes in found}


def _pdf(template: str, context: dict[str, object]) -> bytes:
    return pdf.render(render_to_string(template, context), stylesheets=(STYLE,))
