"""`/trao-doi/thong-diep/`: what other systems sent, what of it nobody could read and why, and reading it
again once that was mended.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers.desk.work import rail_counts
from exchange.forms import CloseForm
from exchange.inbox import closing, files, queries, taking
from exchange.inbox.telling import said_in, table_address, told_in, why_missing, words
from exchange.models import IncomingFile, Message
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, sentence
from onestop.templatetags.formatting import vn_datetime

READERS = (Role.CLERK, Role.CONTROLLER)
# So many are read again by one press, those that were tried least first; the rest by the next.
AT_ONCE = 50


@require_safe
@officer_required(*READERS)
def messages_page(request: OfficerRequest) -> HttpResponse:
    """What is held stands first, with what is missing in words."""
    stand = request.GET.get("muc", "")
    stand = stand if stand in queries.STANDS else queries.HELD
    rows = queries.messages(request.desk)
    numbers = queries.counts(rows)
    page, now = queries.page(rows, stand, after=request.GET.get("sau", "")), timezone.now()
    context = {
        "now": now,
        "rows": [(row, words(row.missing)) for row in page.rows],
        "stand": stand,
        "tabs": [(key, label, numbers.get(key)) for key, label in queries.STANDS.items()],
        "next": f"?muc={stand}&sau={page.next}" if page.next else "",
        "keeps": request.desk.has(Role.CONTROLLER),
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    return render(request, "exchange/messages.html", context)


def _message(request: OfficerRequest, pk: int) -> Message:
    joined = ("agency", "door__source", "ended_by", "filing")
    return get_object_or_404(queries.messages(request.desk).select_related(*joined), pk=pk)


@require_safe
@officer_required(*READERS)
def message_page(request: OfficerRequest, pk: int) -> HttpResponse:
    message = _message(request, pk)
    access(request, AccessKind.VIEWED, "exchange_message", message.pk)
    return _shown(request, message, CloseForm(tells=closing.is_told(message)))


def _shown(request: OfficerRequest, message: Message, form: CloseForm) -> HttpResponse:
    rows = IncomingFile.objects.filter(message=message)
    told, now = told_in(message), timezone.now()
    context: dict[str, Any] = {
        "now": now,
        "m": message,
        "missing": words(message.missing),
        "notes": words(message.notes),
        "said": said_in(told) if told is not None else [],
        "table": table_address(told),
        "files": [(row, why_missing(row)) for row in rows],
        "lacks_files": any(row.state == IncomingFile.State.MISSING for row in rows),
        "form": form,
        "may_open": closing.may_be_opened(message),
        "keeps": request.desk.has(Role.CONTROLLER),
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    status = 422 if form.is_bound else 200
    return render(request, "exchange/message.html", context, status=status)


@require_POST
@officer_required(*READERS)
def read_one(request: OfficerRequest, pk: int) -> HttpResponse:
    """Đọc lại: after its table was mended."""
    message = taking.tried(_message(request, pk).pk, at=timezone.now())
    if message.is_held:
        messages.error(request, f"{message}: vẫn cần xử lý, xem lý do bên dưới.")
    elif message.filing_id and message.state == Message.State.MAPPED:
        messages.success(request, f"{message}: đã vào danh sách chờ tiếp nhận.")
        return redirect("online_filing", pk=message.filing_id)
    else:
        # Known from another message, older than what is here, ended by somebody meanwhile.
        stands = message.get_state_display().lower()
        messages.success(request, f"{message}: {stands}. {message.reason}".strip())
    return redirect("exchange_message", pk=message.pk)


@require_POST
@officer_required(*READERS)
def read_again(request: OfficerRequest) -> HttpResponse:
    """Đọc lại tất cả: each by itself, so that one does not hold another back."""
    held = queries.messages(request.desk).filter(state=Message.State.QUARANTINED)
    now = timezone.now()
    found = list(held.order_by("tries", "received_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    taken = sum(not taking.tried(pk, at=now).is_held for pk in found)
    messages.success(
        request,
        f"Đã đọc lại {len(found)} thông điệp: {taken} đọc được, {len(found) - taken} còn giữ lại.",
    )
    return redirect("exchange_messages")


@require_POST
@officer_required(*READERS)
def close(request: OfficerRequest, pk: int) -> HttpResponse:
    """Đóng, with the reason; of a filing that is nothing else here, whether it is không tiếp nhận."""
    message = _message(request, pk)
    form = CloseForm(request.POST, tells=closing.is_told(message))
    if form.is_valid():
        said = form.cleaned_data
        try:
            closing.close(
                message.pk, reason=said["reason"], by=request.user, at=timezone.now(),
                tells=said.get("tells"),
            )  # fmt: skip
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, sentence(error))
        else:
            messages.success(request, f"{message}: đã đóng thông điệp.")
            return redirect("exchange_messages")
    return _shown(request, message, form)


@require_POST
@officer_required(*READERS)
def open_again(request: OfficerRequest, pk: int) -> HttpResponse:
    """Mở lại what was closed."""
    message = _message(request, pk)
    ended = f" {vn_datetime(message.ended_at)}" if message.ended_at else ""
    closed = f"mở lại, trước đó đóng bởi {message.ended_by}{ended}"
    try:
        with transaction.atomic():
            closing.open_again(message.pk, by=request.user, at=timezone.now())
            access(request, AccessKind.VIEWED, "exchange_message", message.pk, closed)
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, f"{message}: đã mở lại thông điệp.")
    return redirect("exchange_message", pk=message.pk)


@require_POST
@officer_required(*READERS)
def fetch_again(request: OfficerRequest, pk: int) -> HttpResponse:
    """Tải lại the files that are missing."""
    message = _message(request, pk)
    count = files.ask_again(message.filing) if message.filing is not None else 0
    messages.success(
        request, f"Đang tải lại {count} tệp." if count else "Không có tệp nào phải tải lại."
    )
    return redirect("exchange_message", pk=message.pk)
