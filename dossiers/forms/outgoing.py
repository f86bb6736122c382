"""What the văn thư writes when an approved draft gets its number."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from dossiers.acts.outgoing import Numbering
from dossiers.forms.fields import name_field, short_field
from dossiers.slips.numbering import kinds_on
from onestop.errors import say
from onestop.layout import laid

OWN = ""


class NumberResultForm(forms.Form):
    """`on`: the day, which kinds of documents there are follows from it."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label="Lấy số từ", required=False, widget=forms.RadioSelect, initial=OWN
    )
    own_number = short_field(
        "Số, ký hiệu theo sổ riêng",
        limit=60,
        help_text="Chỉ khi lấy số từ sổ riêng của thủ tục, ví dụ số Giấy khai sinh.",
    )
    signer = name_field("Người ký", required=True, limit=120)

    helper = laid("kind", "own_number", "signer")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kind"]
        kinds.choices = [(OWN, "Sổ riêng của thủ tục")] + [
            (kind.code, f"Sổ văn bản đi: {kind.name}") for kind in kinds_on(on)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("kind")) == bool(data.get("own_number")):
            self.add_error("own_number", say("number_whose"))
        return data

    @property
    def value(self) -> Numbering:
        return Numbering(**self.cleaned_data)
