"""What a signed-in citizen is asked."""

from __future__ import annotations

from typing import Any

from django import forms

from dossiers.acts.scanning import MOST_FILES
from dossiers.acts.sent import MOST_SENT, MOST_WAITING
from dossiers.forms.scanning import SeveralFiles, SeveralFilesField
from onestop.errors import say
from onestop.files import kinds
from onestop.layout import laid


class SendPapersForm(forms.Form):
    """`waiting`, `back`: how many files wait for the request already, how many were taken back; asked
    before anything of them is kept.
    """

    file = SeveralFilesField(
        label="Tệp giấy tờ",
        help_text=f"PDF, ảnh chụp hoặc ảnh quét rõ chữ; chọn được nhiều tệp (đến {MOST_FILES} tệp mỗi lần).",
        widget=SeveralFiles(attrs={"accept": kinds.ACCEPT}),
        required=False,
    )

    helper = laid("file")

    def __init__(self, *args: Any, waiting: int = 0, back: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting, self.back = waiting, back

    def clean_file(self) -> list[Any]:
        files: list[Any] = self.cleaned_data["file"]
        if not files:
            raise forms.ValidationError("Đề nghị Ông/Bà chọn tệp cần gửi.")
        if len(files) > MOST_FILES:
            raise forms.ValidationError(say("citizen_papers_many", {"most": MOST_FILES}))
        if self.waiting + len(files) > MOST_WAITING:
            raise forms.ValidationError(say("citizen_papers_enough", {"most": MOST_WAITING}))
        if self.back + self.waiting + len(files) > MOST_SENT:
            raise forms.ValidationError(say("citizen_papers_back_often"))
        return files
