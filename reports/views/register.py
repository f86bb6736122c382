"""`/so-theo-doi/`: the register of a counter (sổ theo dõi hồ sơ) by year, volume, number and day; its
files; a further volume, and the lock at the year's end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers import rules
from dossiers.acts import registers
from dossiers.desk.work import rail_counts
from dossiers.models import Dossier, RegisterCounter
from dossiers.models.registers import RegisterMark
from dossiers.reach import REGISTER_ROLES
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.errors import DomainError, sentence
from onestop.paging import by_numbers
from onestop.replica import from_replica
from onestop.texts import whole_number
from reports import rendering, runs
from reports.board.moment import read
from reports.figures import Scope, is_large, lists, table
from reports.form_data import form_on
from reports.forms_of_books import WantedEntries
from reports.models import ReportRun
from reports.periods import Period, book, parse
from reports.views.statutory import TYPES, made_file

READERS = (Role.CLERK, Role.HEAD, Role.DOCUMENTS)
# An administrator locks a register and does not read it.
READS = sorted(REGISTER_ROLES - {Role.ADMINISTRATOR})
SHOWN, SHOWN_RUNS = 50, 5
ENTRIES = by_numbers("register_year", "register_number")


@require_safe
@officer_required(*REGISTER_ROLES)
@from_replica(whole=True)
def page(request: OfficerRequest) -> HttpResponse:
    """The chosen part of a register, page by page; its volumes, and the years with their locks."""
    agency, now = _agency(request), timezone.now()
    if agency is None:
        rail = rail_counts(request.desk, now)[1]
        return render(request, "reports/register/page.html", {"agency": None, "rail_counts": rail})
    counters = list(RegisterCounter.objects.filter(agency=agency).order_by("-year"))
    marks = list(RegisterMark.objects.filter(agency=agency).select_related("by").order_by("pk"))
    years = [one.year for one in counters] or [timezone.localdate(now).year]
    asked = WantedEntries(request.GET or None, years=years, today=timezone.localdate(now))
    period = asked.period()
    books = [_Book(one, [m for m in marks if m.year == one.year]) for one in counters]
    may_read = bool(rules.may_read_register(request.desk, agency))
    context: dict[str, Any] = {
        "agency": agency,
        "agencies": list(_agencies(request)),
        "asked": asked,
        "period": period,
        "books": books,
        "book": next((one for one in books if one.counter.year == period.year), None),
        "this_year": timezone.localdate(now).year,
        "may_read": may_read,
        "may_keep": bool(rules.may_keep_register(request.desk, agency)),
        "may_lock": bool(rules.may_lock_register(request.desk, agency)),
        "files": urlencode({"co-quan": agency.pk, "ky": period.code}),
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    access(request, AccessKind.VIEWED, "register", None, f"{agency.code} {period.code}")
    if may_read:
        context |= _shown(request, agency, period, now) | {"large": _large(request)}
    return render(request, "reports/register/page.html", context, status=asked.status)


def _large(request: OfficerRequest) -> Period | None:
    """The part that is too long to be made at once, of which a file was asked for."""
    try:
        return lists.named(parse(request.GET["lap"])) if "lap" in request.GET else None
    except DomainError:
        return None


def _shown(
    request: OfficerRequest, agency: Agency, period: Period, now: datetime
) -> dict[str, Any]:
    rows = lists.register_rows(Scope.of(agency), period)
    places = {"after": request.GET.get("sau", ""), "before": request.GET.get("truoc", "")}
    found = ENTRIES.page(rows, size=SHOWN, **places)
    made = ReportRun.objects.filter(form__code=lists.REGISTER, agency=agency, askers=request.user)
    return {
        "lines": [_Line(*told) for told in lists.register_lines(found.rows, now)],
        "pages": (_beside(request, "sau", found.next), _beside(request, "truoc", found.previous)),
        "runs": [
            (one, lists.named(one.days), _file_address(one))
            for one in made.defer("figures").order_by("-at")[:SHOWN_RUNS]
        ],
    }


@dataclass(frozen=True, slots=True)
class _Line:
    """An entry as the page shows it; `told`: by the names of its columns."""

    dossier: Dossier
    told: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Volume:
    number: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Book:
    """The register of a year."""

    counter: RegisterCounter
    marks: list[RegisterMark]

    @property
    def locked(self) -> RegisterMark | None:
        return next((one for one in self.marks if one.kind == RegisterMark.Kind.LOCK), None)

    @property
    def volumes(self) -> list[_Volume]:
        begun = [one for one in self.marks if one.kind == RegisterMark.Kind.VOLUME]
        firsts = [1, *(one.number for one in begun)]
        lasts = [*(first - 1 for first in firsts[1:]), self.counter.last]
        return [
            _Volume(number, *span)
            for number, span in enumerate(zip(firsts, lasts, strict=True), start=1)
        ]


def _beside(request: OfficerRequest, name: str, cursor: str) -> str:
    if not cursor:
        return ""
    kept = request.GET.copy()
    for one in ("sau", "truoc"):
        kept.pop(one, None)
    kept[name] = cursor
    return f"{request.path}?{kept.urlencode()}"


@require_safe
@officer_required(*READS)
@from_replica(whole=True)
def file(request: OfficerRequest, kind: str) -> HttpResponse:
    """A part of the register as PDF or workbook; of a large one what a worker made of its cut, else
    the page that asks whether one is to begin: following an address starts nothing.
    """
    agency, period = _asked(request, request.GET)
    now = timezone.now()
    cut = read(request.GET["luc"], now).at if request.GET.get("luc") else now
    form, scope = form_on(lists.REGISTER, period.last), Scope.of(agency)
    access(request, AccessKind.DOWNLOADED, "register", None, f"{agency.code} {period.code}, {kind}")
    if is_large(form, scope, period, cut):
        run = runs.ready(form, agency, period, cut, ReportRun.Kind(kind))
        content = made_file(run) if run is not None else None
        if content is None:
            return redirect(f"{_address(agency, period.year)}&{urlencode({'lap': period.code})}")
    else:
        filled = table(form, scope, period, cut)
        content = rendering.pdf(filled) if kind == "pdf" else rendering.xlsx(filled)
    answer = HttpResponse(content, content_type=TYPES[kind])
    name = f"so-theo-doi-{agency.code}-{period.code}.{kind}".replace("..", "_")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@officer_required(*READS)
def order(request: OfficerRequest) -> HttpResponse:
    """Have a large part made as of now, `dang`: pdf or xlsx."""
    agency, period = _asked(request, request.POST)
    kind = request.POST.get("dang", "")
    if kind not in TYPES:
        raise Http404
    form, now = form_on(lists.REGISTER, period.last), timezone.now()
    run = runs.ask(
        form, agency, period, ReportRun.Kind(kind), cut=None, by=request.user, at=now
    )  # fmt: skip
    detail = f"lập {form.code} {agency.code} {period.code}, {kind}"
    access(request, AccessKind.REPORT_ACT, "report_run", run.pk, detail, about=agency.pk)
    said = "Phần sổ này đang được lập, xong sẽ có thông báo và tải ở mục Tệp đang lập."
    messages.info(request, said)
    return redirect(f"{_address(agency, period.year)}#lap")


def _file_address(run: ReportRun) -> str:
    asked = {"co-quan": run.agency_id, "ky": run.period, "luc": run.cut_in_address}
    return f"{reverse(f'register_{run.kind}')}?{urlencode(asked)}" if run.is_ready else ""


@require_POST
@officer_required(*REGISTER_ROLES)
def open_volume(request: OfficerRequest) -> HttpResponse:
    agency, year = _posted(request)
    seen = whole_number(request.POST.get("quyen", "")) or 0
    try:
        made = registers.open_volume(agency, year, seen=seen, by=request.desk, at=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        said = f"Đã mở quyển số {made.volume} của sổ năm {year}, bắt đầu từ số {made.number}."
        messages.success(request, said)
    return redirect(_address(agency, year))


@require_POST
@officer_required(*REGISTER_ROLES)
def lock(request: OfficerRequest) -> HttpResponse:
    agency, year = _posted(request)
    address = _address(agency, year)
    try:
        made = registers.lock(agency, year, by=request.desk, at=timezone.now(), link=address)
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, f"Đã khóa sổ năm {year}, số thứ tự cuối {made.number}.")
    return redirect(address)


def _address(agency: Agency, year: int) -> str:
    return f"{reverse('register')}?{urlencode({'co-quan': agency.pk, 'nam': year})}"


def _agencies(request: OfficerRequest) -> QuerySet[Agency]:
    """The counters whose register this officer reads or locks."""
    desk = request.desk
    own = Q(pk__in=desk.agency_ids_as(*READERS))
    below = Agency.objects.under(*desk.subtree_paths, *desk.administered_paths)
    found = Agency.objects.filter(own | Q(pk__in=below.values("pk")), is_one_stop=True)
    return found.order_by("path", "pk")


def _agency(request: OfficerRequest, said: QueryDict | None = None) -> Agency | None:
    """The one that is asked for, else the own one, else the first."""
    asked = whole_number((request.GET if said is None else said).get("co-quan", ""))
    found = _agencies(request)
    if asked is not None:
        return get_object_or_404(found, pk=asked)
    home = request.desk.agency
    return (found.filter(pk=home.pk).first() if home else None) or found.first()


def _asked(request: OfficerRequest, said: QueryDict) -> tuple[Agency, Period]:
    """Of which register which part. Errors: Http404, also where it may not be read."""
    agency = _agency(request, said)
    if agency is None or not rules.may_read_register(request.desk, agency):
        raise Http404
    try:
        return agency, parse(said.get("ky", "") or book(timezone.localdate().year).code)
    except DomainError as error:
        raise Http404 from error


def _posted(request: OfficerRequest) -> tuple[Agency, int]:
    agency = get_object_or_404(
        _agencies(request), pk=whole_number(request.POST.get("co-quan", "")) or 0
    )
    year = whole_number(request.POST.get("nam", ""))
    if year is None:
        raise Http404
    return agency, year
