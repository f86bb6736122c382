"""The document of a criticism, as other documents of the office stand on paper (NĐ 30/2020)."""

from __future__ import annotations

from datetime import date

from django.template.loader import render_to_string
from django.utils import timezone

from dossiers.slips import slip_stylesheet
from dossiers.slips.html import Copy
from dossiers.slips.letterheads import office_of_document, signer_of
from onestop import pdf
from reports.models import Criticism


def drawn(row: Criticism) -> bytes:
    """The PDF; a draft and a withdrawn one say so across the page."""
    office = office_of_document(row.agency)
    at = row.signed_at or row.prepared_at
    day: date = timezone.localdate(at)
    signed = signer_of(row.signed_by, row.agency) if row.signed_by is not None else None
    above = row.agency.parent
    slip = {
        "slug": "phe-binh",
        "form": {"title": "THÔNG BÁO PHÊ BÌNH"},
        "office": office,
        "made_at": at,
        "issued_on": day,
        "code": "",
        "signer": signed.name if signed else "",
        "capacity": signed.capacity if signed else (),
        "recipients": (
            f"{row.whom};",
            *((f"{above.name} (để b/c);",) if above is not None else ()),
            "Lưu: VT.",
        ),
    }
    context = {
        "s": slip,
        "row": row,
        "copies": (Copy(1, ""),),
        "layout": "a4",
        "frame": "slips/document.html",
        "screen": False,
        "serial": row.symbol,
        "voided_at": row.closed_at,
    }
    html = render_to_string("reports/criticism/paper.html", context)
    return pdf.render(html, stylesheets=(slip_stylesheet(),))
