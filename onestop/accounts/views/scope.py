"""What an administrator's pages find: only what stands at or below own agencies; the rest is 404."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404

from onestop.accounts import rules
from onestop.accounts.http import OfficerRequest
from onestop.accounts.models import Agency, Officer
from onestop.errors import DomainError, require, say, sentence
from onestop.results import Answer, Denied
from onestop.texts import whole_number


def find_agency(request: OfficerRequest, pk: int) -> Agency:
    return get_object_or_404(Agency.objects.under(*request.desk.administered_paths), pk=pk)


def chosen_agency(request: OfficerRequest) -> Agency:
    """The agency named by `co-quan` (id or code), else the first that is administered."""
    named = request.POST.get("co-quan") or request.GET.get("co-quan") or ""
    mine = Agency.objects.under(*request.desk.administered_paths)
    if named:
        pk = whole_number(named)
        return get_object_or_404(
            mine, **({"pk": pk} if pk is not None else {"code": named.upper()})
        )
    home = request.desk.agency
    if home is not None and request.desk.administers(home):
        return home
    first = mine.first()
    if first is None:
        raise Http404
    return first


def find_officer(request: OfficerRequest, pk: int) -> Officer:
    found = Officer.objects.of_subtree(*request.desk.administered_paths).select_related(
        "agency", "department"
    )
    return get_object_or_404(found, pk=pk)


def officer_to_change(request: OfficerRequest, pk: int) -> Officer:
    """The officer, when `rules.may_manage` allows it; raises DomainError with its reason otherwise."""
    officer = find_officer(request, pk)
    require(rules.may_manage(request.desk, officer))
    return officer


def warn(request: OfficerRequest, error: DomainError) -> None:
    messages.error(request, sentence(error))


def why_not(answer: Answer) -> str:
    return say(answer.code, answer.data) if isinstance(answer, Denied) else ""
