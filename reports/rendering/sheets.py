"""Paper: A4 landscape from the top down, page after page; their number is printed when all are
known. Lengths are points; `y` counts from the top edge of the paper.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zlib import compress, decompress

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFName,
    PDFPage,
    PDFResourceDictionary,
    PDFStream,
)
from reportlab.pdfgen.canvas import Canvas

from reports.rendering.letters import REGULAR, Style, load_faces, wrapped

MM = 72 / 25.4
WIDE, HIGH = 297 * MM, 210 * MM
LEFT, RIGHT = 15 * MM, WIDE - 10 * MM
TOP, BOTTOM = 13 * MM, HIGH - 12 * MM
ROOM = RIGHT - LEFT
FOOT = Style(REGULAR, 9)
LINE = 0.2 * MM
# How far letters of these faces reach over and below their line, by size.
_ASCENT, _DESCENT = 0.891, 0.216


class _Pages(Canvas):  # type: ignore[misc]  # the library is untyped
    """Keeps its pages, packed, until it is known how many they are: a long list costs no more
    memory than the file that it becomes.
    """

    def __init__(self, into: BytesIO, **options: Any) -> None:
        super().__init__(into, **options)
        self._kept: list[bytes] = []
        resources = PDFResourceDictionary()
        resources.basicFonts()
        resources.basicProcs()
        self._alike = PDFArray([0, 0, WIDE, HIGH]), resources

    def showPage(self) -> None:
        self._kept.append(compress("\n".join(self._code).encode("latin-1"), 1))
        self._startPage()

    def numbered(self) -> bytes:
        """The file: not written into another buffer, of which it would be a copy."""
        pages, count = deque(self._kept), len(self._kept)
        self._kept.clear()
        for number in range(1, count + 1):
            self._code = [decompress(pages.popleft()).decode("latin-1")]
            self.setFont(FOOT.face, FOOT.size)
            self.drawRightString(RIGHT, 7 * MM, f"Trang {number}/{count}")
            super().showPage()
            self._pack(self._doc.Pages.pages[-1])
        made: bytes = self._doc.GetPDFData(self)
        return made

    def _pack(self, page: PDFPage) -> None:
        """What the library does for all pages at once when it writes the file, and once each."""
        how = PDFDictionary({"Filter": PDFName("FlateDecode")})
        page.Contents = PDFStream(how, compress(page.stream.encode("latin-1")))
        page.stream = None
        page.MediaBox, page.Resources = self._alike


def nothing() -> None:
    return


@dataclass(frozen=True, slots=True)
class Piece:
    """What is not divided between pages. `before` happens where the last one ended, even when this
    one begins a page.
    """

    high: float
    put: Callable[[], None]
    before: Callable[[], None] = nothing

    def with_next(self, other: Piece) -> Piece:
        """Both on one page."""

        def put() -> None:
            self.put()
            other.put()

        return Piece(self.high + other.high, put, self.before)


class Sheets:
    """`on_break` draws what stands again at the head of each further page, so high, and `off_break`
    ends what stood on the page before.
    """

    def __init__(self, *, title: str, running: str) -> None:
        load_faces()
        # Neither the clock nor chance: equal pages are equal bytes.
        how = {"pageCompression": 1, "invariant": 1, "lang": "vi", "initialFontName": REGULAR}
        self._pages = _Pages(BytesIO(), pagesize=(WIDE, HIGH), **how)
        self._pages.setTitle(title)
        self._pages.setViewerPreference("DisplayDocTitle", "true")
        self._running = running
        self._on_break, self._off_break, self._again = nothing, nothing, 0.0
        self.y = TOP

    def repeat(
        self,
        on_break: Callable[[], None] = nothing,
        off_break: Callable[[], None] = nothing,
        high: float = 0,
    ) -> None:
        self._on_break, self._off_break, self._again = on_break, off_break, high

    def flow(self, pieces: Iterable[Piece], *, together: int) -> None:
        """One below the other; so many of the last ones on one page where it holds them, that what
        ends them does not stand alone.
        """
        held: deque[Piece] = deque()
        placed = False
        for piece in pieces:
            held.append(piece)
            if len(held) > together:
                self._place(held.popleft())
                placed = True
        while held:
            if placed or len(held) == 2:
                self._keep(held)
            self._place(held.popleft())

    def _keep(self, held: Sequence[Piece]) -> None:
        held[0].before()
        need = sum(piece.high for piece in held)
        if self._left < need <= self.room:
            self._turn()

    def _place(self, piece: Piece) -> None:
        piece.before()
        if piece.high > self._left:
            self._turn()
        piece.put()

    @property
    def room(self) -> float:
        """What a further page holds below what stands again."""
        return BOTTOM - TOP - self._again

    @property
    def _left(self) -> float:
        """How much of the page is left; what was added up may differ in the last digit."""
        return BOTTOM - self.y + 0.01

    def _turn(self) -> None:
        self._off_break()
        self._pages.showPage()
        self.y = TOP
        self.text(LEFT, HIGH - 7 * MM - FOOT.size, (self._running,), FOOT)
        self._on_break()

    def done(self) -> bytes:
        self._off_break()
        self._pages.showPage()
        return self._pages.numbered()

    def text(
        self, x: float, y: float, lines: Sequence[str], style: Style, *, to: float = 0
    ) -> None:
        """Lines below `y`: from `x` on; centred on it with `to` 0.5, ending there with 1."""
        self._pages.setFont(style.face, style.size)
        base = HIGH - y - (style.step + (_ASCENT - _DESCENT) * style.size) / 2
        draw = self._pages.drawString
        if to:
            draw = self._pages.drawRightString if to == 1 else self._pages.drawCentredString
        for line in lines:
            draw(x, base, line)
            base -= style.step

    def rule(self, x: float, y: float, to_x: float, to_y: float) -> None:
        self._pages.setLineWidth(LINE)
        self._pages.line(x, HIGH - y, to_x, HIGH - to_y)

    def box(self, x: float, y: float, wide: float, high: float) -> None:
        self._pages.setLineWidth(LINE)
        self._pages.rect(x, HIGH - y - high, wide, high)

    def paragraph(self, text: str, style: Style, *, to: float = 0) -> list[Piece]:
        """Over the whole width, each line a piece."""
        x = LEFT + ROOM * to
        return [self._line(x, line, style, to) for line in wrapped(text, style, ROOM)]

    def gap(self, high: float) -> Piece:
        return Piece(high, lambda: self._down(high))

    def _line(self, x: float, line: str, style: Style, to: float) -> Piece:
        def put() -> None:
            self.text(x, self.y, (line,), style, to=to)
            self._down(style.step)

        return Piece(style.step, put)

    def _down(self, high: float) -> None:
        self.y += high
