"""What the pages of the controller's desk share."""

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render

from onestop.accounts.http import OfficerRequest
from onestop.errors import DomainError, say, sentence
from onestop.results import Answer, Denied
from onestop.texts import whole_number
from procedures import rules

MANY = 500


def why_not(request: OfficerRequest) -> str:
    answer = rules.may_decide(request.desk)
    return say(answer.code, answer.data) if isinstance(answer, Denied) else ""


def refused_page(request: OfficerRequest) -> HttpResponse | None:
    """403 with the reason for a controller who may read the catalogue and not decide about it."""
    return denied_page(request, rules.may_decide(request.desk))


def denied_page(request: OfficerRequest, answer: Answer) -> HttpResponse | None:
    """403 with the reason, where a rule of the catalogue denies it."""
    if not isinstance(answer, Denied):
        return None
    context = {"refusal": say(answer.code, answer.data)}
    return render(request, "procedures/control/not_publisher.html", context, status=403)


def picked(request: OfficerRequest) -> list[str]:
    """The versions picked in a list, as sent."""
    return [
        value for value in request.POST.getlist("version")[:MANY] if whole_number(value) is not None
    ]


def refuse(form: BaseForm, error: DomainError) -> None:
    """What the domain refused, beside its field when the form has it, on top otherwise; nothing
    typed is lost.
    """
    form.add_error(error.field if error.field in form.fields else None, sentence(error))
