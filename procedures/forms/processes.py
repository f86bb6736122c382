"""What a controller says of an internal process."""

from __future__ import annotations

from typing import Any

from django import forms

from onestop.forms import TextField, day_field
from onestop.layout import laid, line
from procedures.models import ListDecision


class ProcessForm(forms.Form):
    """Day of the decision, edition, the page in the quality system, the list it came with."""

    decided_on = day_field("Ngày phê duyệt")
    edition = TextField(label="Lần ban hành", required=False, max_length=50)
    iso_link = forms.URLField(
        label="Liên kết ISO 9001",
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text="Địa chỉ quy trình trong hệ thống quản lý chất lượng, nếu có",
        error_messages={"invalid": "Hãy ghi địa chỉ đầy đủ, ví dụ https://iso.tinh.gov.vn/qt-01."},
    )
    published_by = forms.ModelChoiceField(
        ListDecision.objects.none(),
        label="Công bố kèm quyết định",
        required=False,
        empty_label="Quyết định riêng",
    )

    helper = laid(line("decided_on", "edition"), "iso_link", "published_by")

    def __init__(self, *args: Any, published: Any, **kwargs: Any) -> None:
        """`published`: the decisions that it may have come with."""
        super().__init__(*args, **kwargs)
        self.fields["published_by"].queryset = published  # type: ignore[attr-defined]
