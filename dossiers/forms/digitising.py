"""The scan of a signed paper with what is said of it, and whether it is as the paper is."""

from __future__ import annotations

from typing import Any

from django import forms

from dossiers.acts.digitising import Digitised
from dossiers.forms.fields import reason_field, short_field
from onestop.errors import say
from onestop.files import kinds
from onestop.forms import day_field
from onestop.layout import Maybe, laid, line


class DigitiseForm(forms.Form):
    """Nothing of how long the paper holds is proposed: it stands on the paper."""

    # One of the two is needed: the form says so, not the browser.
    sometimes = frozenset({"valid_to"})

    file = forms.FileField(
        label="Bản quét kết quả đã ký",
        help_text="PDF hoặc ảnh, đủ mọi trang, thấy rõ chữ ký và dấu.",
        widget=forms.FileInput(attrs={"accept": kinds.ACCEPT_SCANS}),
        error_messages={"required": "Hãy chọn bản quét của kết quả đã ký."},
    )
    abstract = short_field("Trích yếu nội dung", required=True, limit=500)
    issuer = short_field("Cơ quan ban hành", required=True)
    valid_to = day_field(
        "Có hiệu lực đến hết ngày", help_text="Theo đúng bản giấy; ngày này vẫn còn hiệu lực."
    )
    permanent = forms.BooleanField(label="Có hiệu lực vô thời hạn", required=False)
    scope = short_field(
        "Phạm vi có hiệu lực",
        required=True,
        help_text="Ví dụ: toàn quốc; trong tỉnh; tại địa điểm ghi trên giấy phép.",
    )
    sign = forms.BooleanField(
        label="Ký số bản số hóa bằng chữ ký của cơ quan",
        required=False,
        help_text="Chỉ ký tệp PDF. Bản đã ký có giá trị ngay, không chờ người khác kiểm tra.",
    )

    helper = laid(
        "file", "abstract", "issuer", line("valid_to", "permanent"), "scope", Maybe("sign")
    )

    def __init__(self, *args: Any, signs: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not signs:
            del self.fields["sign"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        both_or_none = bool(data.get("permanent")) == bool(data.get("valid_to"))
        if both_or_none and "valid_to" not in self.errors:
            self.add_error("valid_to", say("digitised_validity"))
        return data

    @property
    def value(self) -> Digitised:
        names = ("issuer", "abstract", "scope", "valid_to", "permanent")
        return Digitised(**{name: self.cleaned_data[name] for name in names})


class CheckForm(forms.Form):
    """The words are needed where the scan is not as the paper is: the act asks for them."""

    answer = reason_field("Nếu không đúng: sai ở đâu", required=False, rows=2, limit=300)

    helper = laid("answer")
