"""`/trao-doi/thu-tuc/`: procedures of the national database, fetched by their codes and looked through as
a file of the catalogue is.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from exchange.catalogue import pulling
from exchange.forms import PullForm
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, say, sentence
from onestop.results import Denied
from procedures import rules


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.CONTROLLER, Role.ADMINISTRATOR)
def pull_page(request: OfficerRequest) -> HttpResponse:
    answer = rules.may_import(request.desk)
    if isinstance(answer, Denied):
        context = {"refusal": say(answer.code, answer.data)}
        return render(request, "procedures/control/not_publisher.html", context, status=403)
    form = PullForm(request.POST or None, initial={"codes": request.GET.get("ma", "")[:60]})
    if request.method == "POST" and form.is_valid():
        codes = form.cleaned_data["codes"]
        try:
            run, unknown = pulling.pull(codes, by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error("codes", sentence(error))
        else:
            access(request, AccessKind.VIEWED, "catalogue", run.pk, "lấy thủ tục từ Cổng")
            if unknown:
                messages.warning(request, f"Cổng không có thủ tục mã {', '.join(unknown)}.")
            return redirect("procedures:upload", run.pk)
    shown: dict[str, Any] = {"form": form, "source": pulling.source()}
    return render(request, "exchange/pull.html", shown, status=422 if form.is_bound else 200)
