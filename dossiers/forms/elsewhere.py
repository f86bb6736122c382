"""What is asked of a dossier that was received away from the program, beside all else of its intake;
and of the days on paper themselves.
"""

from __future__ import annotations

from datetime import date, datetime
from itertools import groupby
from typing import Any

from django import forms

from dossiers.forms.instants import instant_of
from dossiers.intake.elsewhere import Door, day_in
from dossiers.models.elsewhere import Outage
from onestop.errors import say
from onestop.forms import WORDS, TextField
from onestop.layout import laid, line
from onestop.templatetags.formatting import vn_date

SIZES = ((20, "20 mã"), (40, "40 mã"), (60, "60 mã"), (100, "100 mã"))
# The page is answered from here, before the questions about the owner.
FIRST = {"data-focus": "1"}


def fields_of(door: Door) -> dict[str, forms.Field]:
    """The questions of a door, none of them needed before it is received."""
    found: dict[str, forms.Field] = {}
    if door.is_paper:
        found["reserved"] = forms.ChoiceField(
            label="Mã hồ sơ đã ghi trên giấy",
            choices=_choices(door.codes),
            required=False,
            help_text="Chọn trong các mã để dành của gói đã in; mã đã nhập không còn ở đây.",
            error_messages={"invalid_choice": say("code_not_reserved", {})},
            widget=forms.Select(attrs=FIRST),
        )
    else:
        found["place"] = TextField(
            label="Địa điểm tiếp nhận",
            max_length=200,
            required=False,
            says=WORDS,
            widget=forms.TextInput(attrs=FIRST),
            help_text="Ví dụ: Nhà văn hóa thôn Nà Lốc. In trên giấy tiếp nhận.",
        )
    found["true_at"] = TextField(
        label="Tiếp nhận lúc",
        max_length=20,
        required=False,
        help_text="Giờ ghi trên giấy, ví dụ 08:30; khác ngày thì ghi 20/11/2026 08:30. Thời hạn tính từ giờ này.",
    )
    return found


def _choices(codes: tuple[str, ...]) -> list[Any]:
    """By day, where the incident took more than one."""
    days = [(day, list(group)) for day, group in groupby(codes, day_in)]
    blank: list[Any] = [("", "Chọn mã")]
    if len(days) < 2:
        return blank + [(code, code) for code in codes]
    return blank + [
        (vn_date(day) if day else "", [(code, code) for code in group]) for day, group in days
    ]


def true_time(text: str, *, code: str, now: datetime) -> datetime | None:
    """A typed hour of the day in the code, or of today; a whole instant as it is."""
    day: date | None = day_in(code) if code else None
    return instant_of(text, now, day)


class PackForm(forms.Form):
    size = forms.TypedChoiceField(label="Số mã để dành", choices=SIZES, coerce=int)

    helper = laid("size")


class OutageForm(forms.Form):
    kind = forms.TypedChoiceField(label="Sự cố", choices=Outage.Kind.choices, coerce=int)
    began_at = TextField(
        label="Bắt đầu",
        max_length=20,
        help_text="Ví dụ 08:30, hoặc 20/11/2026 08:30.",
        error_messages={"required": "Hãy ghi giờ bắt đầu sự cố."},
    )
    ended_at = TextField(
        label="Kết thúc",
        max_length=20,
        required=False,
        help_text="Chưa hết sự cố thì để trống.",
    )
    note = TextField(label="Diễn biến", max_length=300, required=False, says=WORDS)

    helper = laid(line("kind", "began_at", "ended_at"), "note")

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_began_at(self) -> datetime:
        return self._instant("began_at")

    def clean_ended_at(self) -> datetime | None:
        return self._instant("ended_at") if self.cleaned_data["ended_at"] else None

    def _instant(self, name: str) -> datetime:
        at = instant_of(self.cleaned_data[name], self.now)
        if at is None:
            raise forms.ValidationError(say("true_time_unreadable", {}))
        return at
