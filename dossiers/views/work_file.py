"""`/viec/tep.xlsx`, `/viec/tep.csv`: the list as it is shown, all of its pages."""

from __future__ import annotations

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk import exporting
from dossiers.desk import work as queries
from dossiers.forms.work import chips
from dossiers.views.desk_common import WORK_ROLES
from dossiers.views.listing import listing
from dossiers.views.work import asked_of
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.workbook import csv_lines

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
LACKING = (
    "Danh sách có {number} hồ sơ; tệp này gồm {most} hồ sơ đầu theo thứ tự đang xếp. "
    "Hãy lọc bớt rồi tải lại để có đủ."
)


def figure(number: int) -> str:
    return f"{number:,}".replace(",", ".")


@require_safe
@officer_required(*WORK_ROLES)
def work_file(request: OfficerRequest, kind: str) -> HttpResponseBase:
    """The rows, columns and order of the page with the same address. Written down: what was taken,
    how many dossiers, narrowed by what (never whom somebody looked for).
    """
    now = timezone.now()
    jobs = queries.jobs_of(request.desk)
    asked = asked_of(request.GET, jobs, jobs[0])
    if request.GET.get("loai", asked.job.key) != asked.job.key:
        raise Http404  # a list of another desk: the page of that address says so
    shown = listing(request, asked.job.key, reverse("work"))
    rows = asked.rows(request, now)
    number = rows.count()
    export = exporting.Export(
        asked.job.label, rows, shown.columns, shown.order, now, number,
        LACKING.format(number=figure(number), most=figure(exporting.MOST)),
    )  # fmt: skip
    told = [
        words for words, _ in chips({k: v for k, v in asked.kept.items() if k != "loc"}, {}, {})
    ]
    told += ["theo từ khóa"] if "loc" in asked.kept else []
    words = f"{asked.job.label}: {min(number, exporting.MOST)} hồ sơ, {kind}"
    detail = "; ".join([words, *told])
    access(request, AccessKind.DOWNLOADED, "work", None, detail)
    answer: HttpResponseBase
    if kind == "csv":
        answer = StreamingHttpResponse(csv_lines(export.whole()), content_type=TYPES[kind])
    else:
        answer = HttpResponse(exporting.xlsx(export), content_type=TYPES[kind])
    name = f"{asked.job.key}-{timezone.localdate(now):%Y%m%d}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
