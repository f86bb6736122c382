"""What people type on the pages of reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms

from onestop.accounts.models import Agency, Department
from onestop.errors import DomainError, say, sentence
from onestop.forms import WORDS, TextField, file_errors, table_field
from onestop.layout import laid, line
from reports.figures.lists import REGISTER
from reports.form_data import form_on
from reports.models import ReportForm
from reports.models.cause import WITH_DETAIL, causes_on
from reports.periods import Period, parse

if TYPE_CHECKING:
    from django.db.models import QuerySet

LEFT_OUT = "-"


class PeriodField(forms.CharField):
    """A period as people write it; a Period."""

    def __init__(self, **more: Any) -> None:
        super().__init__(label="Kỳ báo cáo", max_length=25, **more)

    def clean(self, value: Any) -> Period:
        try:
            return parse(super().clean(value))
        except DomainError as error:
            raise forms.ValidationError(sentence(error), code=error.code) from error


class WantedReport(forms.Form):
    """Which report to open: form, agency and period."""

    field_order = ("bieu", "coquan", "ky")
    ky = PeriodField()

    def __init__(
        self, data: Any, *, known: Sequence[ReportForm], agencies: Sequence[Agency], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        titles = [
            (one.code, f"{one.code}: {one.words}" if one.called == one.code else one.words)
            for one in known
        ]
        offices = [(one.code, one.name) for one in agencies]
        self.fields["bieu"] = forms.ChoiceField(label="Biểu mẫu", choices=titles)
        self.fields["coquan"] = forms.ChoiceField(label="Cơ quan", choices=offices)
        self.order_fields(self.field_order)
        self.known = {one.code: one for one in known}

    def clean_bieu(self) -> ReportForm:
        return self.known[self.cleaned_data["bieu"]]

    def clean(self) -> dict[str, Any]:
        """What the address would answer with 404 (views.statutory.place_of) is said here."""
        said = super().clean() or {}
        form, period = said.get("bieu"), said.get("ky")
        if form is None or period is None:
            return said
        if period.is_book and form.code != REGISTER:
            self.add_error("ky", say("period_of_register", {"form": form.called}))
            return said
        try:
            form_on(form.code, period.last)
        except DomainError as error:
            self.add_error("ky", sentence(error))
        return said


class BroughtUpload(forms.Form):
    """A table of units that do not work with this system."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label="Vào biểu tổng hợp của",
        empty_label=None,
        error_messages={
            "required": "Hãy chọn cơ quan tổng hợp.",
            "invalid_choice": "Hãy chọn cơ quan trong danh sách.",
        },
    )
    ky = PeriodField(
        help_text="Kỳ của số liệu trong tệp, gõ như 2026Q3, 2026M10, 2026-10, 2026-05-01..2026-07-31.",
        error_messages={"required": "Hãy nhập kỳ của số liệu trong tệp."},
    )
    file = table_field(
        "Tệp số liệu",
        choose="Hãy chọn tệp số liệu.",
        help_text="Bảng theo đơn vị: .xlsx, .xls, .ods hoặc .csv. Xem trước rồi mới ghi; tải lại cùng một tệp không cộng hai lần.",
    )

    helper = laid(line("agency", "ky"), "file")

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]


class FormFile(forms.Form):
    """A form of report that is entered by hand, as a file says it."""

    file = forms.FileField(
        label="Tệp biểu mẫu",
        help_text="Mẫu tải ở dưới đã điền, hoặc bảng trong thông tư: .xlsx, .xls, .ods; hay .json. Xem trước rồi mới cho hiệu lực.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.json"}),
        error_messages=file_errors("Hãy chọn tệp biểu mẫu."),
    )

    helper = laid("file")


class UnitsForm(forms.Form):
    """Which unit each line is of whose name does not say so. Nothing is chosen beforehand; a line
    may stay open.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        asked: Sequence[tuple[int, str, Sequence[Agency]]],
        units: Sequence[Agency],
    ) -> None:
        super().__init__(data)
        self.labels = {f"dong-{number}": label for number, label, _ in asked}
        every = [(one.code, f"{one.name} ({one.code})") for one in units]
        for number, label, alike in asked:
            near = [(one.code, f"{one.name} ({one.code})") for one in alike]
            self.fields[f"dong-{number}"] = forms.ChoiceField(
                label=f"Dòng {number}: {label}",
                required=False,
                choices=[
                    ("", "Chưa chọn"),
                    (LEFT_OUT, "Bỏ qua, không phải đơn vị của biểu"),
                    *([("Tên gần giống", near)] if near else []),
                    ("Mọi đơn vị", every),
                ],
                help_text=f"Tên gần giống: {', '.join(one.name for one in alike)}" if alike else "",
                error_messages={"invalid_choice": "Hãy chọn đơn vị trong danh sách."},
            )
        self.helper = laid(*self.fields)

    @property
    def choices(self) -> dict[str, str]:
        """The code by the label, "" for what is left out; without those that are still open."""
        said = {self.labels[name]: code for name, code in self.cleaned_data.items() if code}
        return {label: "" if code == LEFT_OUT else code for label, code in said.items()}


class ReasonForm(forms.Form):
    """Why a signed report goes back or out of force."""

    ly_do = TextField(
        label="Lý do",
        says=WORDS,
        max_length=500,
        error_messages={"required": "Hãy ghi lý do để người lập báo cáo biết phải sửa gì."},
    )


class CauseForm(forms.Form):
    """Why a dossier was late."""

    cause = forms.ChoiceField(
        label="Nguyên nhân",
        error_messages={"required": "Hãy chọn nguyên nhân."},
    )
    detail = TextField(
        label="Nói rõ",
        max_length=500,
        required=False,
        help_text="Cần khi do quy định hoặc nguyên nhân khác: thủ tục nào, quy định nào.",
    )
    department = forms.ModelChoiceField(
        label="Đơn vị chịu trách nhiệm",
        queryset=Department.objects.none(),
        empty_label="Chọn đơn vị",
    )

    def __init__(self, data: Any, *, agency_id: int, on: date, **kwargs: Any) -> None:
        """`on`: the day that it is said on, of which the list of causes is."""
        super().__init__(data, **kwargs)
        # Nothing is chosen beforehand: the first one would be said of dossiers without a thought.
        choices = [("", "Chọn nguyên nhân"), *((one.value, one.label) for one in causes_on(on))]
        self.fields["cause"].choices = choices  # type: ignore[attr-defined]
        rooms = Department.objects.filter(agency=agency_id).order_by("order", "name")
        self.fields["department"].queryset = rooms  # type: ignore[attr-defined]
        self.helper = laid(*self.fields)


class SayingForm(CauseForm):
    """The same of many, of agencies that the officer may say causes for."""

    def __init__(self, data: Any, *, agencies: Sequence[int], on: date) -> None:
        super().__init__(data, agency_id=0, on=on)
        rooms = Department.objects.filter(agency__in=agencies, is_active=True)
        self.fields["department"].queryset = rooms.order_by("agency", "order", "name")  # type: ignore[attr-defined]
        # Drawn by themselves in the bar of chosen rows.
        looks = {"cause": "form-select", "detail": "form-control", "department": "form-select"}
        for name, look in looks.items():
            self.fields[name].widget.attrs["class"] = look

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("cause") in WITH_DETAIL and not data.get("detail"):
            self.add_error("detail", say("cause_detail"))
        return data
