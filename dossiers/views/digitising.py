"""Scanning a result on paper after it was signed, and holding the scan against the paper."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from dossiers.acts import digitising, signing
from dossiers.acts.many import Seen
from dossiers.forms.digitising import CheckForm, DigitiseForm
from dossiers.models.digitising import DigitisedPaper
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier
from onestop.accounts.http import OfficerRequest

AGREED = "dung"


@get_or_post
@on_desk
def digitise(request: OfficerRequest, code: str) -> HttpResponse:
    """The scan with what the paper says; beside it the result it is the scan of."""
    now, dossier = timezone.now(), find_dossier(request, code)
    result = digitising.to_digitise(dossier)
    form = DigitiseForm(
        sent(request),
        request.FILES or None,
        initial={"issuer": dossier.agency.name, "abstract": result.title if result else ""},
        signs=signing.signs(dossier, request.desk),
    )

    def run(seen: Seen, form: DigitiseForm, at: datetime) -> str:
        data = form.cleaned_data
        row = digitising.digitise_result(
            seen, data["file"], form.value, sign=bool(data.get("sign")), by=request.desk, at=at
        )
        if row.stage == DigitisedPaper.Stage.APPROVED:
            return f"Đã số hóa và ký số kết quả, mã {row.code}."
        return (
            f"Đã số hóa kết quả, mã {row.code}. Người khác kiểm tra xong thì bản này mới dùng được."
        )

    return act_page(
        request, dossier, "digitise_result", form, run, now=now, template="digitise", result=result,
        hindered="" if result else "digitised_none",
    )  # fmt: skip


@get_or_post
@on_desk
def check(request: OfficerRequest, code: str) -> HttpResponse:
    now, dossier = timezone.now(), find_dossier(request, code)
    waiting = DigitisedPaper.objects.waiting().filter(dossier=dossier)
    row = waiting.select_related("result", "file", "digitised_by").first()

    def run(seen: Seen, form: CheckForm, at: datetime) -> str:
        agreed, words = AGREED in request.POST, form.cleaned_data["answer"]
        pk = row.pk if row is not None else 0
        digitising.check_digitised(seen, pk, agreed=agreed, words=words, by=request.desk, at=at)
        if agreed:
            return "Đã xác nhận: bản số hóa dùng được thay bản giấy khi nộp hồ sơ khác."
        return "Đã ghi không đúng bản giấy: hãy số hóa lại."

    is_own = row is not None and row.digitised_by_id == request.user.pk
    hindered = "digitised_checked" if row is None else "own_digitised" if is_own else ""
    return act_page(
        request, dossier, "check_digitised", CheckForm(sent(request)), run, now=now,
        template="check_digitised", row=row, hindered=hindered,
    )  # fmt: skip
