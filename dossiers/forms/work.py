"""The filters of `/viec/`, read from the address."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms
from django.urls import reverse

from dossiers.desk.work import LATE, SOON, Filters
from procedures.channels import Channel

DUE = [(LATE, "Quá hạn"), (SOON, "Sắp đến hạn")]


class WorkFilters(forms.Form):
    loc = forms.CharField(
        label="Lọc theo tên, mã, thủ tục, lĩnh vực",
        required=False,
        max_length=300,
        widget=forms.TextInput(
            attrs={"placeholder": "Tên không dấu, mã, thủ tục", "autocomplete": "off"}
        ),
    )
    kenh = forms.TypedChoiceField(
        label="Hình thức nộp",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Mọi hình thức"), *Channel.choices],
    )
    han = forms.ChoiceField(label="Hạn", required=False, choices=[("", "Mọi hạn"), *DUE])
    linhvuc = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    thutuc = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    canbo = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )

    def read(self) -> dict[str, str]:
        """The filters that are set and readable, as they stand in the address."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        return {name: str(data[name]) for name in self.fields if data.get(name)}

    def filters(self) -> Filters:
        kept = self.read()
        return Filters(
            text=kept.get("loc", ""),
            field=kept.get("linhvuc", ""),
            procedure=kept.get("thutuc", ""),
            channel=int(kept["kenh"]) if "kenh" in kept else None,
            officer=int(kept["canbo"]) if "canbo" in kept else None,
            due=kept.get("han", ""),
        )


def chips(kept: dict[str, str], job: str, names: dict[int, str]) -> list[tuple[str, str]]:
    """(words, address without it) of every filter that is set."""
    found = []
    for name, value in kept.items():
        rest = {"loai": job} | {k: v for k, v in kept.items() if k != name}
        if name == "kenh":
            value = Channel(int(value)).label
        if name == "han":
            value = dict(DUE)[value]
        if name == "canbo":
            value = names.get(int(value), "đã chọn")
        words = {
            "loc": f"“{value}”",
            "linhvuc": f"Lĩnh vực: {value}",
            "thutuc": f"Thủ tục: {value}",
            "canbo": f"Cán bộ: {value}",
        }
        found.append((words.get(name, value), f"{reverse('work')}?{urlencode(rest)}"))
    return found
