"""What an office decides for itself."""

from datetime import date

from django import forms

from dossiers.intake.codes import CODE
from dossiers.models import OfficeSettings
from onestop.forms import day_field, text_fields
from onestop.layout import laid


class OfficeForm(forms.ModelForm[OfficeSettings]):
    live_from = day_field(
        "Ngày bắt đầu dùng phần mềm",
        help_text="Hồ sơ xảy ra trước ngày này được nhập từ hệ thống trước mà không cần xác nhận thêm.",
    )

    helper = laid(
        "live_from",
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

    def clean_code_pattern(self) -> str:
        pattern: str = self.cleaned_data["code_pattern"]
        try:
            sample = pattern.format(unit="H99.01", day=date(2026, 1, 31), number=1)
        except (ValueError, KeyError, IndexError, AttributeError):
            sample = ""
        if not CODE.match(sample) or not sample.startswith("H99.01-260131-"):
            raise forms.ValidationError(
                "Mẫu này không cho ra mã đúng quy định. Mã phải là phần đơn vị, ngày (năm tháng ngày) và số thứ tự 4–7 chữ số, "
                "ví dụ {unit}-{day:%y%m%d}-{number:04d}."
            )
        return pattern
