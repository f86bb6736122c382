"""Inputs that every app's forms share: days and numbers, typed as the office writes them.

The browser's own date box follows the language of the browser, not of the office: 11/12 on one
machine is 12/11 on another. So a day is a line of text, read here.
"""

import re
from datetime import date
from typing import Any

from django import forms
from django.db import models

from onestop.texts import has_letter, has_word, in_lines, in_one_line
from onestop.typed import one_line

_DAY = re.compile(
    r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{4})|(\d{2})(\d{2})(\d{4})", re.ASCII
)
FIRST_YEAR, LAST_YEAR = 1900, 2200


def day_of(text: str) -> date | None:
    """A day as people write it: 1/12/2026, 01-12-2026, 1.12.2026, 01122026; also ISO 2026-12-01.
    None when it is none.
    """
    text = text.strip()
    found = _DAY.fullmatch(text)
    try:
        day = (
            date(*map(int, reversed([part for part in found.groups() if part])))
            if found
            else date.fromisoformat(text)
        )
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


class DayInput(forms.DateInput):
    """A line of text that takes figures; app.js writes the slashes of 01122026 when one leaves it."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        usual = {
            "inputmode": "numeric",
            "autocomplete": "off",
            "placeholder": "ngày/tháng/năm",
            "class": "day-in",
            "data-day": True,
        }
        super().__init__(usual | (attrs or {}), format="%d/%m/%Y")


class DayField(forms.DateField):
    """A day shown as 01/12/2026 and read by day_of()."""

    widget = DayInput
    default_error_messages = {
        "required": "Hãy nhập ngày, ví dụ 30/11/2026.",
        "invalid": "Hãy nhập ngày có thật theo thứ tự ngày/tháng/năm, ví dụ 30/11/2026 hoặc 30112026.",
    }

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        day = value if isinstance(value, date) else day_of(str(value))
        if day is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class AmountField(forms.DecimalField):
    """A number with a comma before its fraction, as people write it here; a point is understood
    too.
    """

    def to_python(self, value: Any) -> Any:
        return super().to_python(
            value.strip().replace(",", ".") if isinstance(value, str) else value
        )


NAME, WORDS = "name", "words"
_SAYS_NOTHING = {
    NAME: (has_letter, "Ô này phải có chữ cái: dấu gạch, dấu chấm hay chữ số không phải là tên."),
    WORDS: (has_word, "Ô này phải ghi bằng chữ hoặc số, không chỉ gồm dấu."),
}


class TextField(forms.CharField):
    """Every line or text that a person types: without signs that nobody sees, letters composed one
    way.

    Zero-width signs make two equal names differ, direction signs print a name backwards on a slip.
    `says`: NAME for what names somebody or something, WORDS for what must say something; dashes
    alone do neither.
    """

    def __init__(self, *, says: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.says = says

    def to_python(self, value: Any) -> str:
        text = "" if value in self.empty_values else str(value)
        return str(
            super().to_python(
                in_lines(text) if isinstance(self.widget, forms.Textarea) else in_one_line(text)
            )
            or ""
        )

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "")
        if text and self.says:
            fits, sentence = _SAYS_NOTHING[self.says]
            if not fits(text):
                raise forms.ValidationError(sentence, code="says_nothing")
        return text


class NameField(TextField):
    """A name of a person or an office: letters composed one way, a real Đ whatever the keyboard,
    single spaces.
    """

    def __init__(self, *, says: str = NAME, **kwargs: Any) -> None:
        super().__init__(says=says, **kwargs)

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value))


_NAMING = frozenset({"full_name", "name", "short_name"})


def text_fields(db_field: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """`formfield_callback` of our model forms: lines and texts are TextFields, and what names
    somebody must be a name.
    """
    if (
        "form_class" in kwargs
        or type(db_field) not in (models.CharField, models.TextField)
        or db_field.choices
    ):
        return db_field.formfield(**kwargs)
    if db_field.name in _NAMING:
        return db_field.formfield(form_class=NameField, **kwargs)
    return db_field.formfield(
        form_class=TextField, says=WORDS if db_field.name == "reason" else "", **kwargs
    )


def file_errors(choose: str) -> dict[str, str]:
    """What an input of a file answers where none came, or an empty one. `choose`: which to choose."""
    nothing = dict.fromkeys(("required", "missing", "invalid"), choose)
    return nothing | {"empty": "Tệp trống. Hãy chọn tệp khác."}


def table_field(label: str, *, choose: str, help_text: str) -> forms.FileField:
    """A file that `onestop.tables.read_table` reads. `choose`: as in `file_errors`."""
    return forms.FileField(
        label=label,
        help_text=help_text,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
        error_messages=file_errors(choose),
    )


def day_field(label: str, *, required: bool = False, help_text: str = "") -> DayField:
    return DayField(label=label, required=required, help_text=help_text)
