"""What a controller writes of the parts that bind no dossier."""

from __future__ import annotations

from typing import Any

from django import forms

from onestop.forms import NAME, TextField
from onestop.layout import Maybe, laid, line
from procedures.models import Part, ProcedureTexts
from procedures.models.texts import MAY_BE_NONE
from procedures.reading.remaining import (
    LONGEST,
    LONGEST_NAME,
    MOST_FORMS,
    is_safe_link,
    lines_of,
)


class TextsForm(forms.Form):
    steps = TextField(
        label="Trình tự thực hiện",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Mỗi dòng một bước",
    )
    requirements = TextField(
        label="Yêu cầu, điều kiện",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    links = TextField(
        label="Mẫu đơn, mẫu tờ khai",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi dòng một mẫu. Có liên kết thì ghi thêm: Tờ khai đăng ký | https://…",
    )
    kept_files = forms.TypedMultipleChoiceField(
        label="Tệp mẫu đang có",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Bỏ chọn để thôi hiện",
    )
    file_name = TextField(says=NAME, label="Tên mẫu thêm", required=False, max_length=LONGEST_NAME)
    file = forms.FileField(
        label="Tệp của mẫu thêm",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".docx,.pdf,.odt,.xlsx"}),
    )
    none_of = forms.MultipleChoiceField(
        label="Không có",
        required=False,
        choices=[(part.value, part.label) for part in MAY_BE_NONE],
        widget=forms.CheckboxSelectMultiple,
        help_text="Chỉ chọn khi văn bản nói là không có. Chưa biết thì để trống: trang công khai ghi “chưa ghi”.",
    )

    helper = laid(
        "steps", "requirements", "links", Maybe("kept_files"), line("file_name", "file"), "none_of"
    )

    def __init__(self, *args: Any, stands: ProcedureTexts | None, **kwargs: Any) -> None:
        self.kept = [one for one in (stands.forms if stands else []) if "file" in one]
        if stands is not None:
            kwargs["initial"] = {
                "steps": stands.steps,
                "requirements": stands.requirements,
                "links": "\n".join(_line(one) for one in stands.forms if "file" not in one),
                "kept_files": [one["file"] for one in self.kept],
                "none_of": stands.none_of,
            }
        super().__init__(*args, **kwargs)
        self.fields["kept_files"].choices = [(one["file"], one["name"]) for one in self.kept]  # type: ignore[attr-defined]
        if not self.kept:
            del self.fields["kept_files"]

    def clean_links(self) -> list[dict[str, str]]:
        found = []
        for number, text in enumerate(self.cleaned_data["links"].splitlines(), start=1):
            name, _, url = (part.strip() for part in text.partition("|"))
            if not name and not url:
                continue
            if not name or (url and not is_safe_link(url)):
                raise forms.ValidationError(
                    f"Dòng {number}: ghi tên mẫu, rồi dấu | và liên kết bắt đầu bằng https://."
                )
            found.append({"name": name[:LONGEST_NAME], "url": url})
        if len(found) > MOST_FORMS:
            raise forms.ValidationError(f"Nhiều nhất {MOST_FORMS} mẫu.")
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("file") and not data.get("file_name"):
            self.add_error("file_name", "Hãy ghi tên của mẫu đính kèm.")
        if data.get("file_name") and not data.get("file") and "file" not in self.errors:
            self.add_error("file", "Hãy chọn tệp của mẫu này.")
        filled = {
            Part.FORMS: data.get("links") or data.get("kept_files") or data.get("file"),
            Part.REQUIREMENTS: data.get("requirements"),
        }
        for part in data.get("none_of", []):
            if filled.get(Part(part)):
                label = Part(part).label.lower()
                self.add_error("none_of", f"Đã ghi {label} thì không chọn “không có” ở mục đó.")
        return data

    def says(self) -> dict[str, Any]:
        data = self.cleaned_data
        chosen = set(data.get("kept_files", []))
        return {
            "steps": lines_of(data["steps"]),
            "requirements": lines_of(data["requirements"]),
            "forms": [*data["links"], *(one for one in self.kept if one["file"] in chosen)],
            "none_of": sorted(data["none_of"]),
        }

    @property
    def another(self) -> tuple[str, Any] | None:
        """The name and file of a form that is added."""
        data = self.cleaned_data
        return (data["file_name"], data["file"]) if data.get("file") else None


def _line(one: dict[str, str]) -> str:
    return f"{one['name']} | {one['url']}" if one.get("url") else one["name"]
