"""What an officer writes of a wrong result, its delivery, and of papers lost or damaged."""

from __future__ import annotations

from typing import Any

from django import forms

from dossiers.acts.endings import ResultIn
from dossiers.acts.repairs import Lost, Wrong
from dossiers.forms.fields import name_field, reason_field, short_field
from dossiers.models.repairs import Correction, Loss
from onestop.errors import say
from onestop.files import kinds
from onestop.forms import day_field
from onestop.layout import laid, line

FAULT = "Lỗi của cơ quan giải quyết: văn bản có lời xin lỗi"
RESPONSIBLE = "Đơn vị, cá nhân chịu trách nhiệm"


class CorrectionForm(forms.Form):
    """`returned`: the wrong result was already given back, so that somebody has it."""

    wrong = reason_field(
        "Nội dung sai sót", help_text="In trên văn bản gửi người dân.", autofocus=True
    )
    requested_by = name_field("Người đề nghị", required=True)
    requested_on = day_field("Ngày đề nghị", required=True)
    by_office = forms.BooleanField(label=FAULT, required=False, initial=True)
    responsible = short_field(RESPONSIBLE, limit=200, help_text="Bắt buộc khi lỗi của cơ quan.")
    old_copy = forms.TypedChoiceField(
        label="Bản cũ", choices=Correction.OldCopy.choices, coerce=int, widget=forms.RadioSelect
    )
    title = short_field("Loại kết quả")
    number = short_field("Số, ký hiệu của kết quả mới", required=True, limit=60)
    issued_on = day_field("Ngày ban hành", required=True)
    signer = name_field("Người ký", required=True, limit=120)
    file = forms.FileField(
        label="Tệp kết quả mới",
        required=False,
        help_text="Không bắt buộc. Tệp của kết quả cũ vẫn được giữ.",
        widget=forms.FileInput(attrs={"accept": kinds.ACCEPT}),
    )
    electronic = forms.BooleanField(
        label="Bản điện tử đã ký số",
        required=False,
        help_text="Người có mã hồ sơ và mã tra cứu tải được tệp này thay cho tệp cũ.",
    )

    helper = laid(
        "wrong",
        line("requested_by", "requested_on"),
        "by_office",
        "responsible",
        "old_copy",
        "title",
        line("number", "issued_on", "signer"),
        "file",
        "electronic",
    )

    def __init__(self, *args: Any, returned: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Correction.OldCopy.HERE
        copies: Any = self.fields["old_copy"]
        copies.choices = [
            (value, label)
            for value, label in Correction.OldCopy.choices
            if (value == here) != returned
        ]
        copies.initial = copies.choices[-1][0]
        self.fields["wrong"].error_messages["required"] = say("wrong_missing")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("by_office") and not data.get("responsible"):
            self.add_error("responsible", say("responsible_missing"))
        return data

    @property
    def value(self) -> tuple[Wrong, ResultIn]:
        data = self.cleaned_data
        wrong = ("requested_by", "requested_on", "wrong", "old_copy", "by_office", "responsible")
        result = ("title", "number", "issued_on", "signer", "electronic")
        return (
            Wrong(**{name: data[name] for name in wrong}),
            ResultIn(**{name: data[name] for name in result}),
        )


class DeliveryForm(forms.Form):
    to = name_field("Người nhận", required=True)
    note = short_field(
        "Cách trao", help_text="Ví dụ: tại quầy, đã thu lại bản cũ; bưu chính, số phiếu gửi."
    )

    helper = laid("to", "note")


class LossForm(forms.Form):
    of = forms.TypedChoiceField(
        label="Mất, hư hỏng gì", choices=Loss.Of.choices, coerce=int, widget=forms.RadioSelect,
        initial=Loss.Of.PAPERS,
    )  # fmt: skip
    how = forms.TypedChoiceField(
        label="Thế nào", choices=Loss.How.choices, coerce=int, widget=forms.RadioSelect,
        initial=Loss.How.LOST,
    )  # fmt: skip
    what = reason_field("Giấy tờ, kết quả nào", rows=2)
    found_on = day_field("Ngày phát hiện", required=True)
    circumstances = reason_field("Hoàn cảnh, nguyên nhân", rows=2)
    by_office = forms.BooleanField(
        label="Lỗi của cơ quan nhà nước: văn bản có lời xin lỗi", required=False, initial=True
    )
    responsible = short_field(RESPONSIBLE, required=True, limit=200)
    done = reason_field(
        "Biện pháp khắc phục",
        rows=2,
        help_text="Ví dụ: cấp lại kết quả; lập lại giấy tờ, chi phí do cơ quan chịu.",
    )

    helper = laid(
        "of", "how", "what", "found_on", "circumstances", "by_office", "responsible", "done"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, code in (
            ("what", "lost_missing"),
            ("circumstances", "circumstances_missing"),
            ("responsible", "responsible_missing"),
            ("done", "repair_missing"),
        ):
            self.fields[name].error_messages["required"] = say(code)

    @property
    def value(self) -> Lost:
        return Lost(**self.cleaned_data)
