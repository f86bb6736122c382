"""Where dossiers are handed in: the counters for everybody, each with its address, telephone and
hours. No sign-in, no script, no cookie.
"""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Agency
from onestop.caching import kept_a_while
from onestop.layout import laid
from onestop.texts import in_one_line
from onestop.worktime import hours_at

MOST_SHOWN = 60


class PlaceSearch(forms.Form):
    q = forms.CharField(
        label="Tìm Bộ phận Một cửa",
        required=False,
        max_length=100,
        help_text="Tên xã, phường, cơ quan; có dấu hay không dấu đều được",
    )

    helper = laid("q")


@kept_a_while
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """The counters that stand today, by name or all as far as they fill a page."""
    form = PlaceSearch(request.GET or None)
    q = in_one_line(form.cleaned_data["q"]) if form.is_valid() else ""
    rows = Agency.objects.open_on(timezone.localdate()).filter(is_one_stop=True)
    found = list((rows.search(q) if q else rows).order_by("path")[: MOST_SHOWN + 1])
    context = {"form": form, "q": q, "places": found[:MOST_SHOWN]}
    context["has_more"] = len(found) > MOST_SHOWN
    return render(request, "accounts/places.html", context)


@require_safe
def place(request: HttpRequest, code: str) -> HttpResponse:
    """One counter; one that ended leads to whoever took it over."""
    now = timezone.now()
    on = timezone.localdate(now)
    agency = get_object_or_404(Agency.objects.filter(is_one_stop=True), code=code[:40])
    if agency.has_ended(on):
        heir = agency.in_charge(on)
        if heir.pk == agency.pk or not heir.is_one_stop:
            return render(request, "accounts/place_ended.html", {"ended": agency}, status=404)
        return redirect("accounts:place", code=heir.code)
    hours = hours_at(now, calendar_of(agency.pk))
    return render(request, "accounts/place.html", {"place": agency, "hours": hours})
