"""`/tra-ket-qua/chua-nhan/`: results that nobody has fetched, by age; putting one to the archive, and the
list of a day for both sides to sign.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers import rules
from dossiers.acts import archiving
from dossiers.acts.many import Seen
from dossiers.desk import uncollected as queries
from dossiers.desk.work import rail_counts
from dossiers.forms.archiving import ArchiveForm
from dossiers.models.collecting import ResultArchive, ResultNotice
from dossiers.office import office_settings
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.cashier import chosen_agency
from dossiers.views.desk_common import find_dossier
from onestop import pdf
from onestop.accounts.access import access, access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.errors import say
from onestop.forms import day_of

SEERS = (Role.CLERK, Role.CASHIER, Role.LEADER, Role.CONTROLLER)
STYLE = Path(__file__).parents[2] / "templates" / "dossiers" / "returning" / "archived_print.css"


@require_safe
@officer_required(*SEERS)
def uncollected(request: OfficerRequest) -> HttpResponse:
    """What waits longest first, narrowed by age (`tuoi`) and by how often somebody was told (`bao`)."""
    now = timezone.now()
    there, agency = chosen_agency(request, SEERS)
    age, told = request.GET.get("tuoi", ""), request.GET.get("bao", "")
    age, told = age if age in queries.AGES else "", told if told in queries.TOLD else ""
    every = queries.waiting(request.desk, agency.pk, now)
    numbers = queries.counts(every, now)
    rows = queries.narrowed(every, now, age=age, told=told)
    page = queries.page(rows, now, request.GET.get("sau", ""))
    access_read(
        request, [row.dossier.pk for row in page.rows], "danh sách kết quả chưa có người nhận"
    )

    def here(**other: str) -> str:
        asked = {"co-quan": agency.pk, "tuoi": age, "bao": told} | other
        return f"?{urlencode({name: value for name, value in asked.items() if value})}"

    context = {
        "agencies": there,
        "agency": agency,
        "rows": page.rows,
        "ages": [(words, numbers[key], here(tuoi=key), key == age) for key, words in queries.AGES.items()],
        "told": [(words, here(bao=key), key == told) for key, words in ({"": "Tất cả"} | queries.TOLD).items()],
        "next": here(sau=page.next) if page.next else "",
        "address": here(),
        "archive_after": _rule(agency, now),
        "may_act": rules.stands_at(request.desk, agency.pk),
        "rail_counts": rail_counts(request.desk, now)[1],
    }  # fmt: skip
    return render(request, "dossiers/returning/uncollected.html", context)


@require_safe
@officer_required(*SEERS)
def archived(request: OfficerRequest) -> HttpResponse:
    """What lies in the archive, the newest first; of each day its list to sign."""
    now = timezone.now()
    there, agency = chosen_agency(request, SEERS)
    page = queries.archived_page(request.desk, agency.pk, request.GET.get("sau", ""))
    access_read(
        request, [row.dossier_id for row in page.rows], "danh sách kết quả đã chuyển lưu trữ"
    )
    context = {
        "agencies": there,
        "agency": agency,
        "rows": page.rows,
        "next": f"?{urlencode({'co-quan': agency.pk, 'sau': page.next})}" if page.next else "",
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    return render(request, "dossiers/returning/archived.html", context)


@require_safe
@officer_required(*SEERS)
def archived_pdf(request: OfficerRequest) -> HttpResponse:
    """The list of a day (`ngay`) on paper, with two signers."""
    _, agency = chosen_agency(request, SEERS)
    day = day_of(request.GET.get("ngay", ""))
    rows = queries.archived_on(request.desk, agency.pk, day) if day is not None else []
    if not rows:
        messages.warning(request, say("archive_none"))
        return redirect(f"{reverse('archived_results')}?co-quan={agency.pk}")
    access_read(request, [row.dossier_id for row in rows], "biên bản chuyển kết quả vào lưu trữ")
    context = {"agency": agency, "day": day, "rows": rows, "givers": _givers(rows)}
    text = render_to_string("dossiers/returning/archived_print.html", context)
    answer = HttpResponse(pdf.render(text, stylesheets=(STYLE,)), content_type="application/pdf")
    name = f"bien-ban-luu-tru-{day:%Y%m%d}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    detail = f"Biên bản chuyển lưu trữ {agency.code}, {day:%d/%m/%Y}"
    access(request, AccessKind.DOWNLOADED, "work", None, detail)
    return answer


def _rule(agency: Agency, now: datetime) -> int:
    """After how many days, as whoever acts for the counter now has set it."""
    return office_settings(agency.in_charge(timezone.localdate(now)).pk).archive_after


def _givers(rows: list[ResultArchive]) -> list[str]:
    """Who put them there, whoever prints the list."""
    return list(dict.fromkeys(row.archived_by.full_name for row in rows))


def access_read(request: OfficerRequest, ids: list[int], detail: str) -> None:
    if ids:
        access_each(request, AccessKind.VIEWED, "dossier", ids, detail)


@get_or_post
@on_desk
def archive(request: OfficerRequest, code: str) -> HttpResponse:
    now, dossier = timezone.now(), find_dossier(request, code)
    notices = ResultNotice.objects.standing().filter(dossier=dossier).select_related("told_by")

    def run(seen: Seen, form: ArchiveForm, at: datetime) -> str:
        data = form.cleaned_data
        archiving.archive_result(
            seen, place=data["place"], note=data["note"], by=request.desk, at=at
        )
        return "Đã chuyển kết quả vào lưu trữ. Người dân đến vẫn trả như thường."

    return act_page(
        request, dossier, "archive_result", ArchiveForm(sent(request)), run, now=now,
        template="archive_result", notices=notices.order_by("told_at", "pk"),
        rule=_rule(dossier.received_by_agency, now),
    )  # fmt: skip
