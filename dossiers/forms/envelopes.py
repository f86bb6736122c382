"""Many dossiers at once from one person: who brings them, whose they are, one line an owner."""

from __future__ import annotations

from typing import Any

from django import forms

from dossiers.acts.envelopes import MOST, Common, Sender
from dossiers.acts.returning import Taking
from dossiers.forms.intake import money_of
from dossiers.forms.intake_papers import default_rows, papers_in
from dossiers.forms.returning import ask_notice, of_many, signature_field, told_field
from dossiers.intake.brought import Person
from dossiers.models import Return
from dossiers.models.dossier import IdentityKind, OwnerKind
from onestop.errors import say
from onestop.forms import NAME, WORDS, NameField, TextField
from onestop.layout import Maybe, laid, line
from onestop.typed import one_line
from procedures.models import Case


def person_of(text: str, kind: int) -> Person:
    """A line as it was typed or pasted from a list: name; number; telephone; address."""
    parts = [one_line(part) for part in text.replace("\t", ";").split(";")]
    name, number, phone, address = (*parts, "", "", "", "")[:4]
    company = kind == OwnerKind.ORGANISATION
    return Person(
        name=name[:200],
        kind=kind,
        identity_kind=IdentityKind.TAX_CODE if company else IdentityKind.CITIZEN_CARD,
        identity_number=number[:30],
        phone=phone[:20],
        address=address[:300],
    )


class OwnersForm(forms.Form):
    """Whose they are; what is the same of all of them."""

    owner_kind = forms.TypedChoiceField(
        label="Các chủ hồ sơ là", choices=OwnerKind.choices, coerce=int
    )
    owners = forms.CharField(
        label="Danh sách chủ hồ sơ",
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        error_messages={"required": say("owners_missing")},
        help_text="Mỗi dòng một hồ sơ: họ tên; số căn cước; điện thoại; địa chỉ. Dán được từ bảng tính.",
    )
    no_scan_reason = TextField(
        label="Lý do chưa quét", max_length=200, says=WORDS,
        error_messages={"required": "Hãy ghi vì sao chưa quét; quét sau được ở từng hồ sơ."},
    )  # fmt: skip
    fee_amount = TextField(
        label="Số tiền thu mỗi hồ sơ (đồng)",
        max_length=14,
        required=False,
        help_text="Để trống thì thu theo mức công bố.",
    )
    fee_reason = TextField(
        label="Căn cứ, lý do thu khác mức công bố", max_length=200, required=False, says=WORDS
    )

    helper = laid("owner_kind", "owners", "no_scan_reason", line("fee_amount", "fee_reason"))

    def clean_owners(self) -> list[str]:
        lines = [text.strip() for text in self.cleaned_data["owners"].splitlines() if text.strip()]
        if len(lines) > MOST:
            raise forms.ValidationError(say("owners_many", {"most": MOST}))
        twice = next((text for n, text in enumerate(lines) if text in lines[:n]), None)
        if twice is not None:
            raise forms.ValidationError(say("owners_twice", {"line": twice[:80]}))
        return lines

    def clean_fee_amount(self) -> int | None:
        typed = self.cleaned_data["fee_amount"]
        amount = money_of(typed) if typed else None
        if typed and amount is None:
            raise forms.ValidationError(say("fee_unreadable"))
        return amount

    def people(self) -> list[tuple[str, Person]]:
        kind = self.cleaned_data["owner_kind"]
        return [(text, person_of(text, kind)) for text in self.cleaned_data["owners"]]

    def common(self, case: Case) -> Common:
        data = self.cleaned_data
        return Common(
            case,
            papers_in(default_rows(case)),
            data["no_scan_reason"],
            data["fee_amount"],
            data["fee_reason"],
        )


class EnvelopeForm(OwnersForm):
    """A new envelope."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    case = forms.ChoiceField(label="Trường hợp")
    sender_name = TextField(
        label="Người nộp", max_length=200, says=NAME,
        help_text="Trưởng thôn, giáo viên, nhân viên doanh nghiệp mang hồ sơ đến.",
        error_messages={"required": "Hãy ghi người nộp."},
    )  # fmt: skip
    authorisation = TextField(
        label="Tư cách, văn bản ủy quyền", max_length=200, says=WORDS,
        help_text="Ví dụ: Trưởng thôn Nà Lốc, danh sách có chữ ký các hộ ngày 20/11/2026.",
        error_messages={"required": "Hãy ghi tư cách hoặc văn bản ủy quyền."},
    )  # fmt: skip
    sender_identity = TextField(label="Số căn cước của người nộp", max_length=30, required=False)
    sender_phone = TextField(label="Điện thoại người nộp", max_length=20, required=False)

    helper = laid(
        "token",
        "case",
        line("sender_name", "authorisation"),
        line("sender_identity", "sender_phone"),
        "owner_kind",
        "owners",
        "no_scan_reason",
        line("fee_amount", "fee_reason"),
    )

    def __init__(self, *args: Any, cases: list[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(case.pk), case.name or "Mọi trường hợp") for case in cases]
        self.fields["case"].choices = names  # type: ignore[attr-defined]
        if len(cases) == 1:
            self.fields["case"].widget = forms.HiddenInput()
            self.fields["case"].initial = names[0][0]

    def sender(self) -> Sender:
        data = self.cleaned_data
        return Sender(
            data["sender_name"],
            data["authorisation"],
            data["sender_identity"],
            data["sender_phone"],
        )


class EnvelopeReturnForm(forms.Form):
    """Who takes all the results."""

    name = NameField(
        label="Người nhận",
        max_length=200,
        error_messages={"required": "Hãy ghi người nhận kết quả."},
    )
    identity = TextField(
        label="Số giấy tờ tùy thân",
        max_length=30,
        error_messages={"required": "Hãy ghi số giấy tờ của người nhận."},
    )
    authorisation = TextField(
        label="Tư cách, văn bản ủy quyền",
        max_length=200,
        says=WORDS,
        error_messages={"required": "Hãy ghi tư cách hoặc văn bản ủy quyền."},
    )

    signature = signature_field()
    note = TextField(label="Ghi chú", max_length=300, required=False)
    notice = told_field()

    helper = laid(Maybe("notice"), line("name", "identity"), "authorisation", "signature", "note")

    def __init__(self, *args: Any, untold: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_notice(self, of_many(untold))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("signature") == Return.Signature.NONE and not cleaned.get("note"):
            self.add_error("note", say("not_signed_why"))
        return cleaned

    def taking(self) -> Taking:
        data = self.cleaned_data
        return Taking(
            data["name"],
            taker=Return.Taker.AUTHORISED,
            identity=data["identity"],
            authorisation=data["authorisation"],
            note=data["note"],
            signature=data["signature"],
            told=data.get("notice"),
        )
