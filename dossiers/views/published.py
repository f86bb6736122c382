"""`/thu-tuc/quan-ly/<version>/ho-so/`: the open dossiers that keep what a version promised."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk.published import open_page, received
from dossiers.desk.work import rail_counts
from onestop.accounts.access import access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from procedures.models import ProcedureVersion
from procedures.rules import may_decide


@officer_required(Role.CONTROLLER)
@require_safe
def open_of_version(request: OfficerRequest, pk: int) -> HttpResponse:
    """Code, whose, the promise it keeps; soonest first."""
    version = get_object_or_404(ProcedureVersion.objects.select_related("procedure"), pk=pk)
    page = open_page(request.desk, version.pk, after=request.GET.get("sau", ""))
    shown = [row.pk for row in page.rows]
    access_each(
        request, AccessKind.VIEWED, "dossier", shown, f"danh sách theo thủ tục: {len(shown)} hồ sơ"
    )
    context = {
        "version": version,
        "rows": page.rows,
        "counted": received([pk]).get(pk),
        "decides": bool(may_decide(request.desk)),
        "next": f"{request.path}?sau={page.next}" if page.next else "",
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    return render(request, "dossiers/open_of_version.html", context)
