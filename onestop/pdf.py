"""The one door to WeasyPrint.

The library is imported on first use: a web process lives without Pango, and a machine that lacks a
system package gets a sentence with the command to run instead of a traceback. Fonts and style
sheets are read once per process and the garbage collector rests while a document is laid out.
"""

import gc
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

SYSTEM_PACKAGES = (
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fonts-liberation2",
)
INSTALL = "sudo apt-get install -y " + " ".join(SYSTEM_PACKAGES)
# Faces with the widths of Times New Roman that draw every Vietnamese letter (fonts-liberation 1.x
# does not).
TIMES_METRIC = ("Times New Roman", "Liberation Serif", "Tinos")
# A page with every letter that papers need, in the face that they are set in.
LETTERS = Path(__file__).parents[1] / "templates" / "slips" / "letters.html"
COLLECT_EVERY = 10

_lock = threading.RLock()
_rendered = 0


class PdfUnavailable(RuntimeError):
    """WeasyPrint cannot start on this machine; the message names the package and the command."""


@lru_cache(maxsize=1)
def _weasyprint() -> Any:
    try:
        import weasyprint
    except OSError as error:
        raise PdfUnavailable(
            f"Thiếu thư viện hệ thống để tạo PDF ({error.args[0].splitlines()[0]}). Chạy: {INSTALL}"
        ) from error
    import pydyf

    pydyf.PDF.page_references = property(_page_references)
    return weasyprint


def _page_references(document: Any) -> tuple[bytes, ...]:
    """As pydyf has it, made once for so many pages: tags ask for it at every box, so that it took a
    fifth of a document of 500 pages, and twice as many pages four times that. Held to the library's own by
    tests/pdf.
    """
    kept: tuple[bytes, ...] = getattr(document, "kept_references", ())
    if len(kept) != document.pages["Count"]:
        numbers = document.pages["Kids"][::3]
        kept = document.kept_references = tuple(f"{number} 0 R".encode() for number in numbers)
    return kept


@lru_cache(maxsize=1)
def _font_config() -> Any:
    _weasyprint()
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@lru_cache(maxsize=1)
def _fetcher() -> Any:
    """Documents fetch nothing: pictures come as data: addresses inside the HTML."""
    _weasyprint()
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=["data"], allow_redirects=False)


@lru_cache(maxsize=32)
def _stylesheet(path: Path, _changed: float) -> Any:
    return _weasyprint().CSS(
        string=path.read_text("utf-8"), font_config=_font_config(), url_fetcher=_fetcher()
    )


def render(
    html: str, *, stylesheets: tuple[Path | str, ...] = (), variant: str | None = "pdf/ua-1"
) -> bytes:
    """The PDF of a complete HTML document (with <title> and lang).

    `stylesheets` are CSS files of ours, parsed once per process. Nothing but data: addresses is
    fetched. Raises PdfUnavailable when a system library is missing.
    """
    global _rendered
    weasyprint = _weasyprint()
    with _lock:
        sheets = [_stylesheet(Path(path), Path(path).stat().st_mtime) for path in stylesheets]
        was_on = gc.isenabled()
        gc.disable()
        try:
            document = weasyprint.HTML(string=html, url_fetcher=_fetcher())
            pdf: bytes = document.write_pdf(
                stylesheets=sheets,
                font_config=_font_config(),
                pdf_variant=variant,
                presentational_hints=False,
            )
        finally:
            if was_on:
                gc.enable()
        _rendered += 1
        if _rendered % COLLECT_EVERY == 0:
            gc.collect()
    return pdf


def warm() -> None:
    """Pay the two seconds of the first document when a worker starts, and keep what was loaded out
    of the collector's way.
    """
    render(LETTERS.read_text("utf-8"), stylesheets=(LETTERS.with_suffix(".css"),))
    gc.collect()
    gc.freeze()


def problems() -> list[str]:
    """What this machine lacks for right and fast PDFs, each with the command that installs it;
    empty when all is there.
    """
    try:
        weasyprint = _weasyprint()
    except PdfUnavailable as missing:
        return [str(missing)]
    from weasyprint.text.ffi import harfbuzz_subset

    found = []
    if not harfbuzz_subset:
        found.append(
            "Thiếu libharfbuzz-subset0: mỗi phiếu in chậm gấp bốn lần. Chạy: sudo apt-get install -y libharfbuzz-subset0"
        )
    sheet = LETTERS.with_suffix(".css")
    with _lock:
        face = _stylesheet(sheet, sheet.stat().st_mtime)
        page = weasyprint.HTML(
            string=LETTERS.read_text("utf-8"),
            url_fetcher=_fetcher(),
        ).render(font_config=_font_config(), stylesheets=[face])
        page.write_pdf()
        faces = {
            font.family.decode() if isinstance(font.family, bytes) else str(font.family)
            for font in page.fonts.values()
        }
    strangers = sorted(face for face in faces if not face.startswith(TIMES_METRIC))
    if strangers:
        found.append(
            f"Thiếu phông chữ kiểu Times có đủ dấu tiếng Việt (đang dùng {', '.join(strangers)}). "
            "Chạy: sudo apt-get install -y fonts-liberation2"
        )
    return found
