"""Who stands in for whom: `/quan-tri/lam-thay/`."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from onestop.accounts.domain import substitutions as domain
from onestop.accounts.forms import SubstitutionForm, add_refusal
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Agency, Role, Substitution
from onestop.accounts.views.scope import chosen_agency, officer_to_change, warn
from onestop.errors import DomainError
from onestop.paging import by_day

SIZE = 100
NEWEST = by_day("from_date", newest_first=True)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.ADMINISTRATOR)
def substitution_list(request: OfficerRequest) -> HttpResponse:
    """The substitutions of one agency, newest first, from `sau` on; POST makes one."""
    agency = chosen_agency(request)
    form = SubstitutionForm(
        request.POST or None, agency=agency, initial={"from_date": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = domain.substitute(
                absent=officer_to_change(request, data["absent"].pk),
                by_whom=data["substitute"],
                from_date=data["from_date"],
                to_date=data["to_date"],
                reason=data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(
                request,
                f"{made.substitute} được phân công thay {made.absent} đến hết {made.to_date:%d/%m/%Y}.",
            )
            return redirect(f"{request.path}?co-quan={agency.pk}")
    found = Substitution.objects.filter(absent__agency=agency)
    page = NEWEST.page(
        found.select_related("absent", "substitute"), size=SIZE, after=request.GET.get("sau", "")
    )
    context = {
        "form": form,
        "agency": agency,
        "rows": page.rows,
        "next": f"?co-quan={agency.pk}&sau={page.next}" if page.next else "",
        "today": timezone.localdate(),
    }
    return render(
        request, "accounts/substitutions.html", context, status=422 if form.is_bound else 200
    )


@require_POST
@officer_required(Role.ADMINISTRATOR)
def end_substitution(request: OfficerRequest, pk: int) -> HttpResponse:
    mine = Substitution.objects.filter(
        absent__agency__in=Agency.objects.under(*request.desk.administered_paths)
    )
    substitution = get_object_or_404(mine.select_related("absent", "substitute"), pk=pk)
    try:
        domain.end_substitution(substitution=substitution, by=request.user, at=timezone.now())
        messages.success(
            request, f"{substitution.substitute} không còn thay {substitution.absent}."
        )
    except DomainError as error:
        warn(request, error)
    return redirect("accounts:substitutions")
