"""`/tiep-nhan/tap-the/`: many dossiers from one person in one go, one receipt with their list, and
their results given back together.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers.acts import collecting
from dossiers.acts import envelopes as domain
from dossiers.acts.envelopes import Received
from dossiers.acts.many import Seen
from dossiers.desk import intake as queries
from dossiers.desk.work import rail_counts
from dossiers.forms.envelopes import EnvelopeForm, EnvelopeReturnForm, OwnersForm
from dossiers.models import Dossier, Slip
from dossiers.models.envelopes import Envelope
from dossiers.slips import envelopes as paper
from dossiers.states import State
from dossiers.views import slips
from dossiers.views.desk_common import tell
from dossiers.views.intake_counter import counter_of
from dossiers.views.papers import print_of_press
from onestop.accounts.access import access, access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, say, sentence
from onestop.texts import whole_number
from procedures.models import Case


@officer_required(Role.CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OfficerRequest, code: str) -> HttpResponse:
    """Who brings what for whom; what could not be received stays on the next page to be put right."""
    now = timezone.now()
    agency = counter_of(request)
    version, answer = queries.procedure(code, timezone.localdate(now), agency)
    if version is None or not answer:
        raise Http404
    cases = queries.cases_of(version)
    form = EnvelopeForm(request.POST or None, cases=cases, initial={"token": uuid4()})
    if request.method == "POST" and form.is_valid():
        case = next(one for one in cases if str(one.pk) == form.cleaned_data["case"])
        try:
            envelope = domain.open_envelope(
                agency, case, form.sender(),
                token=form.cleaned_data["token"], by=request.desk, at=now,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, sentence(error))
        else:
            return _received(request, envelope, form, case)
    rail = rail_counts(request.desk, timezone.now())[1]
    context = {"form": form, "version": version, "agency": agency, "rail_counts": rail}
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/envelopes/new.html", context, status=status)


def _received(
    request: OfficerRequest, envelope: Envelope, form: OwnersForm, case: Case
) -> HttpResponse:
    """Receive the lines; the page of the envelope, with what is left to be put right."""
    done = domain.receive_all(
        envelope, form.people(), form.common(case), by=request.desk, at=timezone.now()
    )
    failed = [one for one in done if one.error is not None]
    if good := len(done) - len(failed):
        messages.success(request, f"Đã tiếp nhận {good}/{len(done)} hồ sơ.")
    if not failed:
        return redirect("envelope", pk=envelope.pk)
    kept = {name: form.data.get(name) for name in OwnersForm.base_fields}
    again = OwnersForm(initial=kept | {"owners": "\n".join(one.line for one in failed)})
    return _page(request, envelope, again, failed=failed, status=422)


@officer_required(Role.CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
def envelope(request: OfficerRequest, pk: int) -> HttpResponse:
    """The envelope with its dossiers; more of them; giving back what is ready."""
    found = _find(request, pk)
    if request.method != "POST":
        return _page(request, found, OwnersForm())
    form = OwnersForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    case = next(one for one in queries.cases_of(found.case.version) if one.pk == found.case_id)
    return _received(request, found, form, case)


def _find(request: OfficerRequest, pk: int) -> Envelope:
    mine = Envelope.objects.filter(agency__in=request.desk.agency_ids_as(Role.CLERK))
    joined = ("agency", "case__version__procedure", "case__version__field", "made_by")
    return get_object_or_404(mine.select_related(*joined), pk=pk)


def _rows(envelope: Envelope) -> list[Dossier]:
    rows = Dossier.objects.filter(envelope__envelope=envelope).select_related("version", "agency")
    return list(rows.defer("version__search_text", "secret", "salt").order_by("pk"))


def _page(
    request: OfficerRequest,
    envelope: Envelope,
    form: OwnersForm,
    *,
    failed: list[Received] | None = None,
    return_form: EnvelopeReturnForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = _rows(envelope)
    access(request, AccessKind.VIEWED, "envelope", envelope.pk)
    access_each(request, AccessKind.VIEWED, "dossier", [row.pk for row in rows], "nộp tập thể")
    ready = domain.ready_of(envelope)
    untold = len(collecting.untold_early(ready, timezone.now()))
    start = {
        "name": envelope.sender_name,
        "identity": envelope.sender_identity,
        "authorisation": envelope.authorisation,
    }
    context: dict[str, Any] = {
        "envelope": envelope,
        "rows": rows,
        "has_receipt": any(row.state != State.VOIDED for row in rows),
        "receipts": list(paper.receipts_of(envelope).defer("snapshot")),
        "ready": ready,
        "form": form,
        "failed": [(one.line, sentence(one.error)) for one in failed or () if one.error],
        "return_form": return_form or EnvelopeReturnForm(initial=start, untold=untold),
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    return render(request, "dossiers/envelopes/envelope.html", context, status=status)


@officer_required(Role.CLERK)
@require_safe
def receipt(request: OfficerRequest, pk: int) -> HttpResponse:
    """The receipt with the list of dossiers that was made last; `in=1` prints at once, `so` asks for an
    earlier one.
    """
    slip = _receipt(request, pk)
    back, pdf = reverse("envelope", args=[pk]), reverse("envelope_receipt_pdf", args=[pk])
    answer = slips.page_of(request, slip, back=back, pdf=pdf)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@officer_required(Role.CLERK)
@require_POST
def make_receipt(request: OfficerRequest, pk: int) -> HttpResponse:
    """The receipt as it stands, without what was received by mistake: made now where the one before
    does not hold any more; then its print page. Errors: Http404 where nothing of it counts.
    """
    made = domain.receipt(_find(request, pk), by=request.desk, at=timezone.now())
    if made is None:
        raise Http404
    return redirect(f"{reverse('envelope_receipt', args=[pk])}?so={made.number}&in=1")


@officer_required(Role.CLERK)
@require_safe
def receipt_pdf(request: OfficerRequest, pk: int) -> HttpResponse:
    """The same as the stored PDF."""
    slip = _receipt(request, pk)
    return slips.pdf_of(request, slip, f"{paper.SLUG}-{slip.year}-{slip.number}.pdf")


def _receipt(request: OfficerRequest, pk: int) -> Slip:
    found = _find(request, pk)
    return slips.chosen(request, paper.receipts_of(found))


@officer_required(Role.CLERK)
@require_POST
def give_back(request: OfficerRequest, pk: int) -> HttpResponse:
    """Every result of it that is ready goes to one person; what is refused is named."""
    found = _find(request, pk)
    ready = domain.ready_of(found)
    untold = len(collecting.untold_early(ready, timezone.now()))
    form = EnvelopeReturnForm(request.POST, untold=untold)
    if not form.is_valid():
        return _page(request, found, OwnersForm(), return_form=form, status=422)
    asked = _seen(request, found)
    if not asked:
        messages.error(request, say("nothing_ready"))
        return redirect("envelope", pk=pk)
    press = uuid4()
    taking, now = form.taking(), timezone.now()
    done = domain.return_all(found, asked, taking, by=request.desk, at=now, press=press)
    tell(request, done, "Đã trả kết quả", print_of_press(request, press))
    return redirect("envelope", pk=pk)


def _seen(request: OfficerRequest, envelope: Envelope) -> list[Seen]:
    """What the page showed as ready, by its versions: nothing that became ready meanwhile goes."""
    ready = {dossier.pk for dossier in domain.ready_of(envelope)}
    found = []
    for said in request.POST.getlist("chon")[: domain.MOST * 10]:
        pk, _, version = said.partition(".")
        dossier_id, row_version = whole_number(pk), whole_number(version)
        if dossier_id in ready and row_version is not None:
            found.append(Seen(dossier_id, row_version))
    return found
