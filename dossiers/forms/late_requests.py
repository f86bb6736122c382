"""What narrows the list of requests for completion that came late, read from the address."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms

from dossiers.desk.late_requests import Choices, Narrowed
from dossiers.reading_cards import without_card
from onestop.forms import DayField
from onestop.layout import laid, line

MOST_ID = 2**62


class LateFilters(forms.Form):
    loc = forms.CharField(
        label="Lọc theo tên, mã, thủ tục, lĩnh vực",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    coquan = forms.IntegerField(
        label="Cơ quan", required=False, min_value=1, max_value=MOST_ID, widget=forms.Select
    )
    duyet = forms.IntegerField(
        label="Người duyệt", required=False, min_value=1, max_value=MOST_ID, widget=forms.Select
    )
    tu = DayField(label="Phát phiếu từ ngày", required=False)
    den = DayField(label="Phát phiếu đến hết ngày", required=False)

    helper = laid(line("coquan", "duyet", "tu", "den"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("tu"), data.get("den")
        if first and last and first > last:
            self.add_error("den", "Ngày cuối phải từ ngày đầu trở đi.")
        return data

    def clean_loc(self) -> str:
        return without_card(self.cleaned_data["loc"])

    def offer(self, choices: Choices) -> None:
        """What can be chosen of each; what is chosen stays there, also where no row has it."""
        for name, offered in (("coquan", choices.agencies), ("duyet", choices.approvers)):
            said = str(self[name].value() or "")
            more = [(said, said)] if said and said not in dict(offered) else []
            widget = self.fields[name].widget
            assert isinstance(widget, forms.Select)
            widget.choices = [("", "Tất cả"), *offered, *more]

    def read(self) -> dict[str, str]:
        """The filters that are set and readable, as they stand in the address."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        found = {name: data.get(name) for name in self.fields}
        days = {name: f"{found[name]:%d/%m/%Y}" for name in ("tu", "den") if found[name]}
        return {name: str(value) for name, value in (found | days).items() if value}

    def narrowed(self) -> Narrowed:
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        return Narrowed(
            text=data.get("loc") or "",
            agency=data.get("coquan"),
            approver=data.get("duyet"),
            first=data.get("tu"),
            last=data.get("den"),
        )


def chips(
    kept: dict[str, str], beside: dict[str, str], names: Choices, path: str
) -> list[tuple[str, str]]:
    """(words, address without it) of every filter that is set; `beside`: what else stands in the
    address.
    """
    words = {
        "loc": "“{}”",
        "tu": "Phát phiếu từ {}",
        "den": "Phát phiếu đến hết {}",
        "coquan": "{}",
        "duyet": "Người duyệt: {}",
    }
    called = {"coquan": dict(names.agencies), "duyet": dict(names.approvers)}
    found = []
    for name, value in kept.items():
        rest = beside | {k: v for k, v in kept.items() if k != name}
        shown = called.get(name, {}).get(value, value)
        found.append((words[name].format(shown), f"{path}?{urlencode(rest)}"))
    return found
