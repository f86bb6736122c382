"""From a snapshot to the page: one HTML for the browser's print and for the PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from dossiers.intake.readable_secrets import grouped
from dossiers.slips.contexts import SlipContext, contexts
from dossiers.slips.qr import qr_data_uri
from dossiers.slips.void_notes import WhyVoid

Layout = Literal["a5", "a4x2", "a4"]
TO_APPLICANT = "Giao tổ chức, cá nhân nộp hồ sơ"
# One copy is kept, the other is for whoever brought it.
RECEIPTS = frozenset({"tiep-nhan", "tiep-nhan-tap-the"})
COPY_NAMES = ("Liên 1: Lưu", f"Liên 2: {TO_APPLICANT}")


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy on the page: its order and what stands under the title."""

    index: int
    name: str


def slip_stylesheet() -> Path:
    """The style sheet of all slips, for onestop.pdf.render."""
    return Path(settings.BASE_DIR) / "static" / "slips.css"


def read(snapshot: Mapping[str, Any]) -> SlipContext:
    """The typed context of a snapshot. Errors: KeyError for an unknown slug."""
    return contexts()[snapshot["slug"]].from_dict(snapshot)


def page_layout(slip: SlipContext, layout: str) -> Layout:
    """What the page can be: documents of A4 stay A4; only forms in copies go two on a sheet."""
    if slip.form.size == "a4":
        return "a4"
    if slip.slug == "kiem-soat":
        return "a4" if layout in {"a4", "a4x2"} else "a5"
    return "a4x2" if layout == "a4x2" else "a5"


def copies_of(slip: SlipContext, copies: int, layout: Layout) -> tuple[Copy, ...]:
    if slip.slug not in RECEIPTS:
        return tuple(Copy(i + 1, "") for i in range(2 if copies == 2 and layout != "a4" else 1))
    if copies == 2:
        return tuple(Copy(i + 1, name) for i, name in enumerate(COPY_NAMES))
    return (Copy(1, f"Liên: {TO_APPLICANT}"),)


def _by_hand(lookup_url: str) -> dict[str, str]:
    """What a citizen without a camera types: where, and the secret that stands in the QR's address."""
    page = reverse("lookup")
    where, _, rest = lookup_url.partition(page)
    return {
        "lookup_at": where.partition("://")[2] + page,
        "secret": grouped(rest.partition("?k=")[2]),
    }


def _render(
    snapshot: Mapping[str, Any], *, copies: int, layout: str, extra: Mapping[str, Any]
) -> str:
    slip = read(snapshot)
    sheet = page_layout(slip, layout)
    return render_to_string(
        f"slips/{slip.slug}.html",
        {
            "s": slip,
            "copies": copies_of(slip, 2 if sheet == "a4x2" else copies, sheet),
            "layout": sheet,
            "qr": qr_data_uri(slip.lookup_url) if slip.lookup_url else "",
            "pay_qr": qr_data_uri(pay.text) if (pay := getattr(slip, "pay", None)) else "",
            **_by_hand(slip.lookup_url),
            "serial": slip.form.serial.format(n=slip.number),
            "frame": "slips/document.html",
            **extra,
        },
    )


def render_html(
    snapshot: Mapping[str, Any],
    *,
    copies: int = 2,
    layout: str = "a5",
    voided_at: datetime | None = None,
) -> str:
    """The whole document for the PDF (no link to anything: give slip_stylesheet() to
    onestop.pdf.render).

    In: a stored snapshot (with `lookup_url` put in for the QR), 1 or 2 copies, "a5", "a4x2" (two on
    a sheet) or "a4" (control sheet); since when it is void, which is written across every copy.
    Pure: the same arguments give the same text. Errors: KeyError for an unknown slug.
    """
    return _render(
        snapshot, copies=copies, layout=layout, extra={"screen": False, "voided_at": voided_at}
    )


def render_page(
    snapshot: Mapping[str, Any],
    *,
    copies: int = 2,
    layout: str = "a5",
    back_url: str = "/",
    pdf_url: str = "",
    autoprint: bool = False,
    chosen: bool = False,
    numbered: bool = False,
    voided_at: datetime | None = None,
    why_void: WhyVoid | None = None,
) -> str:
    """The same document as a page of the browser: style sheet linked, a bar (never printed) to
    choose copies and paper.

    `chosen`: the address named copies and paper, so what this browser remembers does not replace
    them; `numbered`: it named the slip, and so does what the bar asks next; `why_void`: of a void
    one (slips/void_notes.py).
    """
    extra = {
        "screen": True,
        "back_url": back_url,
        "pdf_url": pdf_url,
        "autoprint": autoprint,
        "chosen": chosen,
        "numbered": numbered,
        "why_void": why_void,
    }
    asked = {"asked_copies": copies, "asked_layout": layout, "voided_at": voided_at}
    return _render(snapshot, copies=copies, layout=layout, extra=extra | asked)


def render_together(
    snapshots: Sequence[Mapping[str, Any]],
    *,
    copies: int = 2,
    layout: str = "a5",
    back_url: str = "/",
    autoprint: bool = False,
) -> str:
    """Several slips as one page of the browser, printed by one press: one after another, each as by
    itself but for the feet of its sheets, which a browser has one of a page.
    """
    bare = {"screen": True, "within": True, "frame": "slips/part.html"}
    slips = [_render(about, copies=copies, layout=layout, extra=bare) for about in snapshots]
    about = {"slips": slips, "back_url": back_url, "autoprint": autoprint}
    return render_to_string("slips/together.html", about)
