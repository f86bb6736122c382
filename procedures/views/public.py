"""What everybody may read: the catalogue and one procedure. No sign-in, no script, no cookie."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from onestop.caching import kept_a_while
from procedures.domain import texts
from procedures.domain.presenting import present
from procedures.forms import CatalogueSearch
from procedures.queries import (
    feedback_to,
    fields_in_force,
    public_page,
    published_as,
    search_procedures,
    version_of_code,
)

MOST_FOUND = 50
# Where the national portal takes complaints and proposals about procedures.
PORTAL = "https://pakn.dichvucong.gov.vn"


@kept_a_while
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Search first, then the whole list by field (R-136)."""
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
        return render(
            request,
            "procedures/catalogue.html",
            context | {"found": search_procedures(asked["q"], on=today, limit=MOST_FOUND)},
        )
    page = public_page(on=today, after=asked["sau"] or "", field_id=asked["linh_vuc"])
    chosen = next((name for field_id, name, _ in fields if field_id == asked["linh_vuc"]), "")
    return render(
        request,
        "procedures/catalogue.html",
        context | {"page": page, "field_id": asked["linh_vuc"], "field_name": chosen},
    )


@kept_a_while
@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """Papers – time – fee – where of the version in force; expired and abolished ones vanish
    (R-133).
    """
    version = version_of_code(code, timezone.localdate())
    if version is None and (published := published_as(code)):
        return redirect("procedures:procedure", published)
    if version is None:
        return render(request, "procedures/gone.html", {"code": code}, status=404)
    stands = texts.current(version.procedure)
    parts = texts.shown(version, stands)
    context = {
        "version": version,
        "cases": present(version),
        "parts": parts,
        "unsaid": [one.label.lower() for one in parts.values() if one.is_unsaid],
        "forms": stands.forms if stands is not None else [],
        "feedback": feedback_to(timezone.localdate()),
        "portal": PORTAL,
    }
    return render(request, "procedures/procedure.html", context)
