"""Papers after an act: the offer to print them by one key, and one page with all that a press on
many dossiers made.
"""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk import papers
from dossiers.desk.batches import batches_of, list_rows
from dossiers.models import Dossier
from dossiers.reach import DESK_ROLES
from dossiers.registry import slip_names
from dossiers.slips import hand_over_papers, issuing, render_together
from onestop.accounts.access import access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.templatetags.ui import printing


def print_of(request: OfficerRequest, dossier: Dossier) -> str:
    """The offer to print the paper that this officer's act just made; empty where it made none.

    In: the dossier as it was read before the act. One query.
    """
    made = papers.made_since(dossier, request.user)
    if made is None:
        return ""
    page = reverse("slip_page", args=[dossier.code, made.slug])
    return printing(f"{page}?so={made.number}&in=1")


def print_of_press(request: OfficerRequest, press: UUID) -> str:
    """The same of all that one press on many dossiers made. One query."""
    return printing(page_of(press)) if papers.of_press(press, request.user) else ""


def receipt_page(dossier: Dossier) -> str:
    return f"{reverse('slip_page', args=[dossier.code, 'tiep-nhan'])}?in=1"


def page_of(press: UUID) -> str:
    return f"{reverse('press_papers', args=[press])}?in=1"


@require_safe
@officer_required(*DESK_ROLES)
def press_papers(request: OfficerRequest, press: UUID) -> HttpResponse:
    """/viec/in/<lần bấm>/?lien=1|2&kho=a5|a4x2[&in=1]: every slip that the officer's own press made
    and that still stands, or found standing, every hand-over list of what it gave, one after another.
    """
    made = papers.of_press(press, request.user)
    may_open = Dossier.objects.visible_to(request.desk)
    asked = made.slips + papers.kept_for_press(press, request.user)
    slips = list(papers.slips(asked).filter(dossier__in=may_open))
    lists = list(batches_of(request.desk).filter(pk__in=made.batches).order_by("pk"))
    copies = 1 if request.GET.get("lien") == "1" else 2
    shown = [issuing.drawn(slip) for slip in slips]
    shown += [hand_over_papers.snapshot(batch, list_rows(batch, request.desk)) for batch in lists]
    if not shown:
        raise Http404
    issuing.record_prints(slips, by=request.user, at=timezone.now(), copies=copies)
    names = [f"{slip_names()[slip.slug]} số {slip.number}/{slip.year}" for slip in slips]
    names += [f"Phiếu bàn giao số {batch.serial}" for batch in lists]
    kind, ids = (
        ("dossier", [slip.dossier_id for slip in slips if slip.dossier_id])
        if slips
        else ("batch", [batch.pk for batch in lists])
    )
    access_each(request, AccessKind.PRINTED, kind, ids, ", ".join(names))
    layout = "a4x2" if request.GET.get("kho") == "a4x2" else "a5"
    text = render_together(
        shown,
        copies=copies,
        layout=layout,
        back_url=reverse("give_list" if made.batches else "work"),
        autoprint="in" in request.GET,
    )
    return HttpResponse(text, headers={"Cache-Control": "private, no-store"})
