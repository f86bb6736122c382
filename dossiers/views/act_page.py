"""The page of an act on one dossier: a form or the reason why not, plain POST, one verb of the
domain, back to the dossier.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dossiers import registry
from dossiers.acts.many import Seen
from dossiers.acts.originals import held_of
from dossiers.desk.work import rail_counts
from dossiers.forms.fields import add_refusal
from dossiers.models import Dossier
from dossiers.views.desk_common import DESK_ROLES, seen_of, warn
from dossiers.views.papers import print_of
from onestop.accounts.carrying import is_reopened
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.errors import Conflict, DomainError, say
from onestop.results import Denied
from onestop.templatetags.ui import undo
from onestop.texts import MOST_NUMBER, whole_number

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
on_desk = officer_required(*DESK_ROLES)

# Acts whose pages say which originals are held: what ends or asks for papers.
TELLS_HELD = frozenset(
    {"withdraw", "stop", "ask_supplement", "complete_supplement", "record_result"}
)

# What a form's act does with the dossier as seen; gives the sentence of the toast.
Run = Callable[[Seen, Any, datetime], str]


def act_page(
    request: OfficerRequest,
    dossier: Dossier,
    name: str,
    form: forms.BaseForm,
    run: Run,
    *,
    now: datetime,
    preview: bool = False,
    hindered: str = "",
    template: str = "act",
    **context: Any,
) -> HttpResponse:
    """Show the form, or why the act cannot be done; on POST do it. A stale page gets a message and
    the fresh dossier.

    `preview`: only show what was asked for and what it would do. `hindered`: the code of what in
    the dossier's past forbids it.
    """
    preview = preview or is_reopened(request)
    if (
        not preview
        and form.is_bound
        and form.is_valid()
        and _done(request, dossier, name, form, run, now=now)
    ):
        return redirect(dossier)
    denied = _denied(request, dossier, name, hindered)
    refused = form.is_bound and form.errors and not preview
    status = 403 if denied and not form.is_bound else 422 if refused else 200
    page = {
        "dossier": dossier,
        "form": form,
        "act": registry.get(name).label,
        "denied": denied,
        "seen": shown_version(request, dossier),
        "held": held_of(dossier) if name in TELLS_HELD else (),
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    return render(request, f"dossiers/acts/{template}.html", page | context, status=status)


def _done(
    request: OfficerRequest,
    dossier: Dossier,
    name: str,
    form: forms.BaseForm,
    run: Run,
    *,
    now: datetime,
) -> bool:
    """Do the act and say so with what it offers; False where the form comes back with the reason.
    An old page is told, and nothing of it is done.
    """
    try:
        seen = seen_of(request, dossier)
        said = run(seen, form, now)
    except Conflict as error:
        warn(request, error)
        return True
    except DomainError as error:
        add_refusal(form, error)
        return False
    back = undo_of(seen, reverse("act_take_back", args=[dossier.code]))
    offers = [back] if registry.get(name).can_be_taken_back else []
    offers.append(print_of(request, dossier))
    messages.success(request, said, extra_tags=" ".join(offers).strip())
    return True


def _denied(request: OfficerRequest, dossier: Dossier, name: str, hindered: str) -> str:
    """Why the act cannot be done, by its rule or by what happened before; empty where it can."""
    answer = registry.shows(request.desk, dossier, name)
    if hindered and not isinstance(answer, Denied):
        answer = Denied(hindered)
    return say(answer.code, answer.data) if isinstance(answer, Denied) else ""


def shown_version(request: OfficerRequest, dossier: Dossier) -> str:
    """The version the officer has read: a form sent back with errors keeps the one it was opened
    with.
    """
    return request.POST.get("seen") or str(dossier.row_version)


def undo_of(seen: Seen, address: str) -> str:
    """The button beside what was just said: it takes back this act, not one that came after it from
    another page.
    """
    assert seen.row_version is not None  # the act went through: its page had said it
    return undo(f"{address}?seen={seen.row_version + 1}")


def seen_then(request: OfficerRequest, dossier: Dossier) -> Seen:
    """The dossier as the page had shown it, or as the act left it whose button was pressed."""
    version = whole_number(request.GET.get("seen", ""), most=MOST_NUMBER)
    return Seen(dossier.pk, version) if version is not None else seen_of(request, dossier)


def sent(request: OfficerRequest) -> Any:
    """What was sent; an act without any input is a form that was sent all the same."""
    return request.POST if request.method == "POST" else None


def at_once(
    request: OfficerRequest,
    dossier: Dossier,
    verb: Callable[[Seen], Any],
    said: str,
    extra_tags: str = "",
) -> HttpResponse:
    """Do it, say so, offer to print the paper it made, go back to the dossier."""
    try:
        verb(seen_then(request, dossier))
        paper = print_of(request, dossier)
        messages.success(request, said, extra_tags=f"{extra_tags} {paper}".strip())
    except DomainError as error:
        warn(request, error)
    return redirect(dossier)
