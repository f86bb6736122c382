"""What an office decides for itself."""

from datetime import date
from typing import Any

from django import forms

from dossiers.intake.codes import sample_code
from dossiers.models import OfficeSettings
from onestop.forms import day_field, text_fields
from onestop.layout import laid

# Nobody's result leaves the counter sooner.
LEAST_DAYS = 30


class OfficeForm(forms.ModelForm[OfficeSettings]):
    live_from = day_field(
        "Ngày bắt đầu dùng phần mềm",
        help_text="Hồ sơ xảy ra trước ngày này được nhập từ hệ thống trước mà không cần xác nhận thêm.",
    )

    archive_after = forms.IntegerField(
        label="Chuyển kết quả chưa có người nhận vào lưu trữ sau (ngày)",
        required=False,
        max_value=3650,
        help_text="Tính từ khi có kết quả, từ 30 ngày trở lên, và đã báo ít nhất 2 lần. Để trống: không chuyển.",
    )

    helper = laid(
        "live_from",
        "archive_after",
        "code_pattern",
        "lookup_shows_promise",
        "self_approval_decision",
    )

    class Meta:
        model = OfficeSettings
        formfield_callback = text_fields
        fields = (
            "code_pattern",
            "live_from",
            "archive_after",
            "lookup_shows_promise",
            "self_approval_decision",
        )
        labels = {
            "code_pattern": "Mẫu mã hồ sơ",
            "lookup_shows_promise": "Tra cứu chỉ bằng mã hồ sơ cũng cho xem ngày hẹn trả",
            "self_approval_decision": "Văn bản cho phép tự duyệt việc mình xử lý",
        }
        help_texts = {
            "code_pattern": "{unit} là phần đơn vị, {day:%y%m%d} là ngày tiếp nhận, {number:04d} là số thứ tự trong ngày.",
            "self_approval_decision": "Để trống: không ai được duyệt việc do chính mình xử lý. Ví dụ: 12/QĐ-UBND ngày 05/01/2026.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["archive_after"] = self.instance.archive_after or None

    def clean_archive_after(self) -> int:
        days = self.cleaned_data["archive_after"] or 0
        if 0 != days < LEAST_DAYS:
            raise forms.ValidationError(f"Ít nhất {LEAST_DAYS} ngày, hoặc để trống.")
        return int(days)

    def clean_code_pattern(self) -> str:
        pattern: str = self.cleaned_data["code_pattern"]
        sample = sample_code(pattern, "H99.01", date(2026, 1, 31))
        if not sample.startswith("H99.01-260131-"):
            raise forms.ValidationError(
                "Mẫu này không cho ra mã đúng quy định. Mã phải là phần đơn vị, ngày (năm tháng ngày) và số thứ tự 4–7 chữ số, "
                "ví dụ {unit}-{day:%y%m%d}-{number:04d}."
            )
        return pattern
