"""The upload of a file of catalogue records."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from onestop.forms import WORDS, TextField, day_field, file_errors
from onestop.layout import laid, line
from procedures.domain.imported import Publication
from procedures.domain.uploading import PROCEDURES, PROCESSES


class UploadForm(forms.Form):
    """The file, what it holds, and the decision that publishes it, if there is one."""

    file = forms.FileField(
        label="Tệp JSON",
        help_text="Danh sách bản ghi lấy từ CSDL quốc gia, dạng JSON. Chưa ghi gì khi chưa xác nhận.",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages=file_errors("Hãy chọn tệp JSON."),
    )
    what = forms.ChoiceField(
        label="Tệp chứa",
        choices=[
            (PROCEDURES, "Danh mục thủ tục hành chính"),
            (
                PROCESSES,
                "Quy trình nội bộ (không cần quyết định công bố: mỗi bản ghi có quyết định phê duyệt)",
            ),
        ],
        initial=PROCEDURES,
        widget=forms.RadioSelect,
    )
    decision = TextField(
        says=WORDS,
        label="Số quyết định công bố",
        required=False,
        max_length=100,
        help_text="Để trống cả ba ô: tạm lấy hiệu lực từ hôm nay, kiểm tra ngày sau",
    )
    signed = day_field("Ngày ký")
    effective = day_field("Có hiệu lực từ")

    helper = laid("file", "what", line("decision", "signed", "effective"))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        """`on`: today, which no decision is signed after."""
        super().__init__(*args, **kwargs)
        self.on = on

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        three = {name: data.get(name) for name in ("decision", "signed", "effective")}
        if data.get("what") == PROCESSES:
            return data | dict.fromkeys(three)
        if any(three.values()):
            for name, value in three.items():
                if not value and name not in self.errors:
                    self.add_error(
                        name, "Số quyết định, ngày ký và ngày hiệu lực phải đi cùng nhau."
                    )
        signed, effective = three["signed"], three["effective"]
        if signed and signed > self.on:
            self.add_error("signed", "Ngày ký không thể sau hôm nay.")
        if signed and effective and effective < signed:
            self.add_error("effective", "Ngày hiệu lực không thể trước ngày ký.")
        return data

    def publication(self) -> Publication | None:
        data = self.cleaned_data
        if not data.get("decision"):
            return None
        return Publication(data["decision"], data["signed"], data["effective"])
