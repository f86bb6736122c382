"""`/quan-tri/don-vi-gui-ho/`: the partner offices, the counters that each may hand to, its people."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dossiers.acts import partner_offices as acts
from dossiers.forms.fields import AgencyNames, add_refusal
from dossiers.forms.partners import CounterForm, OfficeForm, OfficerForm
from dossiers.models import PartnerCounter, PartnerOffice, PartnerOfficer
from dossiers.views.desk_common import warn
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Agency, Officer, Role
from onestop.errors import DomainError
from onestop.paging import by_text
from onestop.texts import MOST_NUMBER, whole_number

# What a button or form of the page of one office does.
CHANGE, COUNTER, OFFICER, END_COUNTER, END_OFFICER = (
    "sua", "noi-nhan", "nhan-vien", "ket-thuc-noi-nhan", "ket-thuc-nhan-vien",
)  # fmt: skip
SIZE = 100
OFFICES, COUNTERS = by_text("source__name"), by_text("agency__name")
OFFICERS = by_text("officer__sort_name")


def _mine(request: OfficerRequest) -> QuerySet[PartnerOffice]:
    """Of the agencies that this officer administers, and those below."""
    below = Agency.objects.under(*request.desk.administered_paths)
    rows = PartnerOffice.objects.filter(source__agency__in=below.values("pk"))
    return rows.select_related("source__agency")


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.ADMINISTRATOR)
def offices(request: OfficerRequest) -> HttpResponse:
    """All of them by name, from `sau` on; a new one belongs to the officer's own agency."""
    today = request.desk.on
    form = OfficeForm(request.POST or None, initial={"valid_from": today})
    if form.is_bound and form.is_valid():
        agency = request.desk.agency
        assert agency is not None
        try:
            made = acts.add(form.value, agency, by=request.desk)
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, f"Đã thêm {made}. Hãy chọn nơi nhận và nhân viên.")
            return redirect("partner_office", pk=made.pk)
    page = OFFICES.page(_mine(request), size=SIZE, after=request.GET.get("sau", ""))
    context = {
        "form": form,
        "rows": [(row, row.holds_on(today)) for row in page.rows],
        "next": f"?{urlencode({'sau': page.next})}" if page.next else "",
    }
    return render(
        request, "dossiers/partners/offices.html", context, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.ADMINISTRATOR)
def office(request: OfficerRequest, pk: int) -> HttpResponse:
    """One office: what it is, where it may hand in, who works for it. `sau`, `nv`: where the one list
    goes on, or the other; both stand on each page.
    """
    partner = get_object_or_404(_mine(request), pk=pk)
    act = request.POST.get("viec", "") if request.method == "POST" else ""
    keeper = partner.source.agency
    assert keeper is not None
    open_ones = Agency.objects.open_on(request.desk.on).under(keeper.path).filter(is_one_stop=True)
    names = AgencyNames(list(open_ones.order_by("name")))
    today = {"valid_from": request.desk.on}
    forms = {
        CHANGE: OfficeForm(
            request.POST if act == CHANGE else None, partner=partner, initial=_initial(partner)
        ),
        COUNTER: CounterForm(
            request.POST if act == COUNTER else None, names=names, initial=today, prefix="c"
        ),
        OFFICER: OfficerForm(request.POST if act == OFFICER else None, initial=today, prefix="n"),
    }
    if act and _done(request, partner, act, forms):
        return redirect("partner_office", pk=pk)
    on = request.desk.on
    counters = COUNTERS.page(_counters(partner), size=SIZE, after=request.GET.get("sau", ""))
    officers = OFFICERS.page(_officers(partner), size=SIZE, after=request.GET.get("nv", ""))
    context = {
        "partner": partner,
        "change": forms[CHANGE],
        "counter": forms[COUNTER],
        "officer": forms[OFFICER],
        "bound": forms.get(act),
        "names": names.named,
        "counters": [(row, row.is_over(on)) for row in counters.rows],
        "next": f"?{urlencode({'sau': counters.next})}" if counters.next else "",
        "officers": [(row, row.is_over(on)) for row in officers.rows],
        "next_officers": f"?{urlencode({'nv': officers.next})}" if officers.next else "",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "dossiers/partners/office.html", context, status=status)


def _counters(partner: PartnerOffice) -> QuerySet[PartnerCounter]:
    return partner.counters.select_related("agency", "partner__source__agency")


def _officers(partner: PartnerOffice) -> QuerySet[PartnerOfficer]:
    return partner.officers.select_related("officer", "partner__source__agency")


def _initial(partner: PartnerOffice) -> dict[str, object]:
    own = acts.own_pattern(partner)
    others = [one for one in partner.source.code_pattern.split("; ") if one != own]
    return {
        "name": partner.source.name,
        "kind": partner.kind,
        "channel": partner.source.channel,
        "address": partner.address,
        "phone": partner.phone,
        "valid_from": partner.valid_from,
        "valid_to": partner.valid_to,
        "pattern": "; ".join(others),
    }


def _done(
    request: OfficerRequest, partner: PartnerOffice, act: str, forms: Mapping[str, object]
) -> bool:
    """Do what the button says; False where its form comes back with the reason."""
    form = forms.get(act)
    try:
        if act in (END_COUNTER, END_OFFICER):
            _end(request, partner, act)
        elif isinstance(form, OfficeForm) and form.is_valid():
            acts.change(partner, form.value, by=request.desk)
        elif isinstance(form, CounterForm) and form.is_valid():
            data = form.cleaned_data
            acts.add_counter(
                partner, data["agency"], data["valid_from"], data["valid_to"], by=request.desk
            )
        elif isinstance(form, OfficerForm) and form.is_valid():
            _add_officer(request, partner, form)
        else:
            return form is None
    except DomainError as error:
        if not isinstance(form, OfficeForm | CounterForm | OfficerForm):
            warn(request, error)
            return True
        add_refusal(form, error)
        return False
    messages.success(request, "Đã ghi.")
    return True


def _add_officer(request: OfficerRequest, partner: PartnerOffice, form: OfficerForm) -> None:
    data = form.cleaned_data
    name = data["username"].strip().lower()
    officer = Officer.objects.filter(username=name).first()
    if officer is None:
        raise DomainError(
            "partner_officer", field="username", given=name, agency=str(partner.source.agency)
        )
    acts.add_officer(partner, officer, data["valid_from"], data["valid_to"], by=request.desk)


def _end(request: OfficerRequest, partner: PartnerOffice, act: str) -> None:
    rows: QuerySet[PartnerCounter] | QuerySet[PartnerOfficer]
    rows = _counters(partner) if act == END_COUNTER else _officers(partner)
    pk = whole_number(request.POST.get("dong", ""), most=MOST_NUMBER)
    for row in rows.filter(pk=pk or 0):
        acts.end_row(row, by=request.desk, at=timezone.now())
