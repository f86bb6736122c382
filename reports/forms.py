"""What people type on the pages of reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from onestop.accounts.models import Agency, Department
from onestop.errors import DomainError, sentence
from onestop.forms import WORDS, TextField
from onestop.layout import laid
from reports.models import LateCause, ReportForm
from reports.periods import Period, parse


class WantedReport(forms.Form):
    """Which report to open: form, agency and period."""

    field_order = ("bieu", "coquan", "ky")
    ky = forms.CharField(label="Kỳ báo cáo", max_length=25)

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

    def clean_ky(self) -> Period:
        try:
            return parse(self.cleaned_data["ky"])
        except DomainError as error:
            raise forms.ValidationError(sentence(error), code=error.code) from error


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
        # Nothing is chosen beforehand: the first one would be said of dossiers without a thought.
        choices=[("", "Chọn nguyên nhân"), *LateCause.Cause.choices],
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

    def __init__(self, data: Any, *, agency_id: int, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        rooms = Department.objects.filter(agency=agency_id).order_by("order", "name")
        self.fields["department"].queryset = rooms  # type: ignore[attr-defined]
        self.helper = laid(*self.fields)
