"""The document of a criticism, as other documents of the office stand on paper (NĐ 30/2020)."""

from __future__ import annotations

from datetime import date

from django.template.loader import render_to_string
from django.utils import timezone

from dossiers.slips import slip_stylesheet
from dossiers.slips.contexts import Office
from dossiers.slips.html import Copy
from onestop import pdf
from reports.criticising import paper_of
from reports.models import Criticism


def drawn(row: Criticism) -> bytes:
    """The PDF; a draft and a withdrawn one say so across the page."""
    return pdf.render(html_of(row), stylesheets=(slip_stylesheet(),))


def html_of(row: Criticism) -> str:
    """Once it is signed, with the names and titles that were kept then."""
    paper = row.paper or paper_of(row)
    at = row.signed_at or row.prepared_at
    day: date = timezone.localdate(at)
    slip = {
        "slug": "phe-binh",
        "form": {"title": "THÔNG BÁO PHÊ BÌNH"},
        "office": Office(**paper["office"]),
        "made_at": at,
        "issued_on": day,
        "code": "",
        "signer": paper["signer"],
        "capacity": paper["capacity"],
        "recipients": paper["recipients"],
    }
    context = {
        "s": slip,
        "row": row,
        "whom": paper["whom"],
        "copies": (Copy(1, ""),),
        "layout": "a4",
        "frame": "slips/document.html",
        "screen": False,
        "serial": row.symbol,
        "voided_at": row.closed_at,
    }
    return render_to_string("reports/criticism/paper.html", context)
