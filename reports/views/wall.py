"""`/man-hinh/…/`: the board of a waiting room, for whoever has its address; `/quan-tri/man-hinh/`: where an
administrator makes and ends them.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.texts import whole_number
from reports import wall as domain
from reports.forms_of_wall import WallForm
from reports.models import WallBoard

# Without a script the page turns by itself: so many codes a page, so many seconds each.
A_PAGE, SECONDS = 20, 15
# The script asks every so many seconds.
EVERY = 30


@require_safe
def wall(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """`trang`: a page of codes, for screens without scripts; else all of them."""
    found = domain.shown(pk, key, timezone.now())
    if found is None:
        raise Http404
    pages = max(1, -(-len(found.codes) // A_PAGE))
    asked = whole_number(request.GET.get("trang", ""))
    page = min(max(asked, 1), pages) if asked is not None else None
    codes = found.codes if page is None else found.codes[(page - 1) * A_PAGE : page * A_PAGE]
    context = {
        "board": found,
        "codes": codes,
        "page": page,
        "pages": pages,
        "next": f"{request.path}?trang={(page or 0) % pages + 1}",
        "seconds": SECONDS,
        "every": EVERY,
    }
    response = render(request, "reports/wall/board.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.ADMINISTRATOR)
def walls(request: OfficerRequest) -> HttpResponse:
    """The boards of the counters that this administrator answers for; a new one."""
    desk = request.desk
    mine = Agency.objects.under(*desk.administered_paths)
    places = mine.open_on(timezone.localdate()).filter(is_one_stop=True).order_by("path")
    form = WallForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        board = domain.make(given["agency"], given["name"], by=desk, at=timezone.now())
        messages.success(request, "Đã lập màn hình. Mở địa chỉ của nó trên ti vi ở phòng chờ.")
        return redirect(f"{reverse('walls')}#man-hinh-{board.pk}")
    access(request, AccessKind.VIEWED, domain.KIND, None, "màn hình phòng chờ")
    rows = WallBoard.objects.filter(agency__in=mine).select_related("agency", "made_by", "ended_by")
    base = settings.PUBLIC_URL
    context = {
        "form": form,
        "boards": [(one, f"{base}{domain.address(one)}") for one in rows if one.ended_at is None],
        "ended": [one for one in rows if one.ended_at is not None],
    }
    status = 422 if form.is_bound else 200
    return render(request, "reports/wall/list.html", context, status=status)


@require_POST
@officer_required(Role.ADMINISTRATOR)
def wall_end(request: OfficerRequest, pk: int) -> HttpResponse:
    mine = Agency.objects.under(*request.desk.administered_paths)
    board = get_object_or_404(WallBoard.objects.select_related("agency"), pk=pk, agency__in=mine)
    domain.end(board, by=request.desk, at=timezone.now())
    messages.success(
        request,
        f"Đã ngừng màn hình “{board.name}”: trong nửa phút, địa chỉ của nó thôi mở được.",
    )
    return redirect("walls")
