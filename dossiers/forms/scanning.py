"""What an officer adds of scans after the reception: the files, and what is still missing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from dossiers.acts.scanning import MOST_FILES
from dossiers.forms.fields import short_field
from onestop.errors import say
from onestop.files import kinds
from onestop.layout import Maybe, laid


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """As many files as are chosen in one press; the domain looks at each."""

    widget = SeveralFiles(attrs={"accept": kinds.ACCEPT_SCANS})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        # An empty file is refused by the domain, by its name; here it would go by unseen.
        self.allow_empty_file = True
        sent = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFilesField, self).clean(one, initial) for one in sent if one]


class AddScansForm(forms.Form):
    """`missing`: why the dossier is not scanned completely, as it stands."""

    file = SeveralFilesField(
        label="Bản quét",
        required=False,
        help_text=f"PDF hoặc ảnh, chọn được nhiều tệp (đến {MOST_FILES}). Số trang tự đếm từ nội dung tệp.",
    )
    reason = short_field(
        "Lý do chưa quét đủ",
        limit=200,
        list="ly-do-khong-quet",
        help_text="Để trống khi đã quét đủ mọi giấy tờ.",
    )

    signed = forms.BooleanField(
        label="Trong đó có biên nhận trả kết quả (hoặc trang sổ) đã ký", required=False
    )

    helper = laid("file", Maybe("signed"), "reason")

    def __init__(self, *args: Any, returned: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not returned:
            del self.fields["signed"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("file") and not data.get("reason") and not self.errors:
            self.add_error("file", say("scan_missing"))
        return data
