"""What a controller types into a decision that publishes a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from onestop.errors import say
from onestop.forms import NAME, WORDS, TextField, day_field, file_errors
from onestop.layout import Fold, laid, line
from procedures.domain.lists import Head, LineIn
from procedures.models import CounterKind, Kind, Linkage, ListDecision, Maker, OnlineLevel

_BETWEEN = re.compile(r"[\s,;]+")
# The grounds that NĐ 224/2026 Đ14 knows.
_REASONS = "Được công khai. Ví dụ: phải có mặt, phải kiểm tra tại chỗ, sự cố kỹ thuật, vướng mắc kỹ thuật khác."


class HeadForm(forms.Form):
    """Number, dates, signer; which decision it corrects, if it does."""

    number = TextField(
        says=WORDS, label="Số quyết định", max_length=100, help_text="Ví dụ: 1234/QĐ-UBND"
    )
    signer = TextField(says=NAME, label="Người ký", max_length=200)
    signed_on = day_field("Ngày ký", required=True)
    effective_from = day_field(
        "Có hiệu lực từ", required=True, help_text="Tự có hiệu lực vào ngày này sau khi công bố"
    )
    about = TextField(says=WORDS, label="Trích yếu", max_length=500)
    maker = forms.TypedChoiceField(
        label="Thẩm quyền, trình tự",
        choices=Maker.choices,
        coerce=int,
        initial=Maker.PROVINCE,
        help_text="Hạn nhập cơ sở dữ liệu quốc gia tính theo mục này",
    )
    no_file_reason = TextField(
        says=WORDS,
        label="Lý do chưa có tệp quyết định",
        required=False,
        max_length=300,
        help_text="Chỉ ghi khi công bố mà không đính kèm bản PDF đã ký",
    )
    corrects = forms.ModelChoiceField(
        ListDecision.objects.none(),
        label="Đính chính quyết định",
        required=False,
        empty_label="Không đính chính",
    )

    helper = laid(
        line("number", "signer"), line("signed_on", "effective_from"), "about",
        line("maker", "corrects"), "no_file_reason",
    )  # fmt: skip

    def __init__(self, *args: Any, published: Any, on: date, **kwargs: Any) -> None:
        """`published`: the decisions that may be corrected; `on`: today, which none is signed after."""
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["corrects"].queryset = published  # type: ignore[attr-defined]

    def clean_signed_on(self) -> date:
        signed: date = self.cleaned_data["signed_on"]
        if signed > self.on:
            raise forms.ValidationError("Ngày ký không thể sau hôm nay.")
        return signed

    def head(self) -> Head:
        return Head(**{name: self.cleaned_data[name] for name in self.fields})


class LinesForm(forms.Form):
    """Codes, and what is said of all of them; said again, a line is said anew."""

    codes = TextField(
        label="Mã thủ tục",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=20_000,
        help_text="Mỗi dòng một mã, hoặc cách nhau bằng dấu phẩy. Mã đã có trong bản soạn được ghi lại.",
    )
    counters = forms.TypedMultipleChoiceField(
        label="Nơi tiếp nhận",
        choices=CounterKind.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Hãy chọn ít nhất một nơi tiếp nhận."},
    )
    kind = forms.TypedChoiceField(label="Hình thức công bố", choices=Kind.choices, coerce=int)
    at_counter = forms.TypedChoiceField(
        label="Tại Bộ phận Một cửa",
        choices=[("1", "Có tiếp nhận"), ("0", "Không tiếp nhận")],
        coerce=lambda text: text == "1",
    )
    why_not = TextField(label="Lý do không tiếp nhận", required=False, max_length=300)
    linkage = forms.TypedChoiceField(label="Liên thông", choices=Linkage.choices, coerce=int)
    online = forms.TypedChoiceField(label="Trực tuyến", choices=OnlineLevel.choices, coerce=int)
    online_why = TextField(
        label="Lý do chỉ trực tuyến một phần",
        required=False,
        max_length=300,
        help_text=_REASONS,
    )
    by_post = forms.TypedChoiceField(
        label="Bưu chính công ích",
        choices=[("1", "Có nhận"), ("0", "Không nhận")],
        coerce=lambda text: text == "1",
    )
    anywhere = forms.BooleanField(label="Phi địa giới", required=False)
    handled_by = TextField(label="Cơ quan giải quyết", required=False, max_length=300)
    coordinated_by = TextField(label="Cơ quan phối hợp", required=False, max_length=300)
    decided_by = TextField(label="Cơ quan quyết định", required=False, max_length=300)
    shortened = TextField(
        label="Thời hạn rút ngắn",
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ví dụ: 3 ngày làm việc. Khác nhau theo trường hợp thì mỗi dòng một trường hợp, “Cấp lại: 2 ngày làm việc”. Để trống nếu giữ thời hạn theo quy định.",
    )
    note = TextField(label="Ghi chú", required=False, max_length=500)

    helper = laid(
        "codes",
        "counters",
        line("kind", "at_counter", "why_not"),
        line("online", "by_post", "linkage"),
        "online_why",
        "shortened",
        Fold(
            "Cơ quan, phi địa giới, ghi chú",
            line("handled_by", "coordinated_by", "decided_by"),
            "anywhere",
            "note",
            css="more",
        ),
    )

    def clean_codes(self) -> list[str]:
        codes = [code for code in _BETWEEN.split(self.cleaned_data["codes"]) if code]
        if not codes:
            raise forms.ValidationError(say("procedures.list_no_codes"))
        return list(dict.fromkeys(codes))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("at_counter") is False and not data.get("why_not"):
            self.add_error("why_not", "Hãy ghi lý do không tiếp nhận tại Bộ phận Một cửa.")
        if wrong := _wrong_reason(data):
            self.add_error("online_why", wrong)
        return data

    def lines(self) -> Sequence[LineIn]:
        data = dict(self.cleaned_data)
        codes, counters = data.pop("codes"), [CounterKind(one) for one in data.pop("counters")]
        return [LineIn(code, counter, **data) for counter in counters for code in codes]


def _wrong_reason(data: dict[str, Any]) -> str:
    """Of why a service is on line only in part (R-94); "" where nothing is wrong."""
    part, why = data.get("online") == OnlineLevel.PART, data.get("online_why")
    if part and not why and data.get("kind") != Kind.ABOLISHED:
        return "Hãy ghi lý do chỉ trực tuyến một phần; lý do được công khai cùng danh mục."
    if why and "online" in data and not part:
        return "Chỉ ghi lý do này khi chọn “Trực tuyến một phần”."
    return ""


class ReasonForm(forms.Form):
    """Why the chosen services are on line only in part, and the draft that says so."""

    decision = forms.ModelChoiceField(
        ListDecision.objects.none(), label="Bản soạn", empty_label="Chọn bản soạn"
    )
    online_why = TextField(
        says=WORDS, label="Lý do chỉ trực tuyến một phần", max_length=300, help_text=_REASONS
    )

    helper = laid(line("decision", "online_why"))

    def __init__(self, *args: Any, drafts: QuerySet[ListDecision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].queryset = drafts  # type: ignore[attr-defined]


class ListFileForm(forms.Form):
    file = forms.FileField(
        label="Tệp danh mục",
        help_text="Bảng .xlsx, .ods hoặc .csv có cột Mã thủ tục và Nơi tiếp nhận (tỉnh, xã, chi nhánh). Trực tuyến một phần thì thêm cột Lý do trực tuyến một phần.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
        error_messages=file_errors("Hãy chọn tệp danh mục."),
    )

    helper = laid("file")


class DecisionFileForm(forms.Form):
    """The decision as it was signed."""

    file = forms.FileField(
        label="Bản PDF của quyết định đã ký",
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        error_messages=file_errors("Hãy chọn tệp PDF của quyết định."),
    )

    helper = laid("file")


class EnteredForm(forms.Form):
    """When a published decision was entered into the national database."""

    entered_on = day_field("Ngày nhập cơ sở dữ liệu quốc gia", required=True)

    helper = laid("entered_on")
