"""The intake form: what the clerk types beside the checklist, checked by real rules, with the
sentence beside the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms

from dossiers.forms.elsewhere import fields_of, true_time
from dossiers.forms.instants import instant_of
from dossiers.forms.intake_layout import LAYOUT
from dossiers.forms.online import OnlineFields
from dossiers.forms.wanted import papers_wanted
from dossiers.intake.assessing import Assessment, assess
from dossiers.intake.brought import Brought, ElsewhereIn, Person, SubmitterIn
from dossiers.intake.problems import Problem
from dossiers.intake.wanted import Wanted, declared
from dossiers.models.dossier import IdentityKind, OwnerKind
from onestop.errors import say
from onestop.forms import NAME, WORDS, TextField
from onestop.texts import whole_number
from onestop.typed import one_line, plain_digits, real_d
from procedures.channels import Channel

if TYPE_CHECKING:
    from dossiers.intake.elsewhere import Door
    from onestop.accounts.models import Officer

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


class IntakeForm(OnlineFields):
    """Fields in the order of the page, which is how the clerk talks to the citizen.

    `act` decides what must be there; nothing is checked for a draft.
    """

    use_required_attribute = False
    # Of a door, where there is one, all is needed (forms.elsewhere).
    sometimes = frozenset({"reserved", "place", "true_at"})

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
        "Số giấy tờ", 30, asked=True, spellcheck="false", **{"data-focus": "1", "data-takes": "1"}
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
    no_scan_reason = text_field(
        "Lý do chưa quét",
        200,
        says=WORDS,
        help="Bắt buộc khi nộp trực tiếp hoặc qua bưu chính mà không có bản quét.",
        list="ly-do-khong-quet",
    )
    fee_units = text_field("Số lượng tính phí", 14, asked=True, inputmode="numeric")
    fee_amount = text_field("Số tiền thu (đồng)", 14, asked=True, inputmode="numeric")
    fee_reason = text_field(
        "Căn cứ, lý do thu khác mức công bố", 200, says=WORDS, list="doi-tuong-mien-giam"
    )
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

    helper = LAYOUT

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        act: str = "",
        now: datetime,
        brought: Brought,
        initial: dict[str, Any] | None = None,
        approvers: Sequence[Officer] | None = None,
        door: Door | None = None,
    ) -> None:
        """In: `brought`, what was chosen and handed in, to which the fields add what was typed; the
        `door` of what was received away from the program.
        """
        super().__init__(data, initial=initial)
        self.door = door
        if door is not None:
            self.fields.update(fields_of(door))
        self.act, self.now, self.chosen = act, now, brought
        self._assessment = assess(brought, at=now)
        # Asked for only where the same person was guided before (None: not so).
        self.approvers = {str(officer.pk): officer for officer in approvers or ()}
        if approvers is not None:
            self._ask_for_approval()
        method = brought.method
        if method is not None and not method.fee_per:
            del self.fields["fee_units"]
        if method is not None and method.fee_amount is None:
            self.fields["fee_reason"] = text_field(
                "Căn cứ thu", 200, asked=True, says=WORDS, help="Văn bản quy định mức thu."
            )
        else:
            self.fields["fee_amount"].required = False  # the published amount is taken

    def _ask_for_approval(self) -> None:
        names = [
            ("", "Chọn trưởng phòng hoặc lãnh đạo"),
            *((pk, officer.introduced) for pk, officer in self.approvers.items()),
        ]
        self.fields["guide_approver"] = forms.ChoiceField(
            label="Người phê duyệt hướng dẫn lần nữa",
            choices=names,
            required=False,
            help_text="Người này tự duyệt trên phần mềm; phiếu chỉ phát và in được sau khi duyệt.",
        )
        self.fields["guide_approval_reason"] = text_field("Lý do phải hướng dẫn lần nữa", 300)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        self._tidy(data)
        if self.chosen.has_scans:
            data["no_scan_reason"] = ""
        judge = {RECEIVE: self._received, GUIDE: self._guided, REFUSE: self._refused}
        judge.get(self.act, self._visited)(data)
        return data

    def _tidy(self, data: dict[str, Any]) -> None:
        """Texts as they are kept, none longer than its column."""
        for name, field in self.fields.items():
            if isinstance(data.get(name), str):
                several = isinstance(field.widget, forms.Textarea)
                data[name] = real_d(data[name].strip()) if several else plain(data[name])
                most = getattr(field, "most", 2000)
                if len(data[name]) > most:
                    self.say(name, "too_long", most=most)

    def say(self, name: str, code: str, **data: Any) -> None:
        """The sentence of a code beside its field."""
        if name in self.fields:
            self.add_error(name, say(code, data))
        else:
            self.add_error(None, say(code, data))

    def _tell(self, problems: Iterable[Problem]) -> None:
        """Problems beside their fields. What could not be read is not judged as well."""
        unread = frozenset(self.errors)
        for problem in problems:
            if problem.field not in unread:
                self.say(problem.field, problem.code, **problem.data)

    # --- what an act asks -------------------------------------------------------------------------

    def _received(self, data: dict[str, Any]) -> None:
        """Everything. What depends on the page itself (case, papers, repeats) its view judges."""
        units = amount = None
        data["post_at"] = self._true_at(data) or self._posted(data.get("post_at") or "")
        data["online"] = self.online(data, self.chosen, at=self.now, is_received=True)
        data["sets"] = self._number("sets", data.get("sets") or "1", 99, "sets_unreadable")
        if "fee_units" in self.fields:
            typed = data.get("fee_units") or "1"
            units = self._number("fee_units", typed, 9999, "units_unreadable")
        if data.get("fee_amount"):
            amount = money_of(data["fee_amount"])
            if amount is None:
                self.say("fee_amount", "fee_unreadable")
        brought = replace(
            self._of_owner(data),
            submitter=_submitter(data),
            fee_units=units or 1,
            fee_amount=amount,
            fee_reason=data.get("fee_reason") or "",
            no_scan_reason=data.get("no_scan_reason") or "",
            return_by_post=bool(data.get("return_by_post")),
        )
        found = self._assess(brought, data, at=data["post_at"])
        data["submitter_identity"] = found.submitter_identity.value
        data["submitter_phone"] = found.submitter_phone.value
        if found.fee is not None:
            data["fee_amount"], data["fee_reason"] = found.fee.amount, found.fee.reason
        judged = (found.of_owner, found.of_number, found.of_submitter, found.of_content)
        self._tell(problem for group in judged for problem in group())

    def _visited(self, data: dict[str, Any]) -> None:
        data["online"] = self.online(data, self.chosen, at=self.now, is_received=False)
        self._tell(self._assess(self._of_owner(data), data).of_owner())

    def _guided(self, data: dict[str, Any]) -> None:
        self._visited(data)
        if not self.wanted():
            self.say("items", "guide_items")
        if not data.get("guide_reason"):
            self.say("guide_reason", "guide_reason")
        for name in ("guide_approver", "guide_approval_reason"):
            if name in self.fields and not data.get(name):
                self.say(name, "second_guidance")

    def _refused(self, data: dict[str, Any]) -> None:
        self._visited(data)
        if not data.get("refuse_reason"):
            self.say("refuse_reason", "refuse_reason")

    def _assess(
        self, brought: Brought, data: dict[str, Any], *, at: datetime | None = None
    ) -> Assessment:
        """Assess it, and keep the numbers as they are stored."""
        found = self._assessment = assess(brought, at=at or self.now, now=self.now)
        data["identity_number"], data["phone"] = found.identity.value, found.phone.value
        return found

    @property
    def assessment(self) -> Assessment:
        """What follows from the page, which is read first."""
        self.is_valid()
        return self._assessment

    def _of_owner(self, data: dict[str, Any]) -> Brought:
        return replace(self.chosen, owner=_person(data))

    def _posted(self, text: str) -> datetime | None:
        """When the hand-over note with the post was signed (R-38); None where the hour of the click
        counts.
        """
        if self.chosen.channel != Channel.POST or not text:
            return None
        at = instant_of(text, self.now)
        if at is None:
            self.say("post_at", "post_unreadable")
        return at

    def _true_at(self, data: dict[str, Any]) -> datetime | None:
        """When it was received away from the program (R-76); None of what comes in now."""
        if self.door is None:
            return None
        text = data.get("true_at") or ""
        at = true_time(text, code=data.get("reserved") or "", now=self.now)
        if at is None:
            self.say("true_at", "true_time_unreadable")
        return at

    @property
    def elsewhere(self) -> ElsewhereIn | None:
        """What the domain receives of it."""
        if self.door is None:
            return None
        data, outage = self.cleaned_data, self.door.outage
        return ElsewhereIn(
            kind=self.door.kind,
            place=data.get("place") or "",
            outage_id=outage.pk if outage is not None else None,
            code=data.get("reserved") or "",
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
        return _person(self.cleaned_data)

    def submitter(self) -> SubmitterIn | None:
        return _submitter(self.cleaned_data)


def _person(data: Mapping[str, Any]) -> Person:
    return Person(
        name=data.get("owner_name") or "",
        kind=data.get("owner_kind") or OwnerKind.CITIZEN,
        identity_kind=data.get("identity_kind") or IdentityKind.CITIZEN_CARD,
        identity_number=data.get("identity_number") or "",
        identity_note=data.get("identity_note") or "",
        phone=data.get("phone") or "",
        email=data.get("email") or "",
        address=data.get("address") or "",
    )


def _submitter(data: Mapping[str, Any]) -> SubmitterIn | None:
    """Who brings it instead of the owner; None where nothing is said of anybody."""
    said = SubmitterIn(
        name=data.get("submitter_name") or "",
        authorisation=data.get("authorisation") or "",
        identity_number=data.get("submitter_identity") or "",
        phone=data.get("submitter_phone") or "",
    )
    return None if said == SubmitterIn("", "") else said


def money_of(text: str, *, most: int = 999_999_999) -> int | None:
    """An amount as people write it: "70.000", "70000 đ", "70,000"; None when it is none, or more
    than anybody would be asked for.
    """
    digits = re.sub(r"(đồng|vnđ|đ|\s)", "", plain_digits(text).lower())
    if not re.fullmatch(r"\d{1,15}|\d{1,3}(\.\d{3}){1,4}|\d{1,3}(,\d{3}){1,4}", digits):
        return None
    amount = int(re.sub(r"[.,]", "", digits))
    return amount if amount <= most else None
