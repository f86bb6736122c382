"""`/thu-tuc/quan-ly/<mã>/noi-dung/`: the parts of a record that bind no dossier; and their files for
everybody.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from onestop.errors import DomainError, sentence
from onestop.files.responses import serve
from onestop.texts import whole_number
from procedures.domain import texts as domain
from procedures.forms.texts import TextsForm
from procedures.models import Procedure
from procedures.queries import names_of
from procedures.views.common import refused_page


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.CONTROLLER)
def edit(request: OfficerRequest, code: str) -> HttpResponse:
    """Written by the controller on top, until a record of the national database says it."""
    procedure = get_object_or_404(Procedure, code=code)
    if refusal := refused_page(request):
        return refusal
    stands = domain.current(procedure)
    form = TextsForm(request.POST or None, request.FILES or None, stands=stands)
    seen = stands.pk if stands is not None else 0
    if request.method == "POST":
        # Shown again it still answers what was seen: pressed twice it overwrites nobody.
        seen = whole_number(request.POST.get("seen", "")) or 0
    if request.method == "POST" and form.is_valid():
        try:
            made = domain.say_anew(
                procedure, says=form.says(), form=form.another, by=request.user, at=timezone.now(),
                seen=seen,
            )  # fmt: skip
        except DomainError as error:
            form.add_error("file" if error.field == "files" else None, sentence(error))
        else:
            messages.success(
                request,
                "Đã ghi. Trang công khai hiện ngay; hồ sơ đã nhận không đổi."
                if made
                else "Không có gì khác với nội dung đang có.",
            )
            return redirect("procedures:history", code)
    context = {
        "form": form,
        "procedure": procedure,
        "name": names_of([procedure.pk]).get(procedure.pk, ""),
        "seen": seen,
    }
    status = 422 if form.is_bound else 200
    return render(request, "procedures/control/texts.html", context, status=status)


@require_safe
def form_file(request: HttpRequest, code: str, pk: str) -> FileResponse:
    """A form to fill in, for everybody: downloaded, never run."""
    procedure = get_object_or_404(Procedure, code=code)
    kept = domain.file_of(procedure, int(pk))
    if kept is None:
        raise Http404
    return serve(kept)
