"""The pages of a lawful extension and of time that does not count: each shows the new date before
it is decided (`xem`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone

from dossiers.acts import incidents, lawful_time
from dossiers.acts.many import Seen
from dossiers.clock import deadlines
from dossiers.forms.lawful_time import CloseForm, ExcludeForm, ExtendForm, ProlongForm
from dossiers.models import ClockChange, ClockKind, Dossier
from dossiers.slips.subjects import signers, usual_signer
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier
from onestop.accounts.calendars import calendar_of
from onestop.accounts.http import OfficerRequest
from onestop.errors import say
from onestop.templatetags.formatting import day_words
from onestop.worktime import ChangeError, Promise


@get_or_post
@on_desk
def extend(request: OfficerRequest, code: str) -> HttpResponse:
    """A further term by the law of the sector."""
    now, dossier = timezone.now(), find_dossier(request, code)
    form = ExtendForm(
        sent(request),
        initial={"quantity": 2, "unit": "ngay-lam-viec"} | _initial(request, dossier, now),
        **_common(request, dossier, now),
    )
    preview, effect = _preview(request, form), None
    if form.is_bound and {"quantity", "unit"} <= form.cleaned_data.keys():
        row = ClockChange(
            dossier=dossier, kind=ClockKind.EXTEND, start=now, extra=str(form.term),
            heals=bool(form.cleaned_data.get("law")),
        )  # fmt: skip
        try:
            effect = _effect(dossier, row)
        except ChangeError:
            form.add_error("unit", say("extra_unit"))

    def run(seen: Seen, form: ExtendForm, at: datetime) -> str:
        lawful_time.extend(seen, form.value, by=request.desk, at=at)
        return _said(dossier, "Đã gia hạn theo pháp luật chuyên ngành.")

    return act_page(
        request, dossier, "extend", form, run, now=now, preview=preview, hindered=_hindered(dossier),
        template="extend", effect=effect, late=lawful_time.is_late(dossier, now),
    )  # fmt: skip


@get_or_post
@on_desk
def exclude(request: OfficerRequest, code: str) -> HttpResponse:
    """Time that does not count; the ones there are stand beside the form."""
    now, dossier = timezone.now(), find_dossier(request, code)
    today = f"{timezone.localdate(now):%d/%m/%Y}"
    form = ExcludeForm(
        sent(request),
        initial={"begins_on": today, "unit": "ngay"} | _initial(request, dossier, now),
        now=now,
        calendar=calendar_of(dossier.agency_id),
        **_common(request, dossier, now),
    )
    preview, effect = _preview(request, form), None
    if form.is_bound and (span := form.span) is not None and span[0] < span[1]:
        row = ClockChange(
            dossier=dossier, kind=ClockKind.EXCLUDE, start=span[0], end=span[1],
            known_at=now if span[0] < now else None, heals=bool(form.cleaned_data.get("law")),
        )  # fmt: skip
        effect = _effect(dossier, row)

    def run(seen: Seen, form: ExcludeForm, at: datetime) -> str:
        lawful_time.exclude(seen, form.value, by=request.desk, at=at)
        return _said(dossier, "Đã ghi thời gian không tính vào thời hạn.")

    return act_page(
        request, dossier, "exclude", form, run, now=now, preview=preview, hindered=_hindered(dossier),
        template="exclude", effect=effect, late=lawful_time.is_late(dossier, now),
        known=lawful_time.running(dossier), outages=incidents.during(dossier, now),
    )  # fmt: skip


@get_or_post
@on_desk
def prolong(request: OfficerRequest, code: str, pk: int) -> HttpResponse:
    """Time that does not count takes longer than was said."""
    now, dossier = timezone.now(), find_dossier(request, code)
    row = lawful_time.running(dossier).filter(pk=pk).first()
    if row is None:
        raise Http404
    form = ProlongForm(
        sent(request),
        initial={"basis": row.basis} | _initial(request, dossier, now),
        **_common(request, dossier, now),
    )
    preview, effect = _preview(request, form), None
    if form.is_bound and (ends := form.ends) is not None and ends > row.ends:
        line = ClockChange(
            dossier=dossier, kind=ClockKind.EXCLUDE, start=row.ends, end=ends,
            known_at=now if row.ends < now else None, heals=bool(form.cleaned_data.get("law")),
        )  # fmt: skip
        effect = _effect(dossier, line)

    def run(seen: Seen, form: ProlongForm, at: datetime) -> str:
        lawful_time.prolong_exclusion(seen, pk, form.value, by=request.desk, at=at)
        return _said(dossier, "Đã kéo dài thời gian không tính vào thời hạn.")

    return act_page(
        request, dossier, "prolong_exclusion", form, run, now=now, preview=preview,
        hindered=_hindered(dossier), template="prolong_exclusion", effect=effect, row=row,
        late=lawful_time.is_late(dossier, now),
    )  # fmt: skip


@get_or_post
@on_desk
def close(request: OfficerRequest, code: str, pk: int) -> HttpResponse:
    """Time that does not count ended earlier than was said."""
    now, dossier = timezone.now(), find_dossier(request, code)
    chain = lawful_time.whole(dossier, pk)
    if not chain:
        raise Http404
    initial = {"ended_on": f"{timezone.localdate(now):%d/%m/%Y}"}
    form = CloseForm(sent(request), initial=initial, dossier=dossier, now=now)

    def run(seen: Seen, form: CloseForm, at: datetime) -> str:
        lawful_time.close_exclusion(seen, pk, form.ended, by=request.desk, at=at)
        return _said(dossier, "Đã ghi thời gian không tính kết thúc sớm.")

    return act_page(
        request, dossier, "close_exclusion", form, run, now=now, template="close_exclusion",
        first=chain[0], row=chain[-1],
    )  # fmt: skip


def _common(request: OfficerRequest, dossier: Dossier, now: datetime) -> dict[str, Any]:
    return {
        "dossier": dossier,
        "on": timezone.localdate(now),
        "signers": signers(dossier, request.user, now),
        "late": lawful_time.is_late(dossier, now),
    }


def _initial(request: OfficerRequest, dossier: Dossier, now: datetime) -> dict[str, Any]:
    return {"signer": usual_signer(dossier, request.user, now).pk}


def _preview(request: OfficerRequest, form: Any) -> bool:
    """Whether only the new date is asked for: what is not needed for it may lack."""
    preview = "xem" in request.POST
    if form.is_bound:
        form.is_valid()
    if preview:
        for name in ("reason", "basis"):
            form.errors.pop(name, None)
    return preview


def _effect(dossier: Dossier, row: ClockChange) -> Promise:
    return deadlines.promise_with(dossier, calendar_of(dossier.agency_id), row)


def _hindered(dossier: Dossier) -> str:
    if dossier.undetermined:
        return "decision_undetermined"
    return "" if dossier.due_at is not None else "nothing_to_move"


def _said(dossier: Dossier, done: str) -> str:
    dossier.refresh_from_db(fields=["due_at"])
    return f"{done} Hẹn trả: {day_words(dossier.due_at)}."
