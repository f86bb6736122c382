"""Inputs that several forms of the desks share."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms
from django.forms import BaseForm

from onestop.errors import DomainError, sentence
from onestop.forms import WORDS, NameField, TextField
from onestop.worktime import Term, Unit


def reason_field(
    label: str = "Lý do",
    *,
    required: bool = True,
    rows: int = 3,
    help_text: str = "",
    autofocus: bool = False,
    limit: int = 2000,
) -> forms.CharField:
    return TextField(
        label=label, required=required, max_length=limit, help_text=help_text, says=WORDS,
        widget=forms.Textarea(attrs={"rows": rows, "autofocus": autofocus}),
        error_messages={"required": "Hãy ghi lý do."},
    )  # fmt: skip


def short_field(
    label: str,
    *,
    required: bool = False,
    limit: int = 300,
    help_text: str = "",
    says: str = WORDS,
    **attrs: Any,
) -> forms.CharField:
    widget = forms.TextInput(attrs=attrs)
    return TextField(
        label=label,
        required=required,
        max_length=limit,
        help_text=help_text,
        says=says,
        widget=widget,
    )


def name_field(label: str, *, required: bool = False, limit: int = 200) -> NameField:
    return NameField(label=label, required=required, max_length=limit)


UNITS = {
    "ngay-lam-viec": Unit.WORKING_DAY,
    "ngay": Unit.CALENDAR_DAY,
    "gio-lam-viec": Unit.WORKING_HOUR,
}


class FurtherTermForm(forms.Form):
    """How much is added to a term."""

    quantity = forms.IntegerField(
        label="Thêm thời hạn",
        min_value=1,
        max_value=365,
        error_messages={"required": "Hãy ghi thời gian cần thêm."},
    )
    unit = forms.ChoiceField(
        label="Đơn vị",
        choices=[
            ("ngay-lam-viec", "ngày làm việc"),
            ("ngay", "ngày"),
            ("gio-lam-viec", "giờ làm việc"),
        ],
    )

    @property
    def term(self) -> Term:
        return Term(UNITS[self.cleaned_data["unit"]], Fraction(self.cleaned_data["quantity"]))


def add_refusal(form: BaseForm, error: DomainError) -> None:
    """What the domain refused, beside its field when the form has it, on top otherwise; nothing
    typed is lost.
    """
    field = {"files": "file"}.get(error.field, error.field)
    form.add_error(field if field in form.fields else None, sentence(error))
