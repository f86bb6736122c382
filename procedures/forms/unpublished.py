"""What a controller types of a procedure that is not published yet, and when it is."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from onestop.forms import NAME, WORDS, TextField, day_field, file_errors
from onestop.layout import laid, line
from onestop.texts import whole_number
from procedures.channels import Channel
from procedures.domain.unpublished import Entry, PaperIn
from procedures.forms import MOST_FEE, read_term_field
from procedures.models import CounterKind, Field

MOST_PAPERS, MOST_COPIES = 60, 99
_WAYS = [(one.value, one.label) for one in (Channel.DIRECT, Channel.ONLINE_FULL, Channel.POST)]


class UnpublishedForm(forms.Form):
    name = TextField(says=NAME, label="Tên thủ tục, như văn bản ghi", max_length=1400)
    field = forms.ModelChoiceField(
        Field.objects.all(), label="Lĩnh vực", empty_label="Chọn lĩnh vực",
        error_messages={"required": "Hãy chọn lĩnh vực."},
    )  # fmt: skip
    basis = TextField(
        says=WORDS, label="Số, ký hiệu văn bản", max_length=100, help_text="Ví dụ: 15/2026/NQ-HĐND"
    )
    issuer = TextField(says=NAME, label="Cơ quan ban hành", max_length=200)
    title = TextField(says=WORDS, label="Trích yếu văn bản", max_length=500)
    issued_on = day_field("Ngày ban hành", required=True)
    effective_on = day_field("Văn bản có hiệu lực từ", required=True)
    file = forms.FileField(
        label="Văn bản (PDF)",
        help_text="Người dân và cán bộ mở được văn bản này.",
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        error_messages=file_errors("Hãy chọn tệp PDF của văn bản."),
    )
    counters = forms.TypedMultipleChoiceField(
        label="Tiếp nhận tại",
        choices=CounterKind.choices,
        coerce=lambda value: CounterKind(int(value)),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Hãy chọn ít nhất một nơi tiếp nhận."},
    )
    channels = forms.TypedMultipleChoiceField(
        label="Hình thức nộp",
        choices=_WAYS,
        coerce=lambda value: Channel(int(value)),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Hãy chọn ít nhất một hình thức nộp."},
    )
    term = TextField(label="Thời hạn", max_length=60, help_text="Ví dụ: 5 ngày làm việc")
    fee = forms.IntegerField(
        label="Phí, lệ phí (đồng)",
        min_value=0,
        max_value=MOST_FEE,
        help_text="Ghi 0 nếu không thu",
        error_messages={"invalid": "Mức phí là số tiền từ 0 đồng, chỉ gồm chữ số."},
    )
    papers = TextField(
        says=WORDS,
        label="Thành phần hồ sơ",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
        help_text="Mỗi dòng một giấy tờ. Khác 1 bản chính thì ghi thêm số bản chính và số bản sao: Giấy khai sinh | 0 | 1",
    )
    result = TextField(label="Kết quả", max_length=500, required=False)

    helper = laid(
        "name",
        line("field", "basis", "issuer"),
        "title",
        line("issued_on", "effective_on", "file"),
        line("counters", "channels"),
        line("term", "fee", "result"),
        "papers",
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        """`on`: today, which no text is issued after."""
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_term(self) -> str:
        return read_term_field(self.cleaned_data["term"])

    def clean_issued_on(self) -> date:
        issued: date = self.cleaned_data["issued_on"]
        if issued > self.on:
            raise forms.ValidationError("Ngày ban hành không thể sau hôm nay.")
        return issued

    def clean_papers(self) -> list[PaperIn]:
        lines = [text.strip() for text in self.cleaned_data["papers"].splitlines() if text.strip()]
        if len(lines) > MOST_PAPERS:
            raise forms.ValidationError(f"Nhiều nhất {MOST_PAPERS} giấy tờ.")
        return [_paper(number, text) for number, text in enumerate(lines, start=1)]

    def entry(self) -> Entry:
        data = dict(self.cleaned_data)
        data.pop("file")
        return Entry(**data)


def _paper(number: int, text: str) -> PaperIn:
    name, *counts = (part.strip() for part in text.split("|"))
    if not counts and name:
        return PaperIn(name)
    read = [whole_number(one) for one in counts]
    if not name or len(read) != 2 or any(one is None or one > MOST_COPIES for one in read):
        raise forms.ValidationError(
            f"Dòng {number} không đọc được: ghi tên giấy tờ, hoặc tên | số bản chính | số bản sao."
        )
    return PaperIn(name, read[0] or 0, read[1] or 0)


class MoveForm(forms.Form):
    code = TextField(
        says=WORDS, label="Mã thủ tục đã công bố", max_length=32, help_text="Ví dụ: 1.001193"
    )
    decision = TextField(says=WORDS, label="Số quyết định công bố", max_length=100)
    signed = day_field("Ngày ký", required=True)

    helper = laid(line("code", "decision", "signed"))
