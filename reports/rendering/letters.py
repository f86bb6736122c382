"""The faces of a report, and a text broken into lines that fit a column."""

from __future__ import annotations

import subprocess
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from onestop.pdf import INSTALL, TIMES_METRIC, PdfUnavailable

REGULAR, BOLD, ITALIC, BOLD_ITALIC = "Report", "Report-Bold", "Report-Italic", "Report-BoldItalic"
# How fontconfig calls each.
_STYLES = {REGULAR: "", BOLD: ":bold", ITALIC: ":italic", BOLD_ITALIC: ":bold:italic"}
# A long code breaks after these rather than anywhere.
_BREAKS = "-/.,"
# Stands for a letter without a shape in the face, which would be drawn as nothing.
UNKNOWN = "□"


@dataclass(frozen=True, slots=True)
class Style:
    """A face at a size, in points, and the distance of its lines."""

    face: str
    size: float
    leading: float = 1.25

    @property
    def step(self) -> float:
        return self.size * self.leading


@lru_cache(maxsize=1)
def load_faces() -> None:
    """Once a process: the face with the widths of Times or, where it is missing, the nearest, which
    `onestop.pdf.problems` names. Raises PdfUnavailable where none can be read.
    """
    for name, style in _STYLES.items():
        asked = f"{TIMES_METRIC[0]}{style}:lang=vi:fontformat=TrueType"
        try:
            pdfmetrics.registerFont(TTFont(name, _file(asked)))
        except (OSError, subprocess.CalledProcessError, TTFError) as error:
            missing = f"Thiếu phông chữ để tạo báo cáo PDF. Chạy: {INSTALL}"
            raise PdfUnavailable(missing) from error


def _file(asked: str) -> str:
    """Where fontconfig, which Pango brings along, finds the nearest face."""
    command = ["fc-match", "-f", "%{file}", asked]
    done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 (constant words)
    return done.stdout


@lru_cache(maxsize=8_000)
def width(text: str, face: str, size: float) -> float:
    measured: float = pdfmetrics.stringWidth(text, face, size)
    return measured


@lru_cache(maxsize=2_000)
def wrapped(text: str, style: Style, room: float) -> tuple[str, ...]:
    """The lines of a text in a column so wide; a word that is wider itself is broken."""
    lines: list[str] = []
    line, used = "", 0.0
    space = width(" ", style.face, style.size)
    for word in _words(text, style.face):
        wide = width(word, style.face, style.size)
        if line and used + space + wide <= room:
            line, used = f"{line} {word}", used + space + wide
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, style, room) if wide > room else (word,)
        lines += full
        used = width(line, style.face, style.size)
    return (*lines, line)


def _words(text: str, face: str) -> list[str]:
    """Letters as one sign each, as the faces draw them."""
    if text.isascii() and text.isprintable():
        return text.split()
    known = pdfmetrics.getFont(face).face.charToGlyph
    text = unicodedata.normalize("NFC", text)
    return "".join(
        one if ord(one) in known and one.isprintable() else _instead(one) for one in text
    ).split()


def _instead(sign: str) -> str:
    """Of a sign that the face does not draw: nothing where it is not to be seen anyway."""
    if sign.isspace():
        return " "
    return "" if unicodedata.category(sign) in ("Cc", "Cf") else UNKNOWN


def _pieces(word: str, style: Style, room: float) -> list[str]:
    found = []
    while width(word, style.face, style.size) > room and len(word) > 1:
        fits = 1
        while width(word[: fits + 1], style.face, style.size) <= room:
            fits += 1
        after = max(word.rfind(sign, 0, fits) for sign in _BREAKS) + 1
        fits = after or fits
        found.append(word[:fits])
        word = word[fits:]
    return [*found, word]
