"""The intake form: what the clerk types beside the checklist, checked by real rules, with the
sentence beside the field.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from dossiers.forms.wanted import papers_wanted
from dossiers.identity import Checked, check_identity, check_person, check_phone
from dossiers.intake.authority import is_owner
from dossiers.intake.brought import Person, SubmitterIn
from dossiers.intake.wanted import Wanted, declared
from dossiers.models.dossier import IdentityKind, OwnerKind
from onestop.errors import say
from onestop.forms import NAME, WORDS, TextField
from onestop.texts import MOST_NUMBER, whole_number
from onestop.typed import one_line, plain_digits, real_d
from onestop.worktime import InstantError, parse_instant
from procedures.channels import Channel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from onestop.accounts.models import Officer
    from procedures.models import Method

# How long ago the post may have handed a dossier over that is entered now.
POST_WITHIN = timedelta(weeks=1)
RECEIVE, GUIDE, REFUSE = "nhan", "bo-sung", "tu-choi"
IDENTITY_LABELS = {
    IdentityKind.CITIZEN_CARD: "Căn cước",
    IdentityKind.PASSPORT: "Hộ chiếu",
    IdentityKind.TAX_CODE: "Mã số thuế",
    IdentityKind.OLD_CARD: "CMND cũ",
    IdentityKind.OTHER: "Giấy tờ khác",
}


def plain(text: str) -> str:
    """What was typed, composed letters one way, single spaces."""
    return one_line(text)


class AskedField(TextField):
    """A question that wants an answer; whether it may stay empty is judged by the act, in clean()."""

    def validate(self, value: Any) -> None:
        """Nothing here: see IntakeForm.clean()."""


class AskedChoice(forms.TypedChoiceField):
    """A choice with a usual answer; what is not sent takes it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            coerce=int,
            empty_value=None,
            error_messages={"invalid_choice": "Hãy chọn một mục trong danh sách."},
            **kwargs,
        )

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


def text_field(
    label: str, most: int, *, help: str = "", asked: bool = False, says: str = "", **attrs: str
) -> forms.CharField:
    """One line of text; `most` characters are checked with a sentence of ours."""
    shape = AskedField if asked else TextField
    found = shape(
        label=label,
        required=asked,
        help_text=help,
        says=says,
        widget=forms.TextInput(attrs={"autocomplete": "off"} | attrs),
    )
    found.most = most  # type: ignore[attr-defined]
    return found


def lines_field(label: str, help: str = "", rows: int = 3) -> forms.CharField:
    return AskedField(
        label=label, help_text=help, says=WORDS, widget=forms.Textarea(attrs={"rows": rows})
    )


def part(label: str, place: str) -> forms.Field:
    """A part of the page that is drawn and read by itself: here it has its turn among the errors,
    and the id they lead to.
    """
    return forms.Field(label=label, required=False, widget=forms.TextInput(attrs={"id": place}))


class IntakeForm(forms.Form):
    """Fields in the order of the page, which is how the clerk talks to the citizen.

    `act` decides what must be there; nothing is checked for a draft.
    """

    use_required_attribute = False

    case = part("Trường hợp", "truong-hop")
    channel = part("Hình thức nộp", "hinh-thuc")
    post_at = text_field(
        "Giờ ký biên bản giao nhận với bưu chính",
        20,
        help="Ví dụ 08:30, hoặc 20/11/2026 16:45. Thời hạn tính từ giờ này; để trống là lúc bấm Tiếp nhận.",
    )
    handled_by = part("Cơ quan giải quyết", "o-giai-quyet")
    identity_kind = AskedChoice(label="Loại giấy tờ", choices=list(IDENTITY_LABELS.items()))
    identity_number = text_field(
        "Số giấy tờ", 30, asked=True, spellcheck="false", **{"data-focus": "1"}
    )
    identity_note = text_field(
        "Lý do chấp nhận số giấy tờ không đúng định dạng",
        200,
        says=WORDS,
        help="Ví dụ: người nước ngoài, trẻ chưa có số, giấy tờ cũ.",
    )
    owner_name = text_field(
        "Họ tên chủ hồ sơ", 200, says=NAME, asked=True, autocapitalize="words", spellcheck="false"
    )
    owner_kind = AskedChoice(label="Chủ hồ sơ là", choices=OwnerKind.choices)
    address = text_field("Địa chỉ", 300, says=WORDS)
    phone = text_field("Điện thoại", 20, inputmode="tel")
    email = text_field("Thư điện tử", 254, inputmode="email")
    submitter_name = text_field("Họ tên người nộp thay", 200, says=NAME, autocapitalize="words")
    authorisation = text_field(
        "Văn bản ủy quyền",
        200,
        says=WORDS,
        help="Số, ngày, nơi chứng thực; hoặc quan hệ khi pháp luật không yêu cầu văn bản ủy quyền.",
    )
    submitter_identity = text_field("Số căn cước/hộ chiếu của người nộp", 30)
    submitter_phone = text_field("Điện thoại người nộp", 20, inputmode="tel")
    papers = part("Giấy tờ đã nộp", "giay-to")
    scans = part("Bản quét", "tep-quet")
    no_scan_reason = text_field("Lý do chưa quét", 200, says=WORDS, list="ly-do-khong-quet")
    fee_units = text_field("Số lượng tính phí", 14, asked=True, inputmode="numeric")
    fee_amount = text_field("Số tiền thu (đồng)", 14, asked=True, inputmode="numeric")
    fee_reason = text_field("Căn cứ, lý do thu khác mức công bố", 200, says=WORDS)
    summary = text_field("Nội dung yêu cầu giải quyết", 500, says=WORDS)
    sets = text_field("Số bộ hồ sơ", 14, asked=True, inputmode="numeric")
    return_by_post = forms.BooleanField(label="Trả kết quả qua bưu chính công ích", required=False)
    kiosk = forms.BooleanField(label="Nộp tại ki-ốt", required=False)
    out_of_area = forms.BooleanField(label="Tiếp nhận phi địa giới", required=False)
    items = part("Giấy tờ trong danh mục", "can-bo-sung")
    declared = lines_field(
        "Nội dung kê khai cần sửa",
        "Mỗi dòng một nội dung, ví dụ: Tờ khai chưa ghi ngày sinh của mẹ. Giấy tờ thì tích ở trên.",
    )
    guide_reason = lines_field("Lý do", rows=2)
    refuse_reason = lines_field("Lý do từ chối", rows=2)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        act: str = "",
        now: datetime,
        initial: dict[str, Any] | None = None,
        method: Method | None = None,
        channel: int = Channel.DIRECT,
        has_files: bool = False,
        approvers: Sequence[Officer] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        # Asked for only where the same person was guided before (None: not so).
        self.approvers = {str(officer.pk): officer for officer in approvers or ()}
        if approvers is not None:
            names = [
                ("", "Chọn trưởng phòng hoặc lãnh đạo"),
                *((pk, o.full_name) for pk, o in self.approvers.items()),
            ]
            self.fields["guide_approver"] = forms.ChoiceField(
                label="Người phê duyệt hướng dẫn lần nữa", choices=names, required=False
            )
            self.fields["guide_approval_reason"] = text_field("Lý do phê duyệt", 300)
        self.act, self.now, self.method, self.by, self.has_files = (
            act,
            now,
            method,
            channel,
            has_files,
        )
        self.identity = self.telephone = Checked("")
        if method is not None and not method.fee_per:
            del self.fields["fee_units"]
        if method is not None and method.fee_amount is None:
            self.fields["fee_reason"] = text_field(
                "Căn cứ thu", 200, asked=True, says=WORDS, help="Văn bản quy định mức thu."
            )
        else:
            self.fields["fee_amount"].required = False  # the published amount is taken

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for name, field in self.fields.items():
            if isinstance(data.get(name), str):
                several = isinstance(field.widget, forms.Textarea)
                data[name] = real_d(data[name].strip()) if several else plain(data[name])
                most = getattr(field, "most", 2000)
                if len(data[name]) > most:
                    self.say(name, "too_long", most=most)
        if self.has_files:
            data["no_scan_reason"] = ""
        self._owner(data)
        if self.act == RECEIVE:
            self._posted(data)
            self._submitter(data)
            self._delivery(data)
            self._fee(data)
            if (
                self.by in (Channel.DIRECT, Channel.POST)
                and not self.has_files
                and not data.get("no_scan_reason")
            ):
                self.say("no_scan_reason", "scan_missing")
        elif self.act == GUIDE:
            if not self.wanted():
                self.say("items", "guide_items")
            if not data.get("guide_reason"):
                self.say("guide_reason", "guide_reason")
            if "guide_approver" in self.fields and not (
                data.get("guide_approver") and data.get("guide_approval_reason")
            ):
                self.say("guide_approver", "second_guidance")
        elif self.act == REFUSE and not data.get("refuse_reason"):
            self.say("refuse_reason", "refuse_reason")
        return data

    def say(self, name: str, code: str, **data: Any) -> None:
        """The sentence of a code beside its field."""
        if name in self.fields:
            self.add_error(name, say(code, data))
        else:
            self.add_error(None, say(code, data))

    def _owner(self, data: dict[str, Any]) -> None:
        kind = data.get("identity_kind") or IdentityKind.CITIZEN_CARD
        self.identity = check_identity(
            kind, data.get("identity_number", ""), timezone.localdate(self.now)
        )
        self.telephone = check_phone(data.get("phone", ""))
        data["identity_number"], data["phone"] = self.identity.value, self.telephone.value
        if not data.get("owner_name") and "owner_name" not in self.errors:
            self.say("owner_name", "owner_missing")
        self._judge("identity_number", self.identity)
        self._judge("phone", self.telephone)
        unnumbered = (
            self.act == RECEIVE and not self.identity.value and not data.get("identity_note")
        )
        if unnumbered and data.get("owner_kind") != OwnerKind.ORGANISATION:
            self.say("identity_number", "identity_missing")
        if data.get("email"):
            try:
                validate_email(data["email"])
            except ValidationError:
                self.say("email", "email_unreadable")

    def _judge(self, name: str, checked: Checked) -> None:
        """What is wrong with a number, beside its field; one written reason covers every odd number
        of the page.
        """
        for finding in checked.findings:
            if finding.refused:
                self.say(name, finding.code, **finding.data)
            elif finding.needs_reason and not self.cleaned_data.get("identity_note"):
                self.say(name, "identity_reason", finding=say(finding.code, finding.data))

    def _posted(self, data: dict[str, Any]) -> None:
        """A dossier by post is received when the hand-over note with the post is signed (R-38)."""
        text, data["post_at"] = data.get("post_at") or "", None
        if self.by == Channel.POST and text:
            at = data["post_at"] = instant_of(text, self.now)
            if at is None:
                self.say("post_at", "post_unreadable")
            elif not self.now - POST_WITHIN <= at <= self.now:
                self.say("post_at", "post_when")

    def _submitter(self, data: dict[str, Any]) -> None:
        """Who brings the dossier stands at the return desk later: numbers by the same rules as the
        owner's (R-19).
        """
        numbers = {
            "submitter_identity": check_person(
                data.get("submitter_identity", ""), timezone.localdate(self.now)
            ),
            "submitter_phone": check_phone(data.get("submitter_phone", "")),
        }
        for name, checked in numbers.items():
            data[name] = checked.value
            self._judge(name, checked)
        said = (
            data.get("submitter_identity")
            or data.get("submitter_phone")
            or data.get("authorisation")
        )
        if data.get("submitter_name") and not data.get("authorisation"):
            self.say("authorisation", "submitter_authorisation")
        elif said and not data.get("submitter_name"):
            self.say("submitter_name", "submitter_name")
        brought_by = {
            "name": data.get("submitter_name") or "",
            "identity": data.get("submitter_identity") or "",
        }
        owner = {
            "owner_name": data.get("owner_name") or "",
            "owner_identity": data.get("identity_number") or "",
        }
        if brought_by["name"] and is_owner(**brought_by, **owner):
            self.say("submitter_name", "submitter_is_owner")

    def _delivery(self, data: dict[str, Any]) -> None:
        data["sets"] = self._number("sets", data.get("sets") or "1", 99, "sets_unreadable")
        if data.get("return_by_post"):
            if not data.get("address"):
                self.say("address", "address_for_post")
            if not data.get("phone"):
                self.say("phone", "phone_for_post")

    def _fee(self, data: dict[str, Any]) -> None:
        """The amount to collect: published price times units; another amount only with its reason
        (R-125).
        """
        published = self.method.fee_amount if self.method else None
        units = 1
        if "fee_units" in self.fields:
            units = (
                self._number("fee_units", data.get("fee_units") or "1", 9999, "units_unreadable")
                or 1
            )
        amount = money_of(data.get("fee_amount") or "")
        if amount is None and data.get("fee_amount"):
            self.say("fee_amount", "fee_unreadable")
            return
        due = published * units if published is not None else None
        if amount is None or (amount == published and units > 1):
            amount = due
        data["fee_amount"] = amount
        if amount is None:
            self.say("fee_amount", "fee_missing")
        elif amount > MOST_NUMBER:
            self.say("fee_amount", "fee_unreadable")
        elif not data.get("fee_reason"):
            if due is None:
                self.say("fee_reason", "fee_missing")
            elif amount != due:
                self.say("fee_reason", "fee_reason_missing")
            elif units > 1 and self.method is not None:
                data["fee_reason"] = f"{units} {self.method.fee_per} × {published:,} đồng".replace(
                    ",", "."
                )

    def _number(self, name: str, text: str, most: int, code: str) -> int | None:
        number = whole_number(text, most=most)
        if not number:
            self.say(name, code)
        return number or None

    def wanted(self) -> list[Wanted]:
        """What is to be completed: papers ticked, corrections written."""
        return [*papers_wanted(self.data), *declared(str(self.cleaned_data.get("declared") or ""))]

    @property
    def approver(self) -> Officer | None:
        """Who approves one more guidance, where one was asked for."""
        return self.approvers.get(self.cleaned_data.get("guide_approver") or "")

    def person(self) -> Person:
        """The owner as checked."""
        data = self.cleaned_data
        return Person(
            name=data["owner_name"],
            kind=data.get("owner_kind") or OwnerKind.CITIZEN,
            identity_kind=data.get("identity_kind") or IdentityKind.CITIZEN_CARD,
            identity_number=data["identity_number"],
            identity_note=data["identity_note"],
            phone=data["phone"],
            email=data["email"],
            address=data["address"],
        )

    def submitter(self) -> SubmitterIn | None:
        data = self.cleaned_data
        if not data["submitter_name"]:
            return None
        return SubmitterIn(
            name=data["submitter_name"],
            authorisation=data["authorisation"],
            identity_number=data["submitter_identity"],
            phone=data["submitter_phone"],
        )


def instant_of(text: str, now: datetime) -> datetime | None:
    """An hour of today ("08:30") or a full instant; None when it cannot be read."""
    text = text.strip()
    if re.fullmatch(r"\d{1,2}:\d{2}", text, re.ASCII):
        text = f"{timezone.localdate(now):%d/%m/%Y} {text}"
    try:
        return parse_instant(text)
    except InstantError:
        return None


def money_of(text: str, *, most: int = 999_999_999) -> int | None:
    """An amount as people write it: "70.000", "70000 đ", "70,000"; None when it is none, or more
    than anybody would be asked for.
    """
    digits = re.sub(r"(đồng|vnđ|đ|\s)", "", plain_digits(text).lower())
    if not re.fullmatch(r"\d{1,15}|\d{1,3}(\.\d{3}){1,4}|\d{1,3}(,\d{3}){1,4}", digits):
        return None
    amount = int(re.sub(r"[.,]", "", digits))
    return amount if amount <= most else None
