"""A file of a dossier that cannot be opened: why, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from dossiers.desk import sent
from onestop.errors import say

if TYPE_CHECKING:
    from dossiers.models import Dossier
    from onestop.accounts.http import OfficerRequest


def taken_back(request: OfficerRequest, dossier: Dossier, pk: int) -> HttpResponse:
    """By its sender, while a page that names it was open. Errors: Http404."""
    back = sent.was_taken_back(dossier, pk)
    if back is None:
        raise Http404
    at = timezone.localtime(back.at)
    said = {"name": back.name, "at": f"{at:%H:%M %d/%m/%Y}"}
    return lost(request, dossier, say("papers_file_back", said))


def lost(request: OfficerRequest, dossier: Dossier, why: str) -> HttpResponse:
    context = {"dossier": dossier, "why": why}
    return render(request, "dossiers/dossier/file_lost.html", context, status=410)
