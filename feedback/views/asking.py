"""The page that asks an applicant for a rating: the same for who holds the slip and for who signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from dossiers.desk import lookup
from dossiers.intake.online import CHANNELS
from dossiers.views.throttle import Limit
from feedback import rating
from feedback.figures import FEWEST
from feedback.forms import RatingForm
from feedback.models import Rating
from feedback.questions import NAMES
from onestop.errors import DomainError, say, sentence

OF_A_DOSSIER = Limit("rating", times=10, seconds=15 * 60)
PAGE = "feedback/rate.html"


def rated(
    request: HttpRequest,
    found: lookup.Full,
    *,
    by: rating.Author,
    back: str,
    here: str,
    template: str = PAGE,
) -> HttpResponse:
    """Asks, or takes the answers. `back`: the dossier's page; `here`: this page after a rating."""
    dossier, now = found.dossier, timezone.now()
    context: dict[str, Any] = {"found": found, "dossier": dossier, "back": back}
    is_online = dossier.channel in CHANNELS
    try:
        own = rating.standing(dossier, by, now)
        if request.method == "POST":
            form = RatingForm(request.POST, is_online=is_online)
            if wait := OF_A_DOSSIER.spend(str(dossier.pk)):
                return _often(request, context, wait, template)
            if form.is_valid():
                rating.give(dossier, form.cleaned_data, by=by, at=now)
                return redirect(here)
        else:
            form = RatingForm(initial=_answers(own), is_online=is_online)
    except DomainError as error:
        status = 409 if request.method == "POST" else 200
        return render(request, template, context | {"refused": sentence(error)}, status=status)
    context |= {"form": form, "own": own, "until": rating.changed_until(own) if own else None}
    context |= {"days": rating.CHANGED_WITHIN.days, "fewest": FEWEST}
    return render(request, template, context, status=422 if form.errors else 200)


def _answers(own: Rating | None) -> dict[str, Any]:
    return {name: getattr(own, name) for name in (*NAMES, "words")} if own is not None else {}


def _often(request: HttpRequest, context: dict[str, Any], wait: int, template: str) -> HttpResponse:
    said = say("rating_often", {"minutes": -(-wait // 60)})
    response = render(request, template, context | {"refused": said}, status=429)
    response["Retry-After"] = str(wait)
    return response
