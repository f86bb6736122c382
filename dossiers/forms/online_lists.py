"""The forms around a portal's lists: the upload, what was settled on the portal, a source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from dossiers.intake.portal_codes import fault_of, patterns_in
from dossiers.models import OnlineSource
from onestop.accounts.models import Agency
from onestop.errors import say
from onestop.forms import WORDS, NameField, TextField, table_field
from onestop.layout import laid, line

if TYPE_CHECKING:
    from django.db.models import QuerySet


class UploadForm(forms.Form):
    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label="Danh sách của",
        empty_label=None,
        error_messages={
            "required": "Hãy chọn Bộ phận Một cửa.",
            "invalid_choice": "Hãy chọn trong danh sách.",
        },
    )
    source = forms.ModelChoiceField(
        OnlineSource.objects.none(),
        label="Nguồn",
        empty_label=None,
        error_messages={
            "required": "Hãy chọn nguồn.",
            "invalid_choice": "Hãy chọn nguồn trong danh sách.",
        },
    )
    file = table_field(
        "Tệp danh sách",
        choose="Hãy chọn tệp danh sách của Cổng.",
        help_text="Xuất từ Cổng: .xlsx, .xls, .ods hoặc .csv. Tải lại cùng một tệp không làm đổi gì.",
    )

    helper = laid(line("agency", "source"), "file")

    def __init__(
        self,
        *args: Any,
        agencies: QuerySet[Agency],
        sources: QuerySet[OnlineSource],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["source"].queryset = sources  # type: ignore[attr-defined]


class RecordForm(forms.Form):
    is_part = forms.BooleanField(
        label="Danh sách này chỉ là một phần (vài ngày, vài trang), không phải mọi hồ sơ đang chờ",
        required=False,
        help_text="Đánh dấu thì hồ sơ không có trong danh sách không bị ghi là “không còn trong danh sách”.",
    )

    helper = laid("is_part")


class SettleForm(forms.Form):
    reason = TextField(
        label="Lý do",
        max_length=300,
        required=False,
        says=WORDS,
        help_text="Ví dụ: đã tiếp nhận trên hệ thống của Bộ Tư pháp ngày 20/11/2026; người dân rút trên Cổng.",
    )

    helper = laid("reason")


class SourceForm(forms.ModelForm[OnlineSource]):
    name = NameField(
        label="Tên nguồn", max_length=120, error_messages={"required": "Hãy nhập tên nguồn."}
    )
    code_pattern = TextField(
        label="Mẫu mã hồ sơ",
        max_length=300,
        help_text=(
            "# là một chữ số, #+ là một hoặc nhiều chữ số, * là chữ và số cách nhau bằng dấu chấm; chữ khác giữ nguyên. "
            "Nhiều mẫu cách nhau bằng dấu chấm phẩy. Ví dụ: H37.*-######-####+"
        ),
        error_messages={"required": "Hãy nhập mẫu mã."},
    )

    helper = laid(line("name", "code_pattern"))

    class Meta:
        model = OnlineSource
        fields = ("name", "code_pattern")
        error_messages = {"name": {"unique": "Đã có nguồn tên này."}}

    def clean_code_pattern(self) -> str:
        patterns = patterns_in(self.cleaned_data["code_pattern"])
        for one in patterns:
            if fault := fault_of(one):
                raise forms.ValidationError(say(f"online_pattern_{fault}"))
        if not patterns:
            raise forms.ValidationError(say("online_pattern_signs"))
        return "; ".join(patterns)
