"""The clerk's drafts: kept while typing, opened again, discarded; and the scans that lie in them."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_POST, require_safe

from dossiers.intake.drafts import KIND as DRAFT
from dossiers.intake.drafts import forget
from dossiers.intake.sent_once import is_sent
from dossiers.models import Draft
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from onestop.files.models import Attachment
from onestop.files.responses import serve
from onestop.texts import whole_number
from procedures.models import ProcedureVersion

Typed = MultiValueDict[str, str]
# What of a page is no part of its draft.
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "viec", "tep", "trung", "mo", "tep-mat"})


def token_in(text: str) -> UUID:
    """The token of a page; a page that brings none that can be read begins anew."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def number_in(typed: Typed, name: str, among: Collection[int] | None = None) -> int | None:
    """A typed whole number of at most six digits, one of `among` if that is given; None for
    anything else.
    """
    number = whole_number((typed.get(name) or "").strip(), most=999_999)
    return number if among is None or number in among else None


class AlreadySent(Exception):
    """The page whose draft was to be kept became a dossier or a visit meanwhile: no draft is left
    behind for it.
    """


def save_draft(
    request: OfficerRequest, token: UUID, version: ProcedureVersion, typed: Typed, now: datetime
) -> Draft:
    """Keep what was typed under its token; a token of another officer is not found. Errors:
    AlreadySent.
    """
    data: dict[str, Any] = {
        key: typed.getlist(key)
        for key in typed
        if key not in NOT_KEPT and typed.getlist(key) != [""]
    }
    title = f"{version.name[:120]} – {(typed.get('owner_name') or '').strip()[:70]}".rstrip(" –")
    kept = Draft.objects.filter(token=token).first()
    if kept is not None and kept.officer_id != request.user.pk:
        raise Http404
    data["thu-tuc"] = [version.procedure.code]
    defaults = {"title": title, "data": data, "updated_at": now}
    try:
        draft, is_new = Draft.objects.update_or_create(
            token=token, officer=request.user, defaults=defaults
        )
    except IntegrityError:
        # Another click's draft of this page came and went between the looking and the writing:
        # the page was received meanwhile, or the draft thrown away and typed on.
        if is_sent(token):
            raise AlreadySent from None
        draft, is_new = Draft.objects.update_or_create(
            token=token, officer=request.user, defaults=defaults
        )
    # Asked after it was written: a page that is received between the two deletes what it finds
    # after its own commit.
    if is_new and is_sent(token):
        forget(token, officer=request.user)
        raise AlreadySent
    return draft


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
