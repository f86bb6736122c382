"""The forms around messages of other systems: closing one, a row of the table they are read by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from dossiers.identity import guess_kind, normal_identity
from dossiers.models.dossier import IdentityKind, OwnerKind
from exchange.catalogue.pulling import MOST, codes_in
from exchange.inbox.places import PLACES
from exchange.inbox.places import WORDS as NAMES
from exchange.models import Door, Mapping
from onestop.errors import DomainError, say, sentence
from onestop.folding import fold
from onestop.forms import WORDS, TextField, day_field
from onestop.layout import Maybe, laid, line
from onestop.once import once
from procedures.models import Procedure

LEAST_DIGITS = 8
# As people write our kinds of owners in the table.
OWNER_WORDS = {
    fold("công dân"): int(OwnerKind.CITIZEN),
    fold("doanh nghiệp"): int(OwnerKind.COMPANY),
    fold("tổ chức"): int(OwnerKind.ORGANISATION),
}
_PLACES = "; ".join(f"{name} ({words})" for name, words in NAMES.items())


class CloseForm(forms.Form):
    """`tells`: it is all there is of a filing, and the portal may be told how it ends."""

    tells = forms.TypedChoiceField(
        label="Cách đóng",
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        choices=[
            ("1", "Không tiếp nhận: báo Cổng và người nộp kèm lý do này"),
            ("0", "Đã làm cách khác, ví dụ tiếp nhận tại quầy: không báo Cổng"),
        ],
        error_messages={"required": say("exchange_close_how")},
    )
    reason = TextField(
        label="Lý do",
        max_length=300,
        required=False,
        says=WORDS,
        help_text="Ví dụ: nộp nhầm cơ quan, nộp lại tại Phường Hoàng Văn Thụ; đã đối chiếu với hồ sơ.",
    )

    helper = laid(Maybe("tells"), "reason")

    def __init__(self, *args: Any, tells: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not tells:
            del self.fields["tells"]


class AskForm(forms.Form):
    """Named as the page of reception names them, which sends them here."""

    identity_number = TextField(
        label="Số giấy tờ của chủ hồ sơ",
        max_length=30,
        error_messages={"required": say("ask_number")},
    )
    owner_name = TextField(
        label="Họ tên",
        max_length=250,
        error_messages={"required": "Hãy nhập họ tên chủ hồ sơ."},
    )

    helper = laid(line("identity_number", "owner_name"))

    def clean_identity_number(self) -> str:
        typed = self.cleaned_data["identity_number"]
        number = normal_identity(guess_kind(typed) or IdentityKind.PASSPORT, typed)
        if len(number) < LEAST_DIGITS or not number.replace("-", "").isalnum():
            raise forms.ValidationError(say("ask_number"))
        return number


class PullForm(forms.Form):
    codes = forms.CharField(
        label="Mã thủ tục",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=600,
        error_messages={
            "required": say("pull_no_code"),
            "max_length": say("pull_many", {"most": MOST}),
        },
        help_text=f"Nhiều nhất {MOST} mã, cách nhau bằng dấu phẩy hoặc xuống dòng.",
    )

    helper = laid("codes")

    def clean_codes(self) -> list[str]:
        try:
            codes = codes_in(self.cleaned_data["codes"])
        except DomainError as error:
            raise forms.ValidationError(sentence(error)) from error
        if len(codes) > MOST:
            raise forms.ValidationError(say("pull_many", {"most": MOST}))
        return codes


class ClosePayForm(forms.Form):
    reason = TextField(
        label="Lý do",
        max_length=300,
        required=False,
        says=WORDS,
        help_text="Ví dụ: đã hỏi nền tảng, người nộp chưa nộp; đã nộp tại quầy.",
    )

    helper = laid("reason")


class MappingForm(forms.Form):
    door = forms.ModelChoiceField(
        Door.objects.none(),
        label="Cửa nhận",
        empty_label=None,
        error_messages={"required": "Hãy chọn cửa nhận.", "invalid_choice": "Hãy chọn cửa nhận."},
    )
    foreign = TextField(
        label="Mã thủ tục của nguồn",
        max_length=60,
        required=False,
        help_text="Để trống: dòng này nói vị trí các nội dung trong mọi thông điệp của nguồn.",
    )
    procedure = TextField(
        label="Mã thủ tục ở đây",
        max_length=60,
        required=False,
        help_text="Để trống khi nguồn dùng đúng mã thủ tục quốc gia.",
    )
    case_name = TextField(
        label="Trường hợp",
        max_length=500,
        required=False,
        help_text="Chép đúng tên trường hợp trong danh mục, khi thủ tục có nhiều trường hợp mà thông điệp không ghi là trường hợp nào.",
    )
    cases_text = forms.CharField(
        label="Mã trường hợp",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi dòng một trường hợp: mã của nguồn = tên trường hợp đúng như danh mục. Nguồn ghi đúng tên thì không cần.",
    )
    fields_text = forms.CharField(
        label="Vị trí nội dung",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Mỗi dòng một nội dung: tên = vị trí, ví dụ owner = NguoiNop.HoTen. Các tên: {_PLACES}.",
    )
    owners_text = forms.CharField(
        label="Mã loại đối tượng",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Chỉ khi nguồn không dùng mã quốc gia (1 công dân, 2 doanh nghiệp, 3 và 4 tổ chức). Mỗi dòng một mã: mã của nguồn = công dân, doanh nghiệp hoặc tổ chức. Nhiều mã cùng một loại: mã ở dòng cuối là mã chung, dùng khi báo hồ sơ nộp tại quầy.",
    )
    papers_text = forms.CharField(
        label="Mã giấy tờ",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi dòng một giấy tờ: mã của nguồn = tên giấy tờ đúng như danh mục.",
    )
    last_hour_waits = forms.BooleanField(
        label="Nộp trong giờ làm việc cuối ngày: 08 giờ tính từ ngày làm việc sau", required=False
    )
    paid_is_filed = forms.BooleanField(
        label="Phải thanh toán trước: giờ nộp là giờ thanh toán", required=False
    )
    valid_from = day_field("Dùng từ ngày", required=True)

    helper = laid(
        line("door", "valid_from"),
        line("foreign", "procedure"),
        "case_name",
        "cases_text",
        "fields_text",
        "owners_text",
        "papers_text",
        "last_hour_waits",
        "paid_is_filed",
    )

    def __init__(self, *args: Any, doors: Sequence[Door], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Door.objects.filter(pk__in=[door.pk for door in doors])
        self.fields["door"].queryset = mine  # type: ignore[attr-defined]

    def clean_procedure(self) -> Procedure | None:
        given = self.cleaned_data["procedure"]
        found = Procedure.objects.filter(code=given).first() if given else None
        if given and found is None:
            raise forms.ValidationError(say("exchange_mapping_procedure", {"given": given}))
        return found

    def clean_fields_text(self) -> dict[str, str]:
        return _pairs(self.cleaned_data["fields_text"], known=set(PLACES))

    def clean_papers_text(self) -> dict[str, str]:
        return _pairs(self.cleaned_data["papers_text"])

    def clean_cases_text(self) -> dict[str, str]:
        return _pairs(self.cleaned_data["cases_text"])

    def clean_owners_text(self) -> list[tuple[str, int]]:
        said = _pairs(self.cleaned_data["owners_text"])
        kinds = {code: OWNER_WORDS.get(fold(words)) for code, words in said.items()}
        if unknown := next((code for code, kind in kinds.items() if kind is None), None):
            given = f"{unknown} = {said[unknown]}"
            raise forms.ValidationError(say("exchange_mapping_owner", {"given": given[:80]}))
        known = [(code, kind) for code, kind in kinds.items() if kind is not None]
        if known and {kind for _, kind in known} != set(OWNER_WORDS.values()):
            raise forms.ValidationError(say("exchange_mapping_owners"))
        return known

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("owners_text") and data.get("foreign"):
            self.add_error("owners_text", say("exchange_mapping_owner_foreign"))
        return data

    def made(self) -> Mapping | None:
        """The new row; None, and the form says why, where that day has one already."""
        data = self.cleaned_data
        row = Mapping(
            door=data["door"],
            foreign=data["foreign"],
            procedure=data["procedure"],
            case_name=data["case_name"],
            fields=data["fields_text"],
            papers=data["papers_text"],
            owners=data["owners_text"],
            cases=data["cases_text"],
            last_hour_waits=data["last_hour_waits"],
            paid_is_filed=data["paid_is_filed"],
            valid_from=data["valid_from"],
        )
        try:
            with once(DomainError("exchange_mapping_twice", field="valid_from")):
                row.save()
        except DomainError as error:
            self.add_error("valid_from", sentence(error))
            return None
        return row


def _pairs(text: str, known: set[str] | None = None) -> dict[str, str]:
    """Lines of "name = value"."""
    found = {}
    for one in text.splitlines():
        name, is_one, value = (part.strip() for part in one.partition("="))
        if not one.strip():
            continue
        if not is_one or not name or not value or (known is not None and name not in known):
            raise forms.ValidationError(say("exchange_mapping_place", {"given": one.strip()[:80]}))
        found[name[:60]] = value[:500]
    return found
