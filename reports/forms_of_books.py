"""Which part of a register is wanted: a volume, numbers or days of a year, of one field or of all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from onestop.errors import DomainError, sentence
from onestop.forms import DayField
from onestop.layout import laid, line
from procedures.models import Field
from reports.periods import Period, book, free

LAST_NUMBER = 99_999_999


class WantedEntries(forms.Form):
    """All questions may be left out: then the register of the newest year as a whole."""

    nam = forms.TypedChoiceField(label="Sổ năm", coerce=int, required=False)
    quyen = forms.IntegerField(label="Quyển số", min_value=1, max_value=999, required=False)
    tu_so = forms.IntegerField(label="Từ số", min_value=1, max_value=LAST_NUMBER, required=False)
    den_so = forms.IntegerField(label="Đến số", min_value=1, max_value=LAST_NUMBER, required=False)
    linh_vuc = forms.ModelChoiceField(
        Field.objects.all(), label="Lĩnh vực", required=False, empty_label="Mọi lĩnh vực"
    )
    tu_ngay = DayField(label="Nhận từ ngày", required=False)
    den_ngay = DayField(label="Đến ngày", required=False)

    helper = laid(line("nam", "quyen", "tu_so", "den_so"), "linh_vuc", line("tu_ngay", "den_ngay"))

    def __init__(self, data: Any, *, years: Sequence[int], today: date) -> None:
        super().__init__(data)
        self.newest = years[0]
        choices = [(year, str(year)) for year in years]
        if today.year not in years:
            choices.insert(0, (today.year, str(today.year)))
        field = self.fields["nam"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = choices
        self.initial["nam"] = self.newest

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        try:
            cleaned["period"] = _wanted(cleaned, cleaned.get("nam") or self.newest)
        except DomainError as error:
            self.add_error(None, sentence(error))
        return cleaned

    def period(self) -> Period:
        """What is wanted; the newest year where nothing was said or it cannot be read."""
        found = self.cleaned_data.get("period") if self.is_valid() else None
        return found or book(self.newest)

    @property
    def status(self) -> int:
        return 422 if self.is_bound and not self.is_valid() else 200


def _wanted(said: dict[str, Any], year: int) -> Period:
    """Numbers before days before a volume; each but days of one field too. Errors:
    DomainError("register_range"), ("register_field_days"), ("period_reversed").
    """
    first, last, field = said.get("tu_so"), said.get("den_so"), said.get("linh_vuc")
    only: dict[str, Any] = {"field": field.pk, "field_name": field.name} if field else {}
    if first or last:
        return book(year, numbers=(first or 1, last or LAST_NUMBER), **only)
    since, until = said.get("tu_ngay"), said.get("den_ngay")
    if since or until:
        if field:
            raise DomainError("register_field_days")
        year = (since or until or date(year, 1, 1)).year
        return free(since or date(year, 1, 1), until or date(year, 12, 31))
    return book(year, volume=said.get("quyen") or 0, **only)
