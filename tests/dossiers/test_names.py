"""What names somebody or says something is a name or a word, whatever signs stand in it unseen
(F1).
"""

import inspect
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django import forms
from django.utils import timezone

from dossiers.acts import supplements
from dossiers.acts.many import Seen
from dossiers.forms.acts import ResultForm, StopForm, WithdrawForm
from dossiers.forms.intake import GUIDE, RECEIVE, REFUSE, IntakeForm
from dossiers.intake.brought import Brought
from dossiers.intake.wanted import declared
from onestop.accounts.forms import AgencyForm, DepartmentForm, OfficerForm
from onestop.errors import DomainError
from onestop.forms import TextField
from procedures.forms import PublicationForm
from tests.world import MONDAY, make_agency, make_case, make_office, receive

HIDDEN = "Nguyễn\u200b Văn\u202e Ân\u2066\ufeff"
NOBODY = ["\u200b\u2060", "\u202e", "-", "— – ...", "12", "\u3164\u2800", "!?"]
# Codes, searches, passwords and terms are read by readers of their own.
READ_ELSEWHERE = {"username", "password", "old", "new", "again", "codes", "ma", "k", "q", "sau", "thoi_han", "term", "tai_khoan", "seen"} | {
    "loc", "linhvuc", "thutuc", *(f"day_{n}" for n in range(7))
}  # fmt: skip


def intake(act: str = RECEIVE, **typed: str) -> IntakeForm:
    chosen = Brought(version=make_case().version, agency=make_agency())
    data = {"identity_kind": "1", "owner_kind": "1", **typed}
    form = IntakeForm(data, act=act, now=timezone.now(), brought=chosen)
    form.is_valid()
    return form


def test_every_text_of_every_form_is_cleaned() -> None:
    """A form added tomorrow with a plain CharField is found here."""
    plain = set()
    for module in (
        "onestop.accounts.forms",
        "procedures.forms",
        *(f"dossiers.forms.{n}" for n in ("acts", "handover", "intake", "office", "returning")),
    ):
        for name, form in inspect.getmembers(import_module(module), inspect.isclass):
            if issubclass(form, forms.BaseForm):
                fields = form.base_fields.items()
                plain |= {
                    f"{name}.{key}"
                    for key, field in fields
                    if type(field) is forms.CharField and key not in READ_ELSEWHERE
                }
    assert plain == set()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["owner_name", "submitter_name"])
def test_unseen_signs_leave_the_names_of_owner_and_submitter(name: str) -> None:
    assert intake(**{name: HIDDEN}).cleaned_data[name] == "Nguyễn Văn Ân"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["owner_name", "submitter_name"])
@pytest.mark.parametrize("typed", NOBODY)
def test_nobody_is_called_a_dash(name: str, typed: str) -> None:
    form = intake(**{name: typed})
    assert name in form.errors or not form.cleaned_data[name]
    assert intake(owner_name=typed).errors.get("owner_name")


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [*(text for text in NOBODY if text != "12"), "…"])
def test_a_reason_says_something(typed: str) -> None:
    assert intake(REFUSE, owner_name="Ân", refuse_reason=typed).errors.get("refuse_reason")
    assert intake(GUIDE, owner_name="Ân", guide_reason=typed).errors.get("guide_reason")
    stop = StopForm({"requested_by": typed, "reason": typed, "stage": typed, "signer": typed})
    assert {"requested_by", "reason", "stage", "signer"} <= set(stop.errors)
    assert {"requested_by", "reason"} <= set(
        WithdrawForm({"requested_by": typed, "reason": typed}).errors
    )


def test_a_result_is_signed_by_a_person() -> None:
    form = ResultForm({"kind": "1", "number": "1", "issued_on": "01/01/2026", "signer": "---"})
    assert "signer" in form.errors
    form = ResultForm({"kind": "1", "number": "1", "issued_on": "01/01/2026", "signer": HIDDEN})
    assert form.is_valid()
    assert form.value().signer == "Nguyễn Văn Ân"


@pytest.mark.django_db
@pytest.mark.parametrize("typed", NOBODY)
def test_officers_departments_and_agencies_have_names(typed: str) -> None:
    office = make_office()
    assert (
        "full_name"
        in OfficerForm({"full_name": typed, "username": "nguyenvanan"}, agency=office.agency).errors
    )
    assert "name" in DepartmentForm({"name": typed, "kind": office.room.kind, "order": "1"}).errors
    assert "name" in AgencyForm({"name": typed}, paths=(office.agency.path,)).errors


@pytest.mark.django_db
def test_an_officers_name_is_kept_without_what_nobody_sees() -> None:
    form = OfficerForm({"full_name": HIDDEN, "username": "nguyenvanan"}, agency=make_agency())
    assert form.is_valid(), form.errors
    assert form.cleaned_data["full_name"] == "Nguyễn Văn Ân"


@pytest.mark.django_db
def test_lines_of_a_text_stay_and_ordinary_names_pass() -> None:
    field: Any = TextField(widget=forms.Textarea, says="words")
    assert field.clean("một\r\nhai\u200b") == "một\nhai"
    for name in (
        "H'Hoa Niê",
        "Công ty TNHH 3T",
        "Y-Bhăm",
        "José O’Neill",
        "株式会社",
        "Nguyễn Văn Ân 2",
    ):
        assert intake(owner_name=name).cleaned_data["owner_name"] == name


def test_a_result_of_tomorrow_is_refused() -> None:
    typed = {"kind": "1", "number": "1", "issued_on": "24/11/2026", "signer": "Tuấn"}
    assert "issued_on" in ResultForm(typed, on=date(2026, 11, 23)).errors
    assert ResultForm(typed, on=date(2026, 11, 24)).is_valid()


def test_a_decision_signed_tomorrow_is_refused() -> None:
    typed = {"decision": "1/QĐ", "signed": "24/11/2026", "effective": "01/12/2026"}
    assert "signed" in PublicationForm(typed, on=date(2026, 11, 23)).errors
    assert PublicationForm(typed, on=date(2026, 11, 24)).is_valid()


@pytest.mark.django_db
def test_a_deadline_for_completion_that_has_passed_is_refused() -> None:
    office = make_office()
    dossier = receive(office, make_case())
    asked = {
        "items": declared("Ngày sinh"),
        "reason": "Thiếu",
        "by": office.desk(office.clerk),
        "at": MONDAY + timedelta(hours=1),
    }
    for deadline in (MONDAY, MONDAY - timedelta(days=365)):
        with pytest.raises(DomainError, match="respond_by_past"):
            supplements.ask(Seen(dossier.pk), respond_by=deadline, **asked)
    assert supplements.ask(
        Seen(dossier.pk), respond_by=MONDAY + timedelta(days=1), **asked
    ).respond_by == MONDAY + timedelta(days=1)
