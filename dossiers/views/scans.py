"""The page on which papers of a dossier are scanned after its reception, and the list of finished
dossiers that are not all scanned.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.acts import scanning
from dossiers.acts.many import Seen
from dossiers.desk import scans
from dossiers.desk.work import rail_counts
from dossiers.forms.scanning import AddScansForm
from dossiers.models.scanning import pages_by_file
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier
from dossiers.views.list_file import file_answer
from onestop.accounts.access import access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.files.models import Attachment
from onestop.texts import whole_number

READERS = (Role.CLERK, Role.HEAD, Role.LEADER, Role.CONTROLLER, Role.DOCUMENTS)


@get_or_post
@on_desk
def add(request: OfficerRequest, code: str) -> HttpResponse:
    """Scans of what was handed in, or why there are none; the page lists what is there already."""
    now, dossier = timezone.now(), find_dossier(request, code)

    def run(seen: Seen, form: AddScansForm, at: datetime) -> str:
        row = scanning.add_scans(
            seen,
            form.cleaned_data["file"],
            reason=form.cleaned_data["reason"],
            signed=form.cleaned_data.get("signed", False),
            by=request.desk,
            at=at,
        )
        pages = pages_by_file(row.pages)
        if not pages:
            return "Đã ghi lý do chưa quét đủ."
        return f"Đã thêm {len(pages)} bản quét, {sum(pages.values())} trang."

    initial = {"reason": dossier.no_scan_reason}
    return act_page(
        request,
        dossier,
        "add_scans",
        AddScansForm(
            sent(request),
            request.FILES or None,
            initial=initial,
            returned=dossier.returned_at is not None,
        ),
        run,
        now=now,
        template="add_scans",
        files=Attachment.objects.of(scanning.KIND, dossier.pk),
        papers=dossier.papers.select_related("paper"),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: how many days back, whose (None: of all)."""

    days: int
    officer: int | None

    @classmethod
    def of(cls, request: OfficerRequest) -> Asked:
        days = whole_number(request.GET.get("ngay", ""), most=max(scans.DAYS))
        officer = whole_number(request.GET.get("canbo", ""))
        return cls(days if days in scans.DAYS else scans.DAYS[0], officer)

    @property
    def query(self) -> str:
        said = {"ngay": self.days} | ({"canbo": self.officer} if self.officer is not None else {})
        return urlencode(said)


@require_safe
@officer_required(*READERS)
def missing(request: OfficerRequest) -> HttpResponse:
    """Finished dossiers without all of their scans, by who received them, below the scans of results
    that wait to be checked; five queries and those of the frame.
    """
    asked, now = Asked.of(request), timezone.now()
    rows = scans.missing(request.desk, asked.days, now)
    officers = scans.by_officer(rows)
    if asked.officer is not None:
        rows = rows.filter(received_by=asked.officer)
    found = scans.page(rows, after=request.GET.get("sau", ""))
    waiting = scans.to_check(request.desk, after=request.GET.get("kt", ""))
    to_check = waiting.rows
    ids = [*(row.pk for row in found.rows), *(row.dossier_id for row in to_check)]
    access_each(
        request, AccessKind.VIEWED, "dossier", ids, f"danh sách chưa quét đủ: {len(ids)} hồ sơ"
    )
    context = {
        "to_check": to_check,
        "next_to_check": f"{request.path}?{asked.query}&kt={waiting.next}" if waiting.next else "",
        "rows": found.rows,
        "officers": officers,
        "asked": asked,
        "chosen": next((one.name for one in officers if one.officer_id == asked.officer), ""),
        "every": sum(one.number for one in officers),
        "spans": [(days, days == asked.days) for days in sorted(scans.DAYS)],
        "next": f"{request.path}?{asked.query}&sau={found.next}" if found.next else "",
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    return render(request, "dossiers/scans_missing.html", context)


@require_safe
@officer_required(*READERS)
def missing_file(request: OfficerRequest, kind: str) -> HttpResponseBase:
    """The same as a file, all of its pages."""
    asked = Asked.of(request)
    rows = scans.missing(request.desk, asked.days, timezone.now())
    if asked.officer is not None:
        rows = rows.filter(received_by=asked.officer)
    detail = f"Hồ sơ chưa quét đủ, {kind}"
    export = scans.export_of(rows)
    return file_answer(request, export, kind, "chua-quet-du", what="work", detail=detail)
