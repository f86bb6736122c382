"""The clerk's drafts: kept while typing, opened again, discarded; and the scans that lie in them."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers.intake.drafts import KIND as DRAFT
from dossiers.models import Draft
from dossiers.views.intake_sheet import AlreadySent, save_draft
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from onestop.files.models import Attachment
from onestop.files.responses import serve
from procedures.models import ProcedureVersion


@officer_required(Role.CLERK)
@require_POST
def autosave(request: OfficerRequest, token: UUID) -> HttpResponse:
    """What the page sends by itself a few seconds after typing. Comes late for a received dossier:
    then nothing is kept.
    """
    versions = ProcedureVersion.objects.filter(
        procedure__code=request.POST.get("thu-tuc", "")
    ).select_related("procedure")
    version = versions.defer("search_text").order_by("-number").first()
    if version is None:
        return HttpResponse(status=400)
    with suppress(AlreadySent):
        save_draft(request, token, version, request.POST, timezone.now())
    return HttpResponse(status=204)


@officer_required(Role.CLERK)
@require_POST
def discard(request: OfficerRequest, token: UUID) -> HttpResponse:
    """Bỏ bản nháp, with its scans; their bytes go with the nightly sweep."""
    draft = get_object_or_404(Draft, officer=request.user, token=token)
    with transaction.atomic():
        Attachment.objects.filter(kind=DRAFT, object_id=draft.pk).delete()
        draft.delete()
    messages.success(request, "Đã bỏ bản nháp.")
    return redirect("intake")


@officer_required(Role.CLERK)
@require_safe
def draft_file(request: OfficerRequest, token: UUID, pk: int) -> HttpResponseBase:
    """A scan of one's own draft, to look at."""
    draft = get_object_or_404(Draft, officer=request.user, token=token)
    return serve(get_object_or_404(Attachment, kind=DRAFT, object_id=draft.pk, pk=pk), inline=True)
