"""Inputs that several forms of the desks share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django import forms
from django.forms import BaseForm

from onestop.accounts.models import Agency
from onestop.errors import DomainError, sentence
from onestop.folding import tokens
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


class AgencyNames:
    """Agencies to choose from by typing: each under a name of its own, with its code where two have
    one name but for its marks. A page lists them once (templates/dossiers/acts/_agencies.html),
    whatever asks for them.
    """

    list_id = "cac-co-quan"

    def __init__(self, agencies: Sequence[Agency]) -> None:
        common = Counter(tuple(tokens(one.name)) for one in agencies)
        self.named = {
            one.name if common[tuple(tokens(one.name))] == 1 else f"{one.name} ({one.code})": one
            for one in agencies
        }
        self._words = [(tokens(name), one) for name, one in self.named.items()]

    def find(self, text: str) -> Agency | None:
        """The very name of the list, or of one agency; by its whole name however it is written; else by
        words that are in one name only.
        """
        words = tokens(text)
        listed = [self.named[text]] if text in self.named else []
        exact = [one for one in self.named.values() if one.name.lower() == text.lower()]
        same = [one for name, one in self._words if name == words]
        near = [one for name, one in self._words if set(words) <= set(name)]
        found = listed or exact or same or near
        return found[0] if words and len(found) == 1 else None


class AgencyField(TextField):
    """One of these agencies, typed with the help of their list: there may be thousands. Gives the
    agency, None where nothing is typed.
    """

    def __init__(self, *, names: AgencyNames, **kwargs: Any) -> None:
        attrs = {"list": AgencyNames.list_id, "autocomplete": "off"}
        super().__init__(max_length=300, widget=forms.TextInput(attrs=attrs), **kwargs)
        self.names = names

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        found = self.names.find(text) if text else None
        if text and found is None:
            raise forms.ValidationError(
                f"Không thấy đúng một cơ quan theo “{text}”. Hãy gõ vài chữ của tên rồi chọn trong danh sách."
            )
        return found


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
