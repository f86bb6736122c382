"""What everybody may read: the catalogue and one procedure. No sign-in, no script, no cookie."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from onestop.caching import kept_a_while
from procedures import common_names
from procedures.domain import texts
from procedures.domain.presenting import present
from procedures.domain.using import usual
from procedures.forms import CatalogueSearch
from procedures.listed import counters_of
from procedures.models import ListLine
from procedures.queries import (
    abolition,
    feedback_to,
    fields_in_force,
    not_abolished,
    public_page,
    published_as,
    search_procedures,
    version_of_code,
    versions_of_event,
)

MOST_FOUND = 50
# Where the national portal takes complaints and proposals about procedures.
PORTAL = "https://pakn.dichvucong.gov.vn"


@kept_a_while
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Search first, then what happens in somebody's life, then the whole list by field (R-136)."""
    today = timezone.localdate()
    form = CatalogueSearch(request.GET or None)
    asked: dict[str, Any] = (
        form.cleaned_data if form.is_valid() else {"q": "", "linh_vuc": None, "sau": ""}
    )
    fields = fields_in_force(today)
    context = {
        "form": form,
        "q": asked["q"],
        "fields": fields,
        "total": sum(number for _, _, number in fields),
    }
    if asked["q"]:
        found = search_procedures(asked["q"], on=today, limit=MOST_FOUND, only=not_abolished(today))
        return render(request, "procedures/catalogue.html", context | {"found": found})
    page = public_page(on=today, after=asked["sau"] or "", field_id=asked["linh_vuc"])
    chosen = next((name for field_id, name, _ in fields if field_id == asked["linh_vuc"]), "")
    context |= {"page": page, "field_id": asked["linh_vuc"], "field_name": chosen}
    if not chosen and not asked["sau"]:
        context["events"] = common_names.events()
    return render(request, "procedures/catalogue.html", context)


@kept_a_while
@require_safe
def life_event(request: HttpRequest, slug: str) -> HttpResponse:
    """What somebody needs to whom this happened."""
    event = common_names.event(slug)
    if event is None:
        raise Http404
    found = versions_of_event(event, timezone.localdate())
    return render(request, "procedures/event.html", {"event": event, "found": found})


@kept_a_while
@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """Papers – time – fee – where of the version in force; expired and abolished ones vanish, and
    their page says so (R-133).
    """
    today = timezone.localdate()
    version = version_of_code(code, today)
    if version is None and (published := published_as(code)):
        return redirect("procedures:procedure", published)
    if version is None:
        return _gone(request, code)
    counters = counters_of(version.procedure_id, today)
    stands = texts.current(version.procedure)
    parts = texts.shown(version, stands)
    context = {
        "version": version,
        "cases": present(version, counters),
        "counters": counters,
        "usual": usual(version.procedure_id),
        "address": f"{settings.PUBLIC_URL}{request.path}",
        "parts": parts,
        "unsaid": [one.label.lower() for one in parts.values() if one.is_unsaid],
        "forms": stands.forms if stands is not None else [],
        "feedback": feedback_to(today),
        "portal": PORTAL,
    }
    return render(request, "procedures/procedure.html", context)


def _gone(request: HttpRequest, code: str) -> HttpResponse:
    """410 for one that was abolished, with the decision; 404 for any other."""
    said = abolition(code, timezone.localdate())
    context: dict[str, Any] = {"code": code, "abolished": said is not None}
    if isinstance(said, ListLine):
        context |= {"since": said.effective_from, "decision": said.decision.number}
    elif said is not None:
        context |= {"since": said.effective_from, "decision": said.decision_number}
    return render(request, "procedures/gone.html", context, status=410 if said else 404)
