"""What a signed-in citizen is asked."""

from __future__ import annotations

from typing import Any

from django import forms

from dossiers.acts.scanning import MOST_FILES
from dossiers.forms.scanning import SeveralFiles, SeveralFilesField
from onestop.errors import say
from onestop.files import kinds
from onestop.layout import laid


class SendPapersForm(forms.Form):
    file = SeveralFilesField(
        label="Tệp giấy tờ",
        help_text=f"PDF, ảnh chụp hoặc ảnh quét rõ chữ; chọn được nhiều tệp (đến {MOST_FILES} tệp mỗi lần).",
        # With pictures named as such a telephone offers its camera.
        widget=SeveralFiles(attrs={"accept": f"image/*,{kinds.ACCEPT}"}),
        required=False,
    )

    helper = laid("file")

    def clean_file(self) -> list[Any]:
        files: list[Any] = self.cleaned_data["file"]
        if not files:
            raise forms.ValidationError("Đề nghị Ông/Bà chọn tệp cần gửi.")
        if len(files) > MOST_FILES:
            raise forms.ValidationError(say("citizen_papers_many", {"most": MOST_FILES}))
        return files
