"""`/qua-han/`: late dossiers, and those about to be: who was apologised to, whose cause is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers.desk.rows import Row
from dossiers.desk.work import rail_counts
from dossiers.models import Dossier
from dossiers.states import APPROVERS
from dossiers.views.desk_common import back_to, chosen
from dossiers.views.list_file import file_answer
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.forms import day_field
from reports import causes, confirming, lateness
from reports.board.asked import Asked
from reports.board.whose import Whose, whose
from reports.causes import SAYERS
from reports.forms import SayingForm
from reports.views.behind import APOLOGY, CAUSE, Behind, Beside
from reports.views.board_common import agencies

# How many that were refused are named.
MOST_NAMED = 10
UNIT = Beside("don-vi", "Đơn vị chịu trách nhiệm", "units", causes.units_of)


class LateFilters(forms.Form):
    """Reads the address; of an unreadable day the page says so and shows the usual days."""

    tu = day_field("Từ ngày")
    den = day_field("Đến ngày")
    coquan = forms.CharField(required=False, max_length=35)


@dataclass(frozen=True, slots=True)
class Opened:
    """The list that an address names. `kept`: its filters as they stand there; `form`: as read."""

    shown: lateness.List
    first: date
    last: date
    mine: Whose
    behind: Behind
    kept: dict[str, str]
    form: LateFilters


@require_safe
@officer_required(*SAYERS)
def late_list(request: OfficerRequest) -> HttpResponse:
    """`muc`: which list; `tu`, `den`: the days of what has ended or was apologised for."""
    opened = _opened(request)
    number = opened.behind.rows.count()
    access(request, AccessKind.VIEWED, "board", None, f"{opened.shown.label}: {number} hồ sơ")
    path = reverse("late_list")
    context = opened.behind.context(request, path, opened.kept | {"muc": opened.shown.key})
    may_choose = _may_choose(request, opened.shown, context["rows"])
    context |= {
        "shown": opened.shown,
        "number": number,
        "form": opened.form,
        "first": opened.first,
        "last": opened.last,
        "whose": opened.mine.title,
        "agencies": agencies(request),
        "coquan": opened.kept.get("coquan", ""),
        "may_choose": may_choose,
        "saying": SayingForm(None, agencies=_own(request), on=timezone.localdate())
        if may_choose and opened.shown is lateness.UNSAID
        else None,
        "tabs": [_tab(one, opened) for one in lateness.LISTS.values()],
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    status = 422 if opened.form.errors else 200
    return render(request, "reports/late/list.html", context, status=status)


@require_POST
@officer_required(*SAYERS)
def late_say(request: OfficerRequest) -> HttpResponse:
    """Say the causes of the chosen ones: as proposed (`de-xuat`), or all the same. What was typed
    for them is read by the form of one; each unit must be of the agency that handles.
    """
    back = back_to(request, f"{reverse('late_list')}?muc={lateness.UNSAID.key}")
    ids = [one.dossier_id for one in chosen(request)]
    what: confirming.Saying | None = None
    if "de-xuat" not in request.POST:
        form = SayingForm(request.POST, agencies=_own(request), on=timezone.localdate())
        if not form.is_valid():
            messages.error(request, " ".join(str(e[0]) for e in form.errors.values()))
            return redirect(back)
        what = confirming.Saying(**form.cleaned_data)
    if not ids:
        messages.error(request, "Hãy chọn hồ sơ trong danh sách.")
        return redirect(back)
    done = confirming.say_all(ids, what, by=request.desk, at=timezone.now())
    if done.said:
        messages.success(request, f"Đã ghi nguyên nhân của {done.said} hồ sơ.")
    for code, why in done.refused[:MOST_NAMED]:
        messages.error(request, f"{code}: {why}")
    if len(done.refused) > MOST_NAMED:
        more = len(done.refused) - MOST_NAMED
        messages.error(request, f"Và {more} hồ sơ khác chưa ghi được.")
    return redirect(back)


def _may_choose(request: OfficerRequest, shown: lateness.List, rows: Iterable[Row]) -> bool:
    """Whether what the list waits for is this officer's to do, of one of these rows at least: causes
    are said, letters made at the agency that handles it, not by whoever oversees it from above.
    """
    if not shown.to_do:
        return False
    own = request.desk.agency_ids_as(*(SAYERS if shown.about_causes else APPROVERS))
    return any(row.line.agency_id in own for row in rows)


def _own(request: OfficerRequest) -> list[int]:
    """The agencies for which this officer may say causes."""
    return list(request.desk.agency_ids_as(*SAYERS))


@require_safe
@officer_required(*SAYERS)
def late_file(request: OfficerRequest, kind: str) -> HttpResponseBase:
    """The list with the same address, all of its pages."""
    opened = _opened(request)
    detail = f"{opened.behind.title}: {opened.behind.rows.count()} hồ sơ, {kind}"
    export = opened.behind.export(request, reverse("late_list"))
    return file_answer(request, export, kind, opened.shown.key, what="board", detail=detail)


def _opened(request: OfficerRequest) -> Opened:
    shown = lateness.LISTS.get(request.GET.get("muc", lateness.DUE_SOON.key))
    form = LateFilters(request.GET)
    form.is_valid()
    said = {name: value for name, value in form.cleaned_data.items() if value}
    mine = whose(request.desk, Asked({"coquan": said["coquan"]} if "coquan" in said else {}))
    if shown is None or mine is None:
        raise Http404
    now = timezone.now()
    last = said.get("den") or timezone.localdate(now)
    first = said.get("tu") or lateness.first_day(last)
    asked = lateness.Asked(_ids(mine), now, first, last)
    rows = Dossier.objects.filter(lateness.rows_of(shown, asked)).visible_to(request.desk)
    beside = _of_causes(shown, now) if shown.about_causes else (APOLOGY,)
    kept = {name: str(value) for name, value in said.items()}
    return Opened(shown, first, last, mine, Behind(shown.label, rows, now, beside), kept, form)


def _of_causes(shown: lateness.List, at: datetime) -> tuple[Beside, ...]:
    """What was said of the cause and whom it is laid to; where nothing was, what is proposed."""
    if shown is lateness.SAID:
        return (CAUSE, UNIT)
    read = partial(confirming.proposals_of, at=at)
    return (Beside("de-xuat", "Đề xuất từ quá trình", "proposals", read),)


def _ids(mine: Whose) -> list[int]:
    """The agencies whose dossiers these are; of a head, those of the own departments."""
    if mine.agency_ids is not None:
        return list(mine.agency_ids)
    return sorted({room.agency_id for room in mine.departments})


def _tab(one: lateness.List, opened: Opened) -> tuple[str, str, bool]:
    query = opened.kept | {"muc": one.key}
    return one.label, f"{reverse('late_list')}?{urlencode(query)}", one is opened.shown
