"""The filters of `/viec/`, read from the address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse

from dossiers.desk.filters import (
    COMING,
    GIVEN,
    HELD,
    IN_TIME,
    NOBODY,
    TODAY,
    WAITING,
    WORKING,
    Choices,
    Filters,
)
from dossiers.desk.work import LATE, SOON
from dossiers.reading_cards import without_card
from onestop.forms import DayField
from onestop.layout import laid, line
from procedures.channels import Channel

DUE = {LATE: "Quá hạn", TODAY: "Đến hạn hôm nay", SOON: "Sắp đến hạn", IN_TIME: "Còn hạn"}
PLACES = {
    HELD: "Đang giữ",
    WORKING: "Đang xử lý",
    WAITING: "Chờ bổ sung, nộp tiền",
    GIVEN: "Đã giao, bên kia chưa nhận",
    COMING: "Được giao, chưa nhận",
}
MOST_ID = 2**62


class WorkFilters(forms.Form):
    loc = forms.CharField(
        label="Lọc theo tên, mã, thủ tục, lĩnh vực",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    canbo = forms.IntegerField(
        label="Cán bộ", required=False, min_value=NOBODY, max_value=MOST_ID, widget=forms.Select
    )
    phong = forms.IntegerField(
        label="Phòng, bộ phận", required=False, min_value=1, max_value=MOST_ID, widget=forms.Select
    )
    thutuc = forms.CharField(label="Thủ tục", required=False, max_length=40, widget=forms.Select)
    linhvuc = forms.CharField(label="Lĩnh vực", required=False, max_length=300, widget=forms.Select)
    kenh = forms.TypedChoiceField(
        label="Hình thức nộp",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Mọi hình thức"), *Channel.choices],
    )
    han = forms.ChoiceField(label="Hạn", required=False, choices=[("", "Mọi hạn"), *DUE.items()])
    o = forms.ChoiceField(
        label="Đang ở đâu", required=False, choices=[("", "Mọi nơi"), *PLACES.items()]
    )
    tu = DayField(label="Tiếp nhận từ ngày", required=False)
    den = DayField(label="Tiếp nhận đến hết ngày", required=False)

    dondoc = forms.BooleanField(label="Được đôn đốc", required=False)
    phoihop = forms.BooleanField(label="Chờ cơ quan phối hợp", required=False)

    helper = laid(
        line("canbo", "phong", "thutuc", "linhvuc"),
        line("kenh", "han", "o", "tu", "den"),
        line("dondoc", "phoihop"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("tu"), data.get("den")
        if first and last and first > last:
            self.add_error("den", "Ngày cuối phải từ ngày đầu trở đi.")
        return data

    def offer(self, choices: Choices) -> None:
        """What can be chosen of each; what is chosen stays there, also where no row has it."""
        for name, offered in (
            ("canbo", choices.officers),
            ("phong", choices.departments),
            ("thutuc", choices.procedures),
            ("linhvuc", choices.fields),
        ):
            said = str(self[name].value() or "")
            more = [] if said in dict(offered) or not said else [(said, said)]
            widget = self.fields[name].widget
            assert isinstance(widget, forms.Select)
            widget.choices = [("", "Tất cả"), *offered, *more]

    def clean_loc(self) -> str:
        return without_card(self.cleaned_data["loc"])

    def read(self) -> dict[str, str]:
        """The filters that are set and readable, as they stand in the address."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        found = {name: data.get(name) for name in self.fields}
        return {
            name: _written(value) for name, value in found.items() if value not in (None, "", False)
        }

    def filters(self) -> Filters:
        self.is_valid()
        data: Mapping[str, Any] = getattr(self, "cleaned_data", {})
        return Filters(
            text=data.get("loc") or "",
            field=data.get("linhvuc") or "",
            procedure=data.get("thutuc") or "",
            channel=data.get("kenh"),
            officer=data.get("canbo"),
            department=data.get("phong"),
            due=data.get("han") or "",
            place=data.get("o") or "",
            first=data.get("tu"),
            last=data.get("den"),
            urged=bool(data.get("dondoc")),
            linked=bool(data.get("phoihop")),
        )


def _written(value: Any) -> str:
    if value is True:
        return "1"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def chips(
    kept: dict[str, str], beside: dict[str, str], names: Mapping[str, str]
) -> list[tuple[str, str]]:
    """(words, address without it) of every filter that is set. `beside`: what else stands in the
    address; `names`: of the officer, the department and the procedure, by their filters.
    """
    found = []
    for name in kept:
        rest = beside | {k: v for k, v in kept.items() if k != name}
        found.append((_words(name, kept[name], names), f"{reverse('work')}?{urlencode(rest)}"))
    return found


def _words(name: str, value: str, names: Mapping[str, str]) -> str:
    plain = {
        "loc": "“{}”",
        "linhvuc": "Lĩnh vực: {}",
        "tu": "Tiếp nhận từ {}",
        "den": "Tiếp nhận đến hết {}",
        "dondoc": "Được đôn đốc",
        "phoihop": "Chờ cơ quan phối hợp",
    }
    if name in plain:
        return plain[name].format(value)
    if name == "kenh":
        return f"Hình thức nộp: {Channel(int(value)).label}"
    if name in ("han", "o"):
        return (DUE | PLACES)[value]
    labels = {"thutuc": "Thủ tục", "canbo": "Cán bộ", "phong": "Phòng, bộ phận"}
    return f"{labels[name]}: {names.get(name, 'đã chọn')}"
