"""`/quan-tri/khoa-api/`: which programs read here, by whose rights, until when."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from api import keys
from api.forms import KeyForm
from api.models import ApiKey
from onestop.accounts.forms import add_refusal
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Officer, Role, RoleGrant
from onestop.errors import DomainError, sentence
from onestop.paging import by_id

PAGE = 50
LIST = by_id(newest_first=True)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.ADMINISTRATOR)
def keys_page(request: OfficerRequest) -> HttpResponse:
    """The keys of accounts one administers, newest first, and the form of a new one; the text of a new
    key is shown by the answer to its form and never again.
    """
    now = timezone.now()
    form = KeyForm(request.POST or None, officers=_readers(request))
    if request.method == "POST" and form.is_valid():
        try:
            key, text = keys.give_key(**form.cleaned_data, by=request.user, at=now)
        except DomainError as error:
            add_refusal(form, error)
        else:
            return render(request, "api/key_once.html", {"key": key, "text": text})
    page = LIST.page(_mine(request), size=PAGE, after=request.GET.get("sau", ""))
    context = {"form": form, "keys": page.rows, "today": timezone.localdate(now)}
    context["next"] = f"?sau={page.next}" if page.next else ""
    return render(request, "api/keys.html", context, status=422 if form.is_bound else 200)


@require_POST
@officer_required(Role.ADMINISTRATOR)
def end(request: OfficerRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(_mine(request), pk=pk)
    try:
        keys.end_key(key, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, f"Đã thu hồi {key}.")
    return redirect("api_keys")


def _mine(request: OfficerRequest) -> QuerySet[ApiKey]:
    mine = Officer.objects.of_subtree(*request.desk.administered_paths)
    return ApiKey.objects.filter(officer__in=mine).select_related("officer__agency")


def _readers(request: OfficerRequest) -> QuerySet[Officer]:
    """Open accounts one administers that hold a reading role today."""
    grants = RoleGrant.objects.valid_on(request.desk.on).filter(role__in=keys.READERS)
    rows = Officer.objects.of_subtree(*request.desk.administered_paths).filter(
        is_active=True, pk__in=grants.values("officer")
    )
    return rows.order_by("sort_name", "pk")
