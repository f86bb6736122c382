"""`/thu-tuc/quan-ly/danh-muc/`: the decisions that publish what each kind of counter receives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onestop.accounts.calendars import calendar_of
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Agency, Role
from onestop.errors import DomainError, say, sentence
from onestop.jobs import staged
from onestop.paging import by_day
from onestop.results import Denied
from onestop.texts import whole_number
from procedures import rules
from procedures.domain import list_deadlines, list_files, list_reasons, lists, saved
from procedures.forms.lists import DecisionFileForm, EnteredForm, HeadForm, LinesForm, ListFileForm
from procedures.models import ListDecision
from procedures.queries import names_of, unlisted_page
from procedures.views.common import refuse
from procedures.views.list_common import (
    PAGE,
    READERS,
    chosen_lines,
    not_publishing,
    open_drafts,
    revision_in,
    seen_by,
    tabs,
    top_of,
)

Stage = ListDecision.Stage
LAST_SIGNED = by_day("signed_on", newest_first=True)


@require_safe
@officer_required(*READERS)
def index(request: OfficerRequest) -> HttpResponse:
    """The decisions, the last signed one first, from `sau` on, with how late each was entered."""
    rows = seen_by(request).select_related("agency").annotate(number_of_lines=Count("lines"))
    today = timezone.localdate()
    page = LAST_SIGNED.page(rows, size=PAGE, after=request.GET.get("sau", ""))
    calendars = {pk: calendar_of(pk) for pk in {one.agency_id for one in page.rows}}
    top = top_of(request)
    context = {
        "decisions": [
            (one, list_deadlines.late_of(one, calendars[one.agency_id], today)) for one in page.rows
        ],
        "next": f"?sau={page.next}" if page.next else "",
        "on": today,
        "totals": saved.totals_at(top, today) if top else [],
        "without_reason": list_reasons.waiting(top, today).count() if top else 0,
        "within": list_deadlines.deadlines_of(today),
        "may_publish": bool(rules.may_publish_lists(request.desk)),
        **tabs(request),
    }
    return render(request, "procedures/lists/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.CONTROLLER)
def new(request: OfficerRequest) -> HttpResponse:
    """The head of a new draft."""
    if refusal := not_publishing(request):
        return refusal
    agency = top_of(request)
    assert agency is not None
    form = _head_form(request, agency)
    if request.method == "POST" and form.is_valid():
        try:
            made = lists.draft(form.head(), agency=agency, by=request.user, at=timezone.now())
        except DomainError as error:
            refuse(form, error)
        else:
            return redirect("procedures:list", made.pk)
    return render(
        request, "procedures/lists/head.html", {"form": form}, status=422 if form.is_bound else 200
    )


def _head_form(
    request: OfficerRequest, agency: Agency, decision: ListDecision | None = None
) -> HeadForm:
    published = ListDecision.objects.filter(agency=agency, stage=Stage.PUBLISHED)
    initial = {name: getattr(decision, name) for name in HeadForm.base_fields} if decision else None
    return HeadForm(
        request.POST or None, published=published, on=timezone.localdate(), initial=initial
    )


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.CONTROLLER)
def edit(request: OfficerRequest, pk: int) -> HttpResponse:
    """Another head for a draft."""
    decision = get_object_or_404(seen_by(request).select_related("agency"), pk=pk)
    if refusal := not_publishing(request):
        return refusal
    form = _head_form(request, decision.agency, decision)
    if request.method == "POST":
        _as_seen(request, decision)
    if request.method == "POST" and form.is_valid():
        try:
            lists.write_head(decision, form.head(), seen=decision.revision)
        except DomainError as error:
            refuse(form, error)
        else:
            return redirect("procedures:list", decision.pk)
    context = {"form": form, "decision": decision}
    return render(
        request, "procedures/lists/head.html", context, status=422 if form.is_bound else 200
    )


def _as_seen(request: OfficerRequest, decision: ListDecision) -> None:
    """A page that is shown again still answers what was seen: pressed twice it overwrites nobody."""
    decision.revision = revision_in(request)


@require_safe
@officer_required(*READERS)
def show(request: OfficerRequest, pk: int) -> HttpResponse:
    """A decision, its lines beside what they change, and what may be done to it."""
    decision = get_object_or_404(
        seen_by(request).select_related("agency", "corrects", "file"), pk=pk
    )
    return _page(request, decision)


def _page(
    request: OfficerRequest,
    decision: ListDecision,
    form: LinesForm | None = None,
    file_form: ListFileForm | None = None,
    refused: list[list_files.Refused] | None = None,
) -> HttpResponse:
    after = whole_number(request.GET.get("sau", "")) or 0
    rows = list(
        decision.lines.filter(pk__gt=after).select_related("procedure").order_by("pk")[: PAGE + 1]
    )
    more, rows = len(rows) > PAGE, rows[:PAGE]
    was = lists.before(decision)
    named = names_of([row.procedure_id for row in rows])
    shortened = {row.procedure.code for row in rows if row.shortened}
    by_law = lists.statutory_terms(shortened) if shortened else {}
    may_publish = bool(rules.may_publish_lists(request.desk))
    context = {
        "may_write": may_publish,
        "decision": decision,
        "lines": [
            {
                "line": row,
                "name": named.get(row.procedure_id, ""),
                "change": _change(row, was),
                "by_law": _by_law(by_law.get(row.procedure.code, ())),
            }
            for row in rows
        ],
        "count": decision.lines.count(),
        "next_url": f"?sau={rows[-1].pk}" if more else "",
        "late": list_deadlines.late_of(
            decision, calendar_of(decision.agency_id), timezone.localdate()
        ),
        "corrected_by": decision.corrections.filter(stage=Stage.PUBLISHED).order_by("pk"),
        "overlaps": lists.overlaps(decision) if decision.is_open else [],
        "without_reason": decision.lines.without_reason().count() if decision.is_open else 0,
        "may_edit": may_publish and decision.is_open,
        "may_check": _may_check(request, decision),
        "own_draft": decision.is_open and decision.drafted_by_id == request.user.pk,
        "may_publish": may_publish and decision.stage == Stage.CHECKED,
        "form": form or LinesForm(initial={"at_counter": "1", "by_post": "1"}),
        "file_form": file_form or ListFileForm(),
        "signed_form": DecisionFileForm(auto_id="quyet-dinh-%s"),
        "entered_form": EnteredForm(initial={"entered_on": decision.entered_on}),
        "refused": refused or [],
        "is_bound": form is not None or file_form is not None,
        **tabs(request),
    }
    wrong = (form is not None and bool(form.errors)) or bool(file_form and file_form.errors)
    return render(request, "procedures/lists/decision.html", context, status=422 if wrong else 200)


def _may_check(request: OfficerRequest, decision: ListDecision) -> bool:
    return (
        decision.stage == Stage.DRAFT
        and bool(rules.may_check_lists(request.desk))
        and decision.drafted_by_id != request.user.pk
    )


def _change(row: Any, was: dict[tuple[int, int], Any]) -> str:
    """What the line changes in what is in force before it."""
    old = was.get((row.procedure_id, row.counter))
    if old is None:
        return "mới"
    if old.says == row.says:
        return "không đổi"
    return "bãi bỏ" if old.is_received and not row.is_received else "thay đổi"


def _by_law(terms: Iterable[tuple[str, str]]) -> str:
    """The statutory terms of a procedure in one line, each once."""
    return ", ".join(dict.fromkeys(term for _, term in terms if term))


@require_POST
@officer_required(Role.CONTROLLER)
def add(request: OfficerRequest, pk: int) -> HttpResponse:
    """Lines by their codes."""
    decision = get_object_or_404(seen_by(request).select_related("agency", "corrects"), pk=pk)
    if refusal := not_publishing(request):
        return refusal
    form = LinesForm(request.POST)
    _as_seen(request, decision)
    if form.is_valid():
        said = form.lines()
        try:
            lists.put_lines(decision, said, seen=decision.revision)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, f"Đã ghi {len(said)} dòng vào danh mục.")
            return redirect("procedures:list", decision.pk)
    return _page(request, decision, form)


@require_POST
@officer_required(Role.CONTROLLER)
def add_file(request: OfficerRequest, pk: int) -> HttpResponse:
    """Lines from a spreadsheet; rows that cannot be read are named and left out."""
    decision = get_object_or_404(seen_by(request).select_related("agency", "corrects"), pk=pk)
    if refusal := not_publishing(request):
        return refusal
    form = ListFileForm(request.POST, request.FILES)
    _as_seen(request, decision)
    if not form.is_valid():
        return _page(request, decision, file_form=form)
    upload = form.cleaned_data["file"]
    try:
        with staged.received(upload) as path:
            found = list_files.read(path, upload.name or "")
        if found.lines:
            decision = lists.put_lines(decision, found.lines, seen=decision.revision)
    except DomainError as error:
        form.add_error("file", sentence(error))
        return _page(request, decision, file_form=form)
    messages.success(request, f"Đã ghi {len(found.lines)} dòng từ tệp vào danh mục.")
    if not found.refused:
        return redirect("procedures:list", decision.pk)
    return _page(request, decision, file_form=ListFileForm(), refused=list(found.refused))


@require_POST
@officer_required(Role.CONTROLLER)
def take_out(request: OfficerRequest, pk: int) -> HttpResponse:
    """The chosen lines of a draft go."""
    chosen = chosen_lines(request)

    def verb(decision: ListDecision, seen: int) -> str:
        lists.take_out(decision, chosen, seen=seen)
        return f"Đã bỏ {len(chosen)} dòng khỏi bản soạn."

    return _done(request, pk, verb)


@require_POST
@officer_required(Role.CONTROLLER, Role.LEADER)
def check(request: OfficerRequest, pk: int) -> HttpResponse:
    """Đã kiểm tra, by somebody other than who drafted it."""

    def verb(decision: ListDecision, seen: int) -> str:
        lists.check(decision, by=request.user, at=timezone.now(), seen=seen)
        return "Đã kiểm tra danh mục. Đầu mối kiểm soát công bố được từ bây giờ."

    return _done(request, pk, verb, rules.may_check_lists)


@require_POST
@officer_required(Role.CONTROLLER)
def publish(request: OfficerRequest, pk: int) -> HttpResponse:
    """Công bố."""

    def verb(decision: ListDecision, seen: int) -> str:
        made = lists.publish(decision, by=request.user, at=timezone.now(), seen=seen)
        return (
            f"Đã công bố quyết định {made.number}, có hiệu lực từ {made.effective_from:%d/%m/%Y}."
        )

    return _done(request, pk, verb)


@require_POST
@officer_required(Role.CONTROLLER)
def drop(request: OfficerRequest, pk: int) -> HttpResponse:
    """Bỏ bản soạn."""

    def verb(decision: ListDecision, seen: int) -> str:
        lists.drop(decision, seen=seen)
        return "Đã bỏ bản soạn. Quyết định còn trong danh sách để tra cứu."

    return _done(request, pk, verb)


def _done(
    request: OfficerRequest,
    pk: int,
    verb: Callable[[ListDecision, int], str],
    rule: Callable[..., Any] = rules.may_publish_lists,
) -> HttpResponse:
    decision = get_object_or_404(seen_by(request), pk=pk)
    answer = rule(request.desk)
    if isinstance(answer, Denied):
        messages.error(request, say(answer.code, answer.data))
        return redirect("procedures:list", pk)
    try:
        messages.success(request, verb(decision, revision_in(request)))
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("procedures:list", pk)


@require_safe
@officer_required(*READERS)
def unlisted(request: OfficerRequest) -> HttpResponse:
    """What is in force in the national database and in no list in force: still to be published."""
    agency = top_of(request)
    page = unlisted_page(
        on=timezone.localdate(), agency=agency, after=str(request.GET.get("sau", ""))[:40]
    )
    context = {
        "page": page,
        "next_url": f"?sau={page.next}" if page.next else "",
        "drafts": list(open_drafts(request)[:20]) if rules.may_publish_lists(request.desk) else [],
        "has_lists": agency is not None and agency.has_lists,
        **tabs(request),
    }
    return render(request, "procedures/lists/unlisted.html", context)
