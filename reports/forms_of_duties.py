"""What people type about the duty to report."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from onestop.forms import NAME, WORDS, AmountField, DayField, TextField, day_field
from onestop.layout import Maybe, laid, line
from reports.models import Duty, DutyRule, ReportForm, Source

MOST_DAYS = 90
MOST_OFF = Decimal(10)


class DocumentForm(forms.Form):
    """The signed document went out."""

    on = day_field("Ngày ký, gửi", required=True)
    number = TextField(label="Số, ký hiệu văn bản", says=WORDS, max_length=80)
    with_form = forms.BooleanField(
        label="Biểu số liệu ký ngoài hệ thống, gửi kèm văn bản", required=False
    )
    file = forms.FileField(
        label="Báo cáo đã ký (PDF)",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        error_messages={"empty": "Tệp trống. Hãy chọn tệp khác."},
    )

    helper = laid(line("on", "number"), Maybe("with_form"), "file")

    def __init__(self, *args: Any, duty: Duty, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not duty.form_code:
            del self.fields["with_form"]


class EntryForm(forms.Form):
    """The report was entered in the reporting system."""

    on = day_field("Ngày nhập xong", required=True)
    number = TextField(label="Mã báo cáo trên hệ thống", max_length=80, required=False)

    helper = laid(line("on", "number"))

    def __init__(self, data: Any = None) -> None:
        # Stands beside the form of the document.
        super().__init__(data, auto_id="entry_%s")


class ReturnForm(forms.Form):
    """Why a report goes back, or is not good enough."""

    reason = TextField(
        label="Lý do",
        says=WORDS,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Hãy ghi lý do để cơ quan biết phải sửa gì."},
    )
    is_poor = forms.BooleanField(
        label="Trừ điểm vì chưa đạt chất lượng",
        required=False,
        help_text="Chỉ khi trả lại: lỗi nhỏ sửa ngay thì để trống, không trừ điểm.",
    )

    helper = laid("reason", "is_poor")


class DutyForm(forms.ModelForm[Duty]):
    """A duty as it is to be from a day on."""

    name = TextField(label="Tên báo cáo", says=NAME, max_length=200)
    effective_from = DayField(
        label="Áp dụng cho kỳ hết từ ngày",
        help_text="Kỳ hết trước ngày này vẫn theo quy định cũ. Ngày đã qua thì kỳ đã hết từ ngày đó cũng phải nộp.",
    )

    class Meta:
        model = Duty
        fields = (
            "name", "whose", "every", "form_code", "narrative", "entered", "due_days", "entry_days",
            "effective_from",
        )  # fmt: skip
        help_texts: ClassVar[dict[str, str]] = {
            "due_days": "3: kỳ hết ngày 14 thì hạn là ngày 17; rơi vào ngày nghỉ thì ngày làm việc sau.",
        }

    helper = laid(
        "name",
        line("whose", "every", "form_code"),
        "narrative",
        "entered",
        line("due_days", "entry_days", "effective_from"),
    )

    def __init__(self, data: Any = None, *, source: Duty | None = None) -> None:
        """`source`: the one that it replaces."""
        initial = {"due_days": 3, "entry_days": 3}
        if source is not None:
            initial = {name: getattr(source, name) for name in self.Meta.fields}
            initial["effective_from"] = None  # type: ignore[assignment]
        super().__init__(data, initial=initial)
        codes = ReportForm.objects.exclude(source=Source.LIST).order_by("code")
        known = list(dict.fromkeys(codes.values_list("code", flat=True)))
        choices = [("", "Không có biểu"), *((code, code) for code in known)]
        self.fields["form_code"] = forms.ChoiceField(
            label="Biểu số liệu", choices=choices, required=False
        )
        chosen = {
            "whose": ("Chọn cơ quan", Duty.Whose.choices),
            "every": ("Chọn kỳ", Duty.Every.choices),
        }
        for name, (words, known_ones) in chosen.items():
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label,
                choices=[("", words), *known_ones],
                error_messages={"required": f"Hãy c{words[1:]}."},
            )
        for name in ("due_days", "entry_days"):
            self.fields[name].validators += [MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
            self.fields[name].error_messages |= _NUMBER


_NUMBER = {
    "invalid": "Hãy nhập số ngày, ví dụ 3.",
    "min_value": "Hãy nhập từ 1 ngày trở lên.",
}


class StopForm(forms.Form):
    """From when on a duty is no more."""

    effective_from = DayField(label="Thôi từ kỳ hết vào ngày")

    helper = laid("effective_from")

    def __init__(self, data: Any = None) -> None:
        # Stands below the form of the duty.
        super().__init__(data, auto_id="stop_%s")

    @property
    def last(self) -> Any:
        return self.cleaned_data["effective_from"] - timedelta(days=1)


def _points(label: str) -> AmountField:
    return AmountField(
        label=label,
        min_value=0,
        max_value=MOST_OFF,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": "Hãy nhập số điểm, ví dụ 0,25."},
    )


def _days(label: str) -> forms.IntegerField:
    least = {"min_value": "Hãy nhập từ 0 ngày trở lên."}
    return forms.IntegerField(
        label=label, min_value=0, max_value=MOST_DAYS, error_messages=_NUMBER | least
    )


class RuleForm(forms.Form):
    """How reports are judged from a day on."""

    late = _points("Trừ khi gửi trễ")
    poor = _points("Trừ khi chưa đạt chất lượng")
    missing = _points("Trừ khi không gửi")
    missing_after = _days("Quá hạn bao nhiêu ngày thì coi là không gửi")
    repair_days = _days("Số ngày để sửa báo cáo bị trả lại")
    remind_before = _days("Nhắc trước hạn bao nhiêu ngày")
    effective_from = DayField(
        label="Áp dụng cho kỳ hết từ ngày",
        help_text="Ngày đã qua thì kỳ đã hết từ ngày đó được chấm lại. Trùng ngày với lần đặt trước thì sửa lần đó.",
    )

    helper = laid(
        line("late", "poor", "missing"),
        line("missing_after", "repair_days", "remind_before"),
        "effective_from",
    )

    def __init__(self, data: Any = None, *, rule: Any = None) -> None:
        """`rule`: what holds now."""
        initial = {}
        if rule is not None:
            known = (name for name in self.base_fields if hasattr(rule, name))
            initial = {name: getattr(rule, name) for name in known}
            for name in ("late", "poor", "missing"):
                initial[name] = f"{initial[name]:f}".replace(".", ",")
        super().__init__(data, initial=initial)

    @property
    def row(self) -> DutyRule:
        """What was typed; points as hundredths."""
        said = dict(self.cleaned_data)
        for name in ("late", "poor", "missing"):
            said[name] = int(said[name] * 100)
        return DutyRule(**said)


class OutageForm(forms.Form):
    """The reporting system stood still."""

    from_day = day_field("Từ ngày", required=True)
    to_day = day_field("Đến hết ngày", help_text="Để trống khi chưa khắc phục.")
    basis = TextField(label="Căn cứ", says=WORDS, max_length=300,
                      help_text="Văn bản, thông báo của đơn vị quản lý hệ thống.")  # fmt: skip

    helper = laid(line("from_day", "to_day"), "basis")


class OutageEndForm(forms.Form):
    """The reporting system works again."""

    to_day = day_field(
        "Sự cố hết ngày",
        required=True,
        help_text="Ghi nhầm thì ghi ngày trước ngày bắt đầu: không tính ngày nào.",
    )

    helper = laid("to_day")

    def __init__(self, data: Any = None, *, outage: int, ended: date | None = None) -> None:
        """`ended`: the day that is to be corrected."""
        # Each stands beside its outage.
        super().__init__(data, auto_id=f"outage_{outage}_%s", initial={"to_day": ended})
