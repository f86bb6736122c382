"""How a controller writes a form of report: one line a column, one line an identity."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from django import forms

from onestop.errors import DomainError, say
from onestop.forms import DayField
from onestop.layout import laid
from onestop.once import once
from reports import notation, wordings
from reports.figures.entered import FIRST, KINDS, MARKS
from reports.figures.measures import MEASURES, OUTSIDE, SHARES
from reports.figures.rows import KEYS
from reports.models import ReportForm, RowKind, Source
from reports.notation import COLUMN
from reports.periods import Kind

# What a page of entry sends at most.
MOST_CELLS = 3_000
_CODE = re.compile(r"[^\W_][\w.\-/]*")
COLUMN_HINT = "Mỗi dòng một cột: số cột | tên cột, cấp trên cách cấp dưới bằng dấu > | số đo (bỏ trống khi chưa có số liệu)"
ENTERED_HINT = "Mỗi dòng một cột: số cột | tên cột, cấp trên cách cấp dưới bằng dấu > | từ kỳ trước hoặc còn cuối kỳ (nếu kỳ sau lấy số kỳ trước)"
IDENTITY_HINT = "Mỗi dòng một đẳng thức phải đúng ở mọi dòng của biểu, ví dụ 3 = 4 + 5 + 6, hoặc nhiều vế 3 = 4 + 5 = 6 + 7"


class ColumnsField(forms.CharField):
    """Columns as text lines ↔ the rows that ReportForm keeps."""

    widget = forms.Textarea(attrs={"rows": 14, "class": "code"})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            lines = (
                f"{one['number']} | {' > '.join(one['path'])} | {one.get('measure', '')}".rstrip()
                for one in value
            )
            return "\n".join(lines)
        return value

    def to_python(self, value: Any) -> Any:
        return [_column(line) for line in _lines(super().to_python(value))]


class EnteredColumnsField(ColumnsField):
    """The same of a form that is entered by hand: its measures are marks, written in words."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            value = [one | {"measure": MARKS.get(one["measure"], one["measure"])} for one in value]
        return super().prepare_value(value)

    def to_python(self, value: Any) -> Any:
        names = {words: name for name, words in MARKS.items()}
        return [
            one | {"measure": names.get(one["measure"].lower(), one["measure"])}
            for one in super().to_python(value)
        ]


def _lines(text: str | None) -> Iterable[str]:
    return (line.strip() for line in (text or "").splitlines() if line.strip())


def _column(line: str) -> dict[str, Any]:
    number, _, rest = line.partition("|")
    names, _, measure = rest.partition("|")
    path = [part.strip() for part in names.split(">") if part.strip()]
    if not (COLUMN.fullmatch(number.strip()) and path):
        raise forms.ValidationError(
            f"Không đọc được dòng “{line}”. Hãy viết: số cột | tên cột | số đo."
        )
    return {"number": number.strip(), "path": path, "measure": measure.strip()}


class IdentitiesField(forms.CharField):
    """Identities as text lines ↔ [[whole, [parts]], …]."""

    widget = forms.Textarea(attrs={"rows": 5, "class": "code"})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(notation.written(value))
        return value

    def to_python(self, value: Any) -> Any:
        try:
            return notation.read_all(super().to_python(value) or "")
        except notation.NotRead as error:
            raise forms.ValidationError(str(error)) from error


class NotesField(forms.CharField):
    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return list(_lines(super().to_python(value)))


class VariantsField(forms.CharField):
    """Variants as text lines ↔ what ReportForm keeps (wordings.py)."""

    widget = forms.Textarea(attrs={"rows": 6})
    known: wordings.Variants

    def prepare_value(self, value: Any) -> Any:
        return wordings.written(value) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        return wordings.read(_lines(super().to_python(value)), self.known)


# After which periods an agency can owe a form; the law's own are quarter and year (legal lines of the
# shipped forms), months and halves are as the province says.
OWED = [
    (Kind.MONTH.value, "Tháng"),
    (Kind.QUARTER.value, "Quý"),
    (Kind.HALF.value, "6 tháng"),
    (Kind.YEAR.value, "Năm"),
]
OWED_HINT = "Hết mỗi kỳ được chọn, dự thảo tự lập cho từng cơ quan và kiểm soát viên được báo"


def _check_entered(numbers: Sequence[str], marks: Sequence[str]) -> None:
    if int(min(numbers, key=int)) < FIRST:
        raise forms.ValidationError(
            "Cột (1) là số thứ tự, cột (2) là tên dòng: số liệu từ cột (3)."
        )
    if len(set(marks)) < len(marks) or (marks and set(marks) != MARKS.keys()):
        raise forms.ValidationError(
            "Kỳ sau lấy số kỳ trước thì cần đúng một cột “từ kỳ trước” và một cột “còn cuối kỳ”."
        )


class NewForm(forms.ModelForm[ReportForm]):
    """A copy of a form that takes its place from a day on."""

    columns = ColumnsField(label="Các cột", help_text=COLUMN_HINT)
    identities = IdentitiesField(label="Các đẳng thức", help_text=IDENTITY_HINT, required=False)
    fixed_rows = NotesField(label="Các dòng cố định, mỗi dòng một tên", required=False)
    fed_by = forms.CharField(
        label="Cộng từ biểu đã ký của cấp dưới",
        max_length=40,
        required=False,
        help_text="Mã biểu nhập tay của từng cơ quan, như II.05a; bỏ trống nếu biểu này tự nhập",
    )
    notes = NotesField(label="Ghi chú cuối biểu, mỗi dòng một ý", required=False)
    variants = VariantsField(label="Các cách ghi khác", help_text=wordings.HINT, required=False)
    owed = forms.MultipleChoiceField(
        label="Phải lập sau mỗi kỳ",
        choices=OWED,
        required=False,
        help_text=OWED_HINT,
        widget=forms.CheckboxSelectMultiple,
    )
    effective_from = DayField(label="Có hiệu lực từ ngày")

    class Meta:
        model = ReportForm
        fields: ClassVar[list[str]] = [
            "code", "number", "title", "legal", "row_kind", "reach", "fed_by", "row_label", "unit", "columns",
            "fixed_rows", "identities", "notes", "variants", "owed", "effective_from",
        ]  # fmt: skip

    def __init__(self, data: Any, *, source: ReportForm) -> None:
        """`source`: the form that is copied; what this page does not edit stays as it is there."""
        copy = ReportForm(
            **{
                one.attname: getattr(source, one.attname)
                for one in ReportForm._meta.concrete_fields
                if not one.primary_key
            }
        )
        copy.effective_to = None
        super().__init__(data, instance=copy, initial={"effective_from": None})
        self.source = source
        if source.source == Source.ENTERED:
            self._asks_entered()
        else:
            for name in ("fixed_rows", "fed_by"):
                del self.fields[name]
        if source.source == Source.DOSSIERS:
            kinds = [one for one in RowKind.choices if one[0] in KEYS]
            self.fields["row_kind"] = forms.ChoiceField(label="Mỗi dòng là", choices=kinds)
            self.fields["variants"].known = source.variants  # type: ignore[attr-defined]
        elif source.source != Source.ENTERED:
            # What these count, and how, is not a matter of configuration.
            for name in ("row_kind", "reach", "variants"):
                del self.fields[name]
        if not source.is_signed_form:
            del self.fields["owed"]
        self.helper = laid(*self.fields)

    def _asks_entered(self) -> None:
        label = self.fields["columns"].label
        self.fields["columns"] = EnteredColumnsField(label=label, help_text=ENTERED_HINT)
        kinds = [(one.value, one.label) for one in KINDS]
        self.fields["row_kind"] = forms.ChoiceField(label="Mỗi dòng là", choices=kinds)
        del self.fields["variants"]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if self.source.source != Source.ENTERED:
            return code
        if not _CODE.fullmatch(code):
            raise forms.ValidationError("Mã biểu gồm chữ, số, dấu chấm, gạch, như II.03a.")
        if ReportForm.objects.exclude(source=Source.ENTERED).filter(code=code).exists():
            raise forms.ValidationError(f"Biểu {code} do phần mềm tính. Hãy chọn mã khác.")
        return code

    def clean_fed_by(self) -> str:
        code: str = self.cleaned_data["fed_by"]
        known = ReportForm.objects.filter(source=Source.ENTERED, fed_by="", code=code)
        if code and (code == self.data.get("code") or not known.exists()):
            raise forms.ValidationError(f"Không có biểu nhập tay “{code}”. Hãy ghi mã biểu đã nạp.")
        return code

    def clean_columns(self) -> list[dict[str, Any]]:
        columns: list[dict[str, Any]] = self.cleaned_data["columns"]
        numbers = [one["number"] for one in columns]
        if len(set(numbers)) < len(numbers):
            raise forms.ValidationError("Có hai cột cùng số. Mỗi cột một số.")
        unknown = [one["measure"] for one in columns if not self._knows(one["measure"])]
        if unknown:
            raise forms.ValidationError(
                f"Chưa có số đo {', '.join(unknown)}. Hãy chọn trong danh sách số đo ở dưới."
                if self.source.source == Source.DOSSIERS
                else f"Không hiểu “{', '.join(unknown)}” ở cuối dòng. Hãy ghi: {', '.join(MARKS.values())}, hoặc bỏ trống."
            )
        if self.source.source == Source.ENTERED:
            _check_entered(numbers, [one["measure"] for one in columns if one["measure"]])
        return columns

    def _knows(self, measure: str) -> bool:
        if self.source.source == Source.DOSSIERS:
            return not measure or measure in MEASURES or measure in OUTSIDE | SHARES.keys()
        if self.source.source == Source.ENTERED:
            return not measure or measure in MARKS
        return measure in {"", *(one.measure for one in self.source.columns_of())}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        numbers = {one["number"] for one in found.get("columns", [])}
        for column, measure in wordings.named(found.get("variants") or {}):
            if column not in numbers or not self._knows(measure):
                self.add_error("variants", f"Cột {column} hoặc số đo {measure or '—'} không có.")
        for whole, parts in found.get("identities", []):
            if missing := {whole, *parts} - numbers:
                self.add_error("identities", f"Không có cột {', '.join(sorted(missing))}.")
        if found.get("row_kind") == RowKind.FIXED and not found.get("fixed_rows"):
            self.add_error("fixed_rows", "Biểu có dòng cố định thì phải ghi tên các dòng.")
        if len(found.get("fixed_rows") or []) * (len(numbers) + 1) > MOST_CELLS:
            self.add_error(
                "fixed_rows", "Biểu quá lớn để nhập trên một trang. Hãy chia làm nhiều biểu."
            )
        self._check_outside(found)
        day, code = found.get("effective_from"), found.get("code")
        if day and ReportForm.objects.filter(code=code, effective_from__gte=day).exists():
            self.add_error("effective_from", say("form_twice"))
        return found

    def _check_outside(self, found: dict[str, Any]) -> None:
        """What is not counted by dossiers is known by office only."""
        outside = [o["number"] for o in found.get("columns", []) if o["measure"] in OUTSIDE]
        if outside and found.get("row_kind", RowKind.UNIT) not in (
            RowKind.UNIT,
            RowKind.LEVEL_UNIT,
        ):
            self.add_error(
                "columns",
                f"Cột {', '.join(outside)} chỉ đếm được theo cơ quan. Hãy chọn mỗi dòng là một cơ quan,"
                " đơn vị, hoặc bỏ trống số đo của cột.",
            )

    def take_over(self) -> ReportForm:
        """Save it; the form of the same code that was in force ends the day before. Errors:
        DomainError("form_twice") where somebody was faster.
        """
        day = self.cleaned_data["effective_from"]
        with once(DomainError("form_twice", field="effective_from")):
            older = ReportForm.objects.filter(code=self.instance.code, effective_to=None)
            older.update(effective_to=day - timedelta(1))
            return self.save()
