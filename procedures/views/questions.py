"""The controller's questions: what many records ask in the same words is answered once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from onestop.errors import DomainError, say, sentence
from onestop.templatetags.ui import undo
from procedures import rules
from procedures.domain.answering import answer_fees
from procedures.domain.confirming import BulkResult, confirm_many
from procedures.domain.groups import FEE, OWN, TERM, Asked, Question, question, questions
from procedures.domain.taking_back import undo_answer
from procedures.domain.words import same_words
from procedures.forms.correcting import (
    KINDS,
    AnswerForm,
    FeeAnswer,
    QuestionFilter,
    TermAnswer,
)
from procedures.models import Answer, ImportRun, Method, ProcedureVersion, Status
from procedures.queries import (
    catalogue_counts,
    search_procedures,
    waiting_fields,
    waiting_versions,
)
from procedures.views.common import MANY, picked, refused_page, why_not

# So many questions stand on a page, and so many answers can be taken back from it.
SHOWN, RECENT = 200, 5
# So many published procedures are named beside the questions of a search.
MOST_PUBLISHED = 10
# What a filter is called in the address.
FILTERS = ("q", "linh_vuc", "loai", "ho_so", "thoi_han")


@officer_required(Role.CONTROLLER, Role.ADMINISTRATOR)
@require_safe
def queue(request: OfficerRequest) -> HttpResponse:
    """All that waits for a controller, equal words as one question; filters and search."""
    form = QuestionFilter(request.GET)
    asked, kept = form.asked(), kept_filters(request)
    found = questions(asked)
    terms = [one for one in found if one.what != FEE]
    context = {
        "rows": [(one, address(one, kept)) for one in found[:SHOWN]],
        "hidden": max(len(found) - SHOWN, 0),
        "term_questions": len(terms),
        "fee_questions": len(found) - len(terms),
        "procedures": sum(one.number for one in terms),
        "kept": kept,
        "kinds": KINDS,
        "asked": asked,
        "published": _published(asked.words),
        "chips": _chips(asked, kept),
        "fields": waiting_fields(),
        "counts": catalogue_counts(timezone.localdate()),
        "last_run": ImportRun.objects.filter(what="procedures").first(),
        "recent": recent_answers(),
        "may_import": bool(rules.may_import(request.desk)),
        "may_confirm": bool(rules.may_decide(request.desk)),
        "refusal": why_not(request) if request.desk.has(Role.CONTROLLER) else "",
    }
    return render(request, "procedures/control/queue.html", context)


def _published(words: str) -> list[ProcedureVersion]:
    """What a search finds beside questions: the way to the history of what was published, where it
    is confirmed anew.
    """
    if not words:
        return []
    found = search_procedures(words, on=timezone.localdate(), limit=MOST_PUBLISHED)
    return [one for one in found if one.status == Status.READY]


@officer_required(Role.CONTROLLER)
@require_safe
def ask(request: OfficerRequest) -> HttpResponse:
    """One question with all who ask it, ticked; back to the list when nobody asks it any more."""
    if refusal := refused_page(request):
        return refusal
    group = _group(request)
    if group is None:
        return redirect(_list(kept_filters(request)))
    return _question_page(request, group, _form(group))


@officer_required(Role.CONTROLLER)
@require_POST
def bulk(request: OfficerRequest) -> HttpResponse:
    """One answer for the procedures that stayed ticked; what could not take it is named. Then the
    next question.
    """
    if refusal := refused_page(request):
        return refusal
    group, kept = _group(request) or _group_of_picked(request), kept_filters(request)
    if group is None:  # nobody asks it any more, or nothing was picked
        what = FEE if request.GET.get("cau") == FEE else TERM
        group = Question(what, request.GET.get("chu", "")[:400], [])
    versions = [row.version_id for row in group.rows]
    form: AnswerForm = (FeeAnswer if group.what == FEE else TermAnswer)(
        request.POST, versions=versions or _sent(request), group=group
    )
    if not form.is_valid():
        return _question_page(request, group, form)
    following = _next(group, kept)
    try:
        result = _answer(request, form, group)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, sentence(error))
        return _question_page(request, group, form)
    _tell(request, form, result)
    return redirect(following)


@officer_required(Role.CONTROLLER)
@require_POST
def undo_many(request: OfficerRequest, pk: int) -> HttpResponse:
    """Takes an answer back, for all under which nobody was received."""
    answer = get_object_or_404(Answer, pk=pk)
    if refusal := refused_page(request):
        return refusal
    try:
        back = undo_answer(answer.pk, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(
            request, f"Đã rút lại câu trả lời “{answer.reading}” ở {len(back.done)} thủ tục."
        )
        if back.stay:
            messages.warning(
                request,
                f"{len(back.stay)} thủ tục giữ nguyên: {codes_of([one for one, _ in back.stay])} – "
                "đã có hồ sơ nhận hoặc đã có việc tiếp theo. Hãy xác nhận lại từng thủ tục nếu cần.",
            )
    return redirect(_list(kept_filters(request)))


def kept_filters(request: OfficerRequest) -> dict[str, str]:
    """The filters of this address that can be read, as its query string has them."""
    form = QuestionFilter(request.GET)
    form.is_valid()
    said = {name: form.cleaned_data.get(name) for name in FILTERS}
    return {name: str(value) for name, value in said.items() if value}


def address(one: Question, kept: dict[str, str]) -> str:
    """Where a question is answered: its own page, or the one procedure that asks it."""
    if one.what == OWN:
        query = f"?{urlencode(kept)}" if kept else ""
        return reverse("procedures:confirm", args=[one.rows[0].version_id]) + query
    return f"{reverse('procedures:question')}?{urlencode({'cau': one.what, 'chu': one.key} | kept)}"


def after_own(code: str, kept: dict[str, str]) -> str:
    """The next version that waits, by code, under the same filters; the list when there is none."""
    rows = waiting_versions(field_id=_asked(kept).field_id).order_by("procedure__code", "id")
    following = rows.filter(procedure__code__gt=code).values_list("id", flat=True).first()
    if following is None:
        return _list(kept)
    query = f"?{urlencode(kept)}" if kept else ""
    return reverse("procedures:confirm", args=[following]) + query


def recent_answers() -> list[Answer]:
    return list(Answer.objects.filter(undone_at=None).select_related("by")[:RECENT])


def codes_of(version_ids: list[int]) -> str:
    codes = ProcedureVersion.objects.filter(pk__in=version_ids).order_by("procedure__code")
    return ", ".join(codes.values_list("procedure__code", flat=True))


def _asked(kept: dict[str, str]) -> Asked:
    return QuestionFilter(kept).asked()


def _list(kept: dict[str, str]) -> str:
    return reverse("procedures:control") + (f"?{urlencode(kept)}" if kept else "")


def _group(request: OfficerRequest) -> Question | None:
    """The question that an address names (`cau`: what is asked, `chu`: in which words)."""
    what = request.GET.get("cau", "")
    if what not in (TERM, FEE) or "chu" not in request.GET:
        return None
    return question(_asked(kept_filters(request)), what, request.GET["chu"][:400])


def _group_of_picked(request: OfficerRequest) -> Question | None:
    """Picked in no question's page: the question of the first of them, or the words that the
    address names.
    """
    first = Method.objects.filter(case__version__in=map(int, picked(request)))
    text = first.order_by("case__version_id", "pk").values_list("term_text", flat=True).first()
    return None if text is None else question(Asked(), TERM, same_words(text))


def _sent(request: OfficerRequest) -> list[int]:
    """What was picked of a question that nobody asks any more: the verb says who was first."""
    rows = ProcedureVersion.objects.filter(pk__in=picked(request))
    return list(rows.values_list("pk", flat=True))


def _form(group: Question) -> AnswerForm:
    form = FeeAnswer if group.what == FEE else TermAnswer
    return form(versions=[], group=group)


def _question_page(request: OfficerRequest, group: Question, form: AnswerForm) -> HttpResponse:
    kept = kept_filters(request)
    chosen = {int(one) for one in picked(request)}
    ticked = [
        (row, row.version_id in chosen if form.is_bound else not row.speaks_of_terms)
        for row in group.rows[:MANY]
    ]
    everything = questions(_asked(kept))
    context = {
        "group": group,
        "form": form,
        "rows": ticked,
        "hidden": max(group.number - MANY, 0),
        "left": len(everything),
        "here": f"{reverse('procedures:bulk')}?{urlencode({'cau': group.what, 'chu': group.key} | kept)}",
        "list": _list(kept),
        "following": _following(group, everything, kept),
    }
    return render(
        request,
        "procedures/control/question.html",
        context,
        status=422 if form.is_bound else 200,
    )


def _following(group: Question, everything: list[Question], kept: dict[str, str]) -> str:
    """The question after this one; empty at the end."""
    keys = [(one.what, one.key) for one in everything]
    here = (group.what, group.key)
    at = keys.index(here) + 1 if here in keys else len(keys)
    return address(everything[at], kept) if at < len(everything) else ""


def _next(group: Question, kept: dict[str, str]) -> str:
    return _following(group, questions(_asked(kept)), kept) or _list(kept)


def _answer(request: OfficerRequest, form: AnswerForm, group: Question) -> BulkResult:
    data: dict[str, Any] = form.cleaned_data
    act: dict[str, Any] = {"by": request.user, "at": timezone.now(), "note": data["note"]}
    if group.what == FEE:
        return answer_fees(data["version"], words=group.text, fee=data["fee"], **act)
    return confirm_many(data["version"], term=data["term"], words=group.text, **act)


def _tell(request: OfficerRequest, form: AnswerForm, result: BulkResult) -> None:
    """One line with its undo; those that did not take the answer, by reason."""
    if result.confirmed:
        said = form.cleaned_data.get("term") or "mức thu"
        messages.success(
            request,
            f"Đã xác nhận “{said}” cho {len(result.confirmed)} thủ tục.",
            extra_tags=undo(reverse("procedures:undo_answer", args=[result.answer_id])),
        )
    by_reason: dict[str, list[int]] = {}
    for version_id, code in result.skipped:
        by_reason.setdefault(code, []).append(version_id)
    for code, ids in by_reason.items():
        messages.warning(request, f"{codes_of(ids)}: {_short(code)}")


def _short(code: str) -> str:
    """The sentence of a reason that needs no data; the others say that somebody was first."""
    if code in ("procedures.several_cases", "procedures.other_words"):
        return say(code)
    return "vừa có người xác nhận trước, không ghi đè."


def _chips(asked: Asked, kept: dict[str, str]) -> list[tuple[str, str]]:
    """The filters that are on, each with the address without it."""
    words = {
        "q": f"Tìm: {asked.words}",
        "linh_vuc": "Lĩnh vực: "
        + next((name for pk, name, _ in waiting_fields() if pk == asked.field_id), "đã chọn"),
        "loai": f"Loại: {dict(KINDS).get(asked.what, '')}",
        "thoi_han": f"Chữ ghi: “{asked.text}”",
        "ho_so": "Thủ tục đã có hồ sơ" if asked.received else "Thủ tục chưa có hồ sơ",
    }
    return [
        (words[name], _list({key: value for key, value in kept.items() if key != name}))
        for name in kept
    ]
