"""What a partner office says of a dossier that it hands in, and what an administrator says of the office."""

from __future__ import annotations

from typing import Any

from django import forms

from dossiers.acts.partner_offices import OfficeIn
from dossiers.acts.partners import HandIn
from dossiers.forms.fields import AgencyField, AgencyNames, name_field, reason_field, short_field
from dossiers.forms.intake import IDENTITY_LABELS
from dossiers.intake.brought import Person, SubmitterIn
from dossiers.intake.portal_codes import fault_of, patterns_in
from dossiers.models import OnlineSource, PartnerOffice
from dossiers.models.dossier import IdentityKind, OwnerKind
from onestop.errors import say
from onestop.forms import NameField, TextField, day_field
from onestop.layout import Fold, laid, line
from onestop.typed import real_d
from procedures.channels import Channel

OWN_CHANNELS = [(int(one), one.label) for one in (Channel.POST, Channel.DIRECT)]


class HandInForm(forms.Form):
    """The papers stand in a table of their own beside it (views/partners.py)."""

    owner_name = name_field("Họ tên chủ hồ sơ", required=True)
    owner_kind = forms.TypedChoiceField(
        label="Chủ hồ sơ là", choices=OwnerKind.choices, coerce=int, initial=OwnerKind.CITIZEN
    )
    identity_kind = forms.TypedChoiceField(
        label="Loại giấy tờ",
        choices=list(IDENTITY_LABELS.items()),
        coerce=int,
        initial=IdentityKind.CITIZEN_CARD,
    )
    identity_number = short_field("Số giấy tờ", limit=30, spellcheck="false", autocomplete="off")
    phone = short_field("Điện thoại chủ hồ sơ", limit=20, inputmode="tel")
    email = short_field("Thư điện tử", limit=254, inputmode="email")
    address = short_field("Địa chỉ", limit=300)
    submitter_name = name_field("Họ tên người nộp thay")
    submitter_identity = short_field("Số căn cước/hộ chiếu của người nộp thay", limit=30)
    submitter_phone = short_field("Điện thoại người nộp thay", limit=20, inputmode="tel")
    authorisation = short_field(
        "Văn bản ủy quyền, hợp đồng thuê dịch vụ",
        limit=200,
        help_text="Số, ngày, nơi lập hoặc chứng thực. Bản quét gửi cùng giấy tờ bên dưới.",
    )
    note = reason_field("Ghi chú cho quầy tiếp nhận", required=False, rows=2, limit=300)
    follows = forms.BooleanField(
        label="Giấy tờ gửi theo túi thư, không quét đủ",
        required=False,
        help_text="Quầy chỉ tiếp nhận khi giấy tờ đã đến; ngày hẹn trả tính từ khi tiếp nhận.",
    )

    helper = laid(
        line("owner_name", "owner_kind"),
        line("identity_kind", "identity_number"),
        line("phone", "email"),
        "address",
        Fold(
            "Người khác nộp thay, ủy quyền",
            "submitter_name",
            line("submitter_identity", "submitter_phone"),
            "authorisation",
        ),
        "note",
    )

    def __init__(self, *args: Any, is_post: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Hired or authorised, it always acts by a paper.
        if not is_post:
            self.fields["authorisation"].required = True
            self.fields["authorisation"].error_messages["required"] = say("partner_authorisation")

    def person(self) -> Person:
        data = self.cleaned_data
        return Person(
            name=real_d(data.get("owner_name") or ""),
            kind=data.get("owner_kind") or OwnerKind.CITIZEN,
            identity_kind=data.get("identity_kind") or IdentityKind.CITIZEN_CARD,
            identity_number=data.get("identity_number") or "",
            phone=data.get("phone") or "",
            email=data.get("email") or "",
            address=data.get("address") or "",
        )

    def submitter(self, partner: PartnerOffice) -> SubmitterIn | None:
        """Who brings it instead of the owner; of an agent that names nobody, the agent itself."""
        data = self.cleaned_data
        name, paper = data.get("submitter_name") or "", data.get("authorisation") or ""
        number, phone = data.get("submitter_identity") or "", data.get("submitter_phone") or ""
        if not name and not partner.is_post:
            name, phone = str(partner), phone or partner.phone
        if not (name or paper or number or phone):
            return None
        return SubmitterIn(name, paper, number, phone)

    def said(self, **about: Any) -> HandIn:
        data = self.cleaned_data
        return HandIn(
            owner=self.person(),
            authorisation=data.get("authorisation") or "",
            follows=bool(data.get("follows")),
            note=data.get("note") or "",
            **about,
        )


class CompletionForm(forms.Form):
    note = reason_field("Đã bổ sung những gì", required=False, rows=3, limit=250)
    follows = forms.BooleanField(label="Giấy tờ bổ sung gửi theo túi thư", required=False)

    helper = laid("note", "follows")


class TakeBackForm(forms.Form):
    reason = reason_field("Lý do rút", required=True, rows=2, limit=250)

    helper = laid("reason")


class OfficeForm(forms.Form):
    name = NameField(
        label="Tên đơn vị", max_length=120, error_messages={"required": "Hãy nhập tên đơn vị."}
    )
    kind = forms.TypedChoiceField(
        label="Loại",
        choices=PartnerOffice.Kind.choices,
        coerce=int,
        initial=PartnerOffice.Kind.POST,
    )
    channel = forms.TypedChoiceField(
        label="Hồ sơ gửi hộ tính là nộp",
        choices=OWN_CHANNELS,
        coerce=int,
        initial=Channel.POST,
        help_text="Báo cáo đếm theo hình thức này, không bao giờ là trực tuyến.",
    )
    address = short_field("Địa chỉ", limit=300)
    phone = short_field("Điện thoại", limit=20, inputmode="tel")
    valid_from = day_field("Từ ngày", required=True)
    valid_to = day_field("Đến hết ngày", required=False)
    pattern = TextField(
        label="Mẫu mã của phần mềm đơn vị",
        max_length=250,
        required=False,
        help_text="Chỉ khi đơn vị gửi bằng máy: # là một chữ số, #+ là một hoặc nhiều chữ số, * là chữ và số. Ví dụ: EMS-######-####+",
    )

    helper = laid(
        line("name", "kind"),
        line("channel", "phone"),
        "address",
        line("valid_from", "valid_to"),
        "pattern",
    )

    def __init__(self, *args: Any, partner: PartnerOffice | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partner = partner

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        others = OnlineSource.objects.filter(name=name)
        if self.partner is not None:
            others = others.exclude(pk=self.partner.source_id)
        if others.exists():
            raise forms.ValidationError("Đã có đơn vị hoặc nguồn tên này.")
        return name

    def clean_pattern(self) -> str:
        patterns = patterns_in(self.cleaned_data["pattern"])
        for one in patterns:
            if fault := fault_of(one):
                raise forms.ValidationError(say(f"online_pattern_{fault}"))
        return "; ".join(patterns)

    @property
    def value(self) -> OfficeIn:
        return OfficeIn(**self.cleaned_data)


class _Between(forms.Form):
    valid_from = day_field("Từ ngày", required=True)
    valid_to = day_field("Đến hết ngày", required=False)


class CounterForm(_Between):
    helper = laid("agency", line("valid_from", "valid_to"))

    def __init__(self, *args: Any, names: AgencyNames, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"] = AgencyField(
            label="Nơi nhận", names=names, error_messages={"required": "Hãy chọn nơi nhận."}
        )


class OfficerForm(_Between):
    username = TextField(
        label="Tên đăng nhập",
        max_length=60,
        help_text="Tài khoản đã có vai trò Nhân viên đơn vị gửi hộ.",
        error_messages={"required": "Hãy nhập tên đăng nhập."},
    )

    helper = laid("username", line("valid_from", "valid_to"))
