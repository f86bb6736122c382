"""What is written of a verification (thẩm tra, xác minh)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from dossiers.acts.inspecting import MOST, Inspected
from dossiers.forms.fields import reason_field, short_field
from dossiers.forms.instants import instant_of
from onestop.errors import say
from onestop.files import kinds
from onestop.forms import TextField
from onestop.layout import laid, line

LONGEST = 200


class InspectForm(forms.Form):
    """`now`: what the typed instant is read by."""

    held_at = TextField(
        label="Thời gian", max_length=20, help_text="Ngày, giờ, ví dụ 24/11/2026 08:30.",
        error_messages={"required": say("inspect_unreadable")},
    )  # fmt: skip
    place = short_field("Địa điểm", required=True, limit=200)
    people = reason_field(
        "Thành phần", rows=4, limit=3000,
        help_text="Mỗi dòng một người: họ tên, chức danh, ví dụ “Lý Văn Sơn, trưởng thôn 2”. Những người này ký biên bản.",
    )  # fmt: skip
    applicant_present = forms.BooleanField(
        label="Người nộp hồ sơ có mặt",
        required=False,
        help_text="Có mặt thì người nộp ký biên bản.",
    )
    content = reason_field("Nội dung", rows=5)
    conclusion = reason_field("Kết luận", rows=3)
    file = forms.FileField(
        label="Biên bản đã ký", required=False, help_text="Nếu đã có bản ký. PDF hoặc ảnh.",
        widget=forms.FileInput(attrs={"accept": kinds.ACCEPT}),
    )  # fmt: skip

    helper = laid(
        line("held_at", "place"), "people", "applicant_present", "content", "conclusion", "file"
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        for name in ("place", "people", "content", "conclusion"):
            self.fields[name].error_messages["required"] = say(f"inspect_{name}")

    def clean_held_at(self) -> datetime:
        at = instant_of(self.cleaned_data["held_at"], self.now)
        if at is None:
            raise forms.ValidationError(say("inspect_unreadable"))
        return at

    def clean_people(self) -> list[tuple[str, str]]:
        lines = [one.strip() for one in self.cleaned_data["people"].splitlines() if one.strip()]
        if len(lines) > MOST:
            raise forms.ValidationError(say("inspect_many", {"most": MOST}))
        if any(len(one) > LONGEST for one in lines):
            raise forms.ValidationError(f"Dòng dài quá {LONGEST} chữ. Hãy ghi mỗi dòng một người.")
        parts = (one.partition(",") for one in lines)
        return [(name.strip(), role.strip()) for name, _, role in parts]

    @property
    def value(self) -> Inspected:
        data = self.cleaned_data
        return Inspected(
            held_at=data["held_at"],
            place=data["place"],
            people=data["people"],
            content=data["content"],
            conclusion=data["conclusion"],
            applicant_present=data["applicant_present"],
            scan=data.get("file"),
        )
