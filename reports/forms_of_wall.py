"""The form of a board in a waiting room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from onestop.accounts.models import Agency
from onestop.forms import TextField
from onestop.layout import laid, line


class WallForm(forms.Form):
    agency = forms.ModelChoiceField(
        label="Bộ phận Một cửa", queryset=Agency.objects.none(), empty_label="Chọn nơi đặt"
    )
    name = TextField(label="Tên màn hình", max_length=80, help_text="Ví dụ: Phòng chờ tầng 1.")

    helper = laid(line("agency", "name"))

    def __init__(self, data: Any = None, *, places: QuerySet[Agency]) -> None:
        super().__init__(data)
        field: Any = self.fields["agency"]
        field.queryset = places
