"""`/tra-ket-qua/ban-chinh/`: what ended with originals still held; giving them back."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers import rules
from dossiers.acts import originals
from dossiers.acts.many import Seen
from dossiers.desk import originals as queries
from dossiers.desk.work import rail_counts
from dossiers.forms.originals import ReturnPapersForm
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.cashier import chosen_agency
from dossiers.views.desk_common import find_dossier
from dossiers.views.uncollected import SEERS, access_read
from onestop.accounts.http import OfficerRequest, officer_required


@require_safe
@officer_required(*SEERS)
def held(request: OfficerRequest) -> HttpResponse:
    """The newest end first; `loai` da-tra: those whose result was given back."""
    there, agency = chosen_agency(request, SEERS)
    part = request.GET.get("loai", "")
    part = part if part in queries.PARTS else ""
    rows = queries.holding(request.desk, agency.pk, part)
    page = queries.page(rows, request.GET.get("sau", ""))
    access_read(request, [row.dossier.pk for row in page.rows], "danh sách còn giữ bản chính")

    def here(**other: str) -> str:
        asked = {"co-quan": agency.pk, "loai": part} | other
        return f"?{urlencode({name: value for name, value in asked.items() if value})}"

    context = {
        "agencies": there,
        "agency": agency,
        "rows": page.rows,
        "parts": [(words, here(loai=key), key == part) for key, (words, _) in queries.PARTS.items()],
        "next": here(sau=page.next) if page.next else "",
        "may_act": rules.stands_at(request.desk, agency.pk),
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }  # fmt: skip
    return render(request, "dossiers/returning/originals.html", context)


@get_or_post
@on_desk
def give(request: OfficerRequest, code: str) -> HttpResponse:
    now, dossier = timezone.now(), find_dossier(request, code)
    there = originals.held_of(dossier)
    form = ReturnPapersForm(
        sent(request), dossier=dossier, held=there, proposed=originals.to_give(dossier, there)
    )

    def run(seen: Seen, form: ReturnPapersForm, at: datetime) -> str:
        row = originals.return_papers(seen, form.value, by=request.desk, at=at)
        if not row.papers_back:
            return "Đã ghi vì sao giữ lại bản chính."
        return f"Đã trả bản chính cho {row.taker_name}."

    return act_page(
        request, dossier, "return_papers", form, run, now=now, template="return_papers",
        hindered="" if there else "originals_none",
    )  # fmt: skip
