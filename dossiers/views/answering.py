"""The list of what waits for the approver's yes or no, and what his answer says on its way back to
it, whatever was asked of him.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from dossiers.acts import agreeing, guiding, voiding
from dossiers.desk import rounds
from dossiers.desk.work import rail_counts
from dossiers.models.answering import Question
from dossiers.views.desk_common import warn
from onestop.accounts.access import access_each
from onestop.accounts.http import OfficerRequest
from onestop.accounts.models import AccessKind
from onestop.errors import DomainError, sentence
from onestop.templatetags.ui import undo
from onestop.texts import in_one_line

Row = TypeVar("Row", bound=Question)
# Of each kind; what is answered makes room for the next. An own answer that is not listed could not be
# taken back: as many of them.
MOST = 100


def page(
    request: OfficerRequest, refused: type[Question] | None = None, pk: int = 0, problem: str = ""
) -> HttpResponse:
    """What waits for this approver, oldest first; the answer that was refused with the reason."""
    rows, more_rows = _first(agreeing.waiting_for(request.desk))
    guidances, more_guidances = _first(guiding.waiting_for(request.desk))
    voids, more_voids = _first(voiding.waiting_for(request.desk))
    ids = [row.dossier_id for row in rows]
    if ids:
        access_each(request, AccessKind.VIEWED, "dossier", ids, "yêu cầu bổ sung chờ duyệt")
        earlier = rounds.of(ids)
        for asked in rows:
            asked.earlier = earlier.get(asked.dossier_id, [])  # type: ignore[attr-defined]
    if guidances:
        visits = [row.visit_id for row in guidances]
        access_each(request, AccessKind.VIEWED, "visit", visits, "hướng dẫn lần nữa chờ duyệt")
    if voids:
        ids = [row.dossier_id for row in voids]
        access_each(request, AccessKind.VIEWED, "dossier", ids, "hủy tiếp nhận chờ duyệt")
    for row in (*rows, *guidances, *voids):
        if (type(row), row.pk) == (refused, pk):
            row.problem = problem
    context = {
        "rows": rows,
        "guidances": guidances,
        "voids": voids,
        "more": more_rows or more_guidances or more_voids,
        "void_answers": voiding.answered_by(request.user)[:MOST],
        "answered": agreeing.answered_by(request.user)[:MOST],
        "guided": guiding.answered_by(request.user)[:MOST],
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    status = 422 if refused else 200
    return render(request, "dossiers/acts/agreements.html", context, status=status)


def _first(waiting: QuerySet[Row]) -> tuple[list[Row], bool]:
    """The oldest, and whether there are more."""
    found = list(waiting[: MOST + 1])
    return found[:MOST], len(found) > MOST


def answered(
    request: OfficerRequest,
    pk: int,
    verb: Callable[..., Row],
    called: Callable[[Row], str],
    *,
    of: type[Row],
    undone_at: str,
) -> HttpResponse:
    """Yes, or no with the reason. In: the verb of this kind of question, what such a row is called in
    a sentence, its model, the name of the address where the answer is taken back.
    """
    agreed = request.POST.get("dap") == "dong-y"
    words = in_one_line(request.POST.get("reason", ""))[:300]
    try:
        row = verb(pk, agreed=agreed, words=words, by=request.desk, at=timezone.now())
    except DomainError as error:
        if error.field == "reason":
            return page(request, of, pk, sentence(error))
        warn(request, error)
    else:
        said = "Đã duyệt" if agreed else "Không duyệt"
        back = undo(reverse(undone_at, args=[row.pk]))
        messages.success(request, f"{said} {called(row)}.", extra_tags=back)
    return redirect("agreements")


def taken_back(
    request: OfficerRequest, pk: int, verb: Callable[..., Row], called: Callable[[Row], str]
) -> HttpResponse:
    """The own answer is taken back; it waits for one again."""
    try:
        row = verb(pk, by=request.desk, at=timezone.now())
    except DomainError as error:
        warn(request, error)
    else:
        messages.success(request, f"Đã hoàn tác: {called(row)} lại chờ bạn.")
    return redirect("agreements")
