"""Acts on one dossier: receiving, the result, what ends it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dossiers.acts import endings, handovers, signing, taking_back
from dossiers.acts.many import Seen
from dossiers.acts.results import RESULT_FILE
from dossiers.clock import lapses
from dossiers.forms.acts import FinishForm, ResultForm, StopForm, WithdrawForm
from dossiers.forms.handover import ConfirmForm
from dossiers.models import Dossier, HandOver, Result, Supplement
from dossiers.models.outcome import Outcome
from dossiers.slips.subjects import usual_signer
from dossiers.states import State
from dossiers.views.act_page import act_page, at_once, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier
from onestop.accounts.http import OfficerRequest


@get_or_post
@on_desk
def confirm(request: OfficerRequest, code: str) -> HttpResponse:
    """Receive this one: the outcome of the giver's step stated, differences recorded."""
    now, dossier = timezone.now(), find_dossier(request, code)
    waiting = HandOver.objects.on_the_way().filter(dossier=dossier)
    row = waiting.select_related(
        "giver", "giver_department", "receiver", "receiver_department"
    ).first()
    if row is not None:
        row.dossier = dossier
    computed = handovers.step_outcome(row) if row is not None else None

    def run(seen: Seen, form: ConfirmForm, at: datetime) -> str:
        data = form.cleaned_data
        handovers.confirm(
            seen, by=request.desk, at=at, difference=data["difference"], outcome=data["outcome"]
        )
        return f"Đã nhận hồ sơ {dossier.code}."

    words = Outcome(computed).label if computed is not None else "bước này không định thời gian"
    return act_page(
        request,
        dossier,
        "confirm",
        ConfirmForm(sent(request)),
        run,
        now=now,
        template="confirm",
        row=row,
        computed=words,
    )


@require_POST
@on_desk
def recall(request: OfficerRequest, code: str) -> HttpResponse:
    dossier = find_dossier(request, code)
    return at_once(
        request,
        dossier,
        lambda seen: handovers.recall(seen, by=request.desk, at=timezone.now()),
        "Đã thu hồi hồ sơ.",
    )


@get_or_post
@on_desk
def finish(request: OfficerRequest, code: str) -> HttpResponse:
    """The counter has the result: one press of a button, and a note only where an approval of the
    process is missing.
    """
    now, dossier = timezone.now(), find_dossier(request, code)

    def run(seen: Seen, form: FinishForm, at: datetime) -> str:
        endings.finish(seen, by=request.desk, at=at, note=form.cleaned_data["note"])
        return "Đã xác nhận có kết quả. Hồ sơ chờ trả."

    return act_page(
        request, dossier, "finish", FinishForm(sent(request)), run, now=now, template="finish"
    )


@require_POST
@on_desk
def take_back(request: OfficerRequest, code: str) -> HttpResponse:
    dossier, now = find_dossier(request, code), timezone.now()
    said = "Đã hoàn tác việc vừa làm."
    return at_once(
        request, dossier, lambda seen: taking_back.take_back(seen, by=request.desk, at=now), said
    )


@get_or_post
@on_desk
def result(request: OfficerRequest, code: str) -> HttpResponse:
    """The result, or the refusal after appraisal with its reason."""
    now, dossier = timezone.now(), find_dossier(request, code)
    old = Result.objects.current().filter(dossier=dossier).first()
    initial = {
        "kind": Result.Kind.REFUSED
        if request.GET.get("loai") == "tu-choi"
        else Result.Kind.GRANTED,
        "issued_on": timezone.localdate(now),
    }
    if old is not None:
        names = ("kind", "title", "number", "signer", "reason")
        initial |= {name: getattr(old, name) for name in names}
        initial["issued_on"] = old.issued_on or initial["issued_on"]
    here = signing.signs(dossier, request.desk)
    form = ResultForm(
        sent(request),
        request.FILES or None,
        initial=initial,
        on=timezone.localdate(now),
        to_sign=signing.to_sign(dossier, RESULT_FILE) if here else None,
    )

    def run(seen: Seen, form: ResultForm, at: datetime) -> str:
        file = form.cleaned_data.get("file")
        endings.record_result(
            seen,
            form.value(),
            by=request.desk,
            at=at,
            files=[file] if file else [],
            sign=form.signed,
        )
        if form.signed is not None:
            return "Đã ký số và nhập kết quả điện tử."
        return (
            "Đã nhập kết quả."
            if form.cleaned_data["kind"] == Result.Kind.GRANTED
            else "Đã ghi từ chối giải quyết. Phiếu từ chối được lập khi không còn bước duyệt nào."
        )

    return act_page(
        request, dossier, "record_result", form, run, now=now, template="result", old=old
    )


@get_or_post
@on_desk
def withdraw(request: OfficerRequest, code: str) -> HttpResponse:
    """The applicant takes the dossier back."""
    now, dossier = timezone.now(), find_dossier(request, code)
    form = WithdrawForm(sent(request), initial=_ending(dossier, now), owner=dossier.owner_name)

    def run(seen: Seen, form: WithdrawForm, at: datetime) -> str:
        endings.withdraw(seen, form.value(), by=request.desk, at=at)
        return "Đã ghi công dân rút hồ sơ."

    return act_page(
        request, dossier, "withdraw", form, run, now=now, template="ending", kind="withdraw"
    )


@get_or_post
@on_desk
def stop(request: OfficerRequest, code: str) -> HttpResponse:
    """Stop the handling; the notice prints what is written here."""
    now, dossier = timezone.now(), find_dossier(request, code)
    signer = usual_signer(dossier, request.user, now).full_name
    stage = dossier.step_name or State(dossier.state).label
    lapsed = lapses.lapsed(dossier, now)
    initial = _ending(dossier, now) | {"stage": stage, "signer": signer}
    if lapsed is not None:
        initial |= _of_lapse(lapsed, dossier)
    form = StopForm(sent(request), initial=initial)

    def run(seen: Seen, form: StopForm, at: datetime) -> str:
        endings.stop(seen, form.value(), by=request.desk, at=at)
        return "Đã dừng giải quyết và lập thông báo dừng."

    return act_page(
        request, dossier, "stop", form, run, now=now, template="ending", kind="stop", lapsed=lapsed
    )


def _of_lapse(row: Supplement, dossier: Dossier) -> dict[str, Any]:
    """The draft of the notice where a request for completion was not answered: the leader reads it,
    changes it, decides.
    """
    assert row.issued_at is not None
    assert row.respond_by is not None
    asked, until = timezone.localtime(row.issued_at), timezone.localtime(row.respond_by)
    reason = (
        f"Quá thời hạn bổ sung {until:%d/%m/%Y} ghi tại phiếu yêu cầu bổ sung ngày "
        f"{asked:%d/%m/%Y} mà chưa nhận đủ: {'; '.join(row.entries)}."
    )
    return {"requested_by": f"Bộ phận Một cửa {dossier.received_by_agency.name}", "reason": reason}


def _ending(dossier: Dossier, now: datetime) -> dict[str, Any]:
    """What the page of an end knows already."""
    return {
        "requested_by": dossier.owner_name,
        "requested_on": timezone.localdate(now),
        "fee_consequence": "" if dossier.fee_amount else "Không thu",
    }
