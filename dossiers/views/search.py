"""`/tim/`: the search box of every officer's page. One hit opens at once."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk import search as queries
from dossiers.desk.work import lines
from dossiers.models import Dossier
from dossiers.views.desk_common import WORK_ROLES, absent_names, rows_of
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind

KINDS = {
    "code": "mã hồ sơ",
    "number": "số giấy tờ hoặc số điện thoại",
    "end": "số cuối của mã hồ sơ",
    "name": "tên",
}


@require_safe
@officer_required(*WORK_ROLES)
def find(request: OfficerRequest) -> HttpResponse:
    """Code, end of a code, name without diacritics, identity or telephone number, or what a scanner
    read.
    """
    text, after, now = request.GET.get("q", "").strip(), request.GET.get("sau", ""), timezone.now()
    hits = queries.search(request.desk, text, on=timezone.localdate(now), after=after)
    found = (
        queries.in_order(
            lines(Dossier.objects.filter(pk__in=hits.pks), limit=queries.PAGE), hits.pks
        )
        if hits.pks
        else []
    )
    if len(found) == 1 and not after and not hits.next:
        return redirect(found[0].url)
    if text:
        # What was typed may be a name or a number of a citizen: only the kind of the question is
        # written down.
        access(
            request,
            AccessKind.SEARCHED,
            "dossier",
            None,
            f"theo {KINDS.get(hits.kind, 'tên')}: {len(found)} kết quả",
        )
    context = {
        "text": text,
        "kind": KINDS.get(hits.kind, ""),
        "rows": rows_of(found, now, absent_names(request)),
        "next": f"{reverse('search')}?{urlencode({'q': text, 'sau': hits.next})}"
        if hits.next
        else "",
        "is_first": not after,
    }
    return render(request, "dossiers/search/found.html", context)
