"""What the văn thư writes when a document gets its number, and when he keeps numbers for later."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from itertools import islice
from typing import Any

from django import forms

from dossiers.acts.holding import MOST_HELD, MOST_REASON, Chosen
from dossiers.acts.outgoing import Numbering
from dossiers.forms.fields import name_field, short_field
from dossiers.models.outgoing import HeldNumber
from dossiers.slips.numbering import kinds_on
from onestop.accounts.models import Agency
from onestop.errors import say
from onestop.layout import Maybe, laid, line
from onestop.texts import MOST_NUMBER

OWN = ""
# So many of the numbers that are kept are named beside the field; the page of kept numbers has all.
NAMED = 10


def number_field(label: str, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=MOST_NUMBER, help_text=help_text
    )


def why_field() -> forms.CharField:
    return short_field(
        "Lý do lấy số khác",
        limit=MOST_REASON,
        help_text="Bắt buộc khi bỏ trống số: các số bỏ trống được giữ lại kèm lý do này.",
    )


def held_words(held: Collection[HeldNumber], names: Mapping[str, str] | None = None) -> str:
    """Số đang giữ: 9 (họp giao ban), Quyết định 12 (…) và 3 số khác; empty where none is."""
    said = [
        f"{names[row.kind] + ' ' if names else ''}{row.number} ({row.reason})"
        for row in islice(held, NAMED)
    ]
    more = f" và {len(held) - NAMED} số khác (xem trang Giữ số)" if len(held) > NAMED else ""
    return f" Số đang giữ: {', '.join(said)}{more}." if said else ""


def chosen_of(data: dict[str, Any]) -> Chosen | None:
    """What was chosen; None for the next number, whichever that is when it is given."""
    number = data.get("number")
    return None if number is None else Chosen(number, data.get("why") or "")


class NumberResultForm(forms.Form):
    """`on`: the day, which kinds of documents there are follows from it; `following`: the next number
    of the registers that were begun; `held`: the numbers kept in them.
    """

    use_required_attribute = False

    kind = forms.ChoiceField(
        label="Lấy số từ", required=False, widget=forms.RadioSelect, initial=OWN
    )
    number = number_field("Số khác trong sổ văn bản đi")
    why = why_field()
    own_number = short_field(
        "Số, ký hiệu theo sổ riêng",
        limit=60,
        help_text="Chỉ khi lấy số từ sổ riêng của thủ tục, ví dụ số Giấy khai sinh.",
    )
    signer = name_field("Người ký", required=True, limit=120)

    helper = laid("kind", line("number", "why"), "own_number", "signer")

    def __init__(
        self,
        *args: Any,
        on: date,
        following: Mapping[str, int],
        held: Collection[HeldNumber],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kind"]
        there = kinds_on(on)
        kinds.choices = [(OWN, "Sổ riêng của thủ tục")] + [
            (kind.code, f"Sổ văn bản đi: {kind.name}, số tiếp theo {following.get(kind.code, 1)}")
            for kind in there
        ]
        names = {kind.code: kind.name for kind in there}
        self.fields["number"].help_text = "Để trống: lấy số tiếp theo." + held_words(
            [row for row in held if row.kind in names], names
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("kind")) == bool(data.get("own_number")):
            self.add_error("own_number", say("number_whose"))
        return data

    @property
    def value(self) -> Numbering:
        data = self.cleaned_data
        return Numbering(
            signer=data["signer"], kind=data["kind"], own_number=data["own_number"], chosen=chosen_of(data),
        )  # fmt: skip


class NumberLetterForm(forms.Form):
    """`following`: the number that is proposed; `held`: those kept in its register."""

    number = number_field("Số")
    why = why_field()

    helper = laid(line("number", "why"))

    def __init__(
        self, *args: Any, following: int, held: Collection[HeldNumber], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].help_text = (
            f"Số tiếp theo là {following}: để trống thì lấy số này." + (held_words(held))
        )

    @property
    def value(self) -> Chosen:
        return chosen_of(self.cleaned_data) or Chosen()


class HoldForm(forms.Form):
    """`agencies`: whose documents this văn thư numbers; asked where there are several."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label="Cơ quan", empty_label=None)
    kind = forms.ChoiceField(label="Sổ")
    count = forms.IntegerField(
        label="Giữ mấy số", min_value=1, max_value=MOST_HELD, initial=1,
        error_messages={"required": "Hãy ghi giữ mấy số."},
    )  # fmt: skip
    reason = short_field(
        "Giữ cho văn bản, việc nào", required=True, limit=MOST_REASON,
        help_text="Ví dụ: quyết định cấp lại giấy phép của hồ sơ đang trình ký.",
    )  # fmt: skip

    helper = laid(line(Maybe("agency"), "kind", "count"), "reason")

    def __init__(
        self, *args: Any, on: date, agencies: Collection[int], following: Mapping[str, int], **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        several = len(agencies) > 1
        kind.choices = [
            (
                one.code,
                one.name if several else f"{one.name}, từ số {following.get(one.code, 1)}",
            )
            for one in kinds_on(on)
        ]
        agency: Any = self.fields["agency"]
        agency.queryset = Agency.objects.filter(pk__in=agencies)
        self.only = None if several else next(iter(agencies), None)
        if not several:
            del self.fields["agency"]
        self.fields["reason"].error_messages["required"] = say("held_why")

    @property
    def whose(self) -> Agency:
        chosen = self.cleaned_data.get("agency")
        if chosen is None:
            assert self.only is not None  # else it was asked for
            chosen = Agency.objects.get(pk=self.only)
        return chosen
