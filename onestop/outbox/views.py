"""The bell: an officer's own notices, and nobody else's."""

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from onestop.outbox import domain
from onestop.outbox.hooks import bell_opened
from onestop.outbox.models import Message
from onestop.outbox.queries import close_lost, unread_count
from onestop.paging import by_id

PAGE = 50


def _officer(request: HttpRequest) -> AbstractBaseUser:
    assert isinstance(request.user, AbstractBaseUser)
    return request.user


@require_safe
@login_required
def bell(request: HttpRequest) -> HttpResponse:
    """Newest first, fifty a page; `truoc` is the id of the last one shown before."""
    bell_opened.send(sender=Message, officer=_officer(request), at=timezone.now())
    notices = Message.objects.bell_of(_officer(request))
    page = by_id(newest_first=True).page(notices, after=request.GET.get("truoc", ""), size=PAGE)
    close_lost(page.rows, _officer(request), at=timezone.now())
    return render(
        request,
        "outbox/bell.html",
        {"notices": page.rows, "more": page.next, "unread": unread_count(_officer(request))},
    )


@require_POST
@login_required
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark as read and go where the notice points."""
    notice = get_object_or_404(Message.objects.bell_of(_officer(request)), pk=pk)
    domain.read(notice, at=timezone.now())
    safe = url_has_allowed_host_and_scheme(notice.link, allowed_hosts=None)
    return redirect(notice.link if notice.link and safe else "bell")


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    count = domain.read_all(_officer(request), at=timezone.now())
    messages.success(
        request,
        f"Đã đánh dấu {count} thông báo là đã đọc." if count else "Không còn thông báo chưa đọc.",
    )
    return redirect("bell")
