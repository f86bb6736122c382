"""What an officer writes for an act on one dossier. The domain decides; these forms read and keep
what was typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final, Literal, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field
from django import forms
from django.utils import timezone

from dossiers.acts.endings import STOP_NEEDS, EndingIn, ResultIn, decision
from dossiers.forms.fields import FurtherTermForm, name_field, reason_field, short_field
from dossiers.forms.intake import part
from dossiers.forms.wanted import WantedRow, papers_wanted, wanted_rows
from dossiers.intake.wanted import Wanted, What, declared, outside
from dossiers.models import Result, Supplement, is_draft
from onestop.accounts.forms import OfficerField
from onestop.accounts.models import Officer
from onestop.errors import say
from onestop.files import kinds
from onestop.files.models import Attachment
from onestop.folding import fold
from onestop.forms import TextField, day_field
from onestop.layout import Fold, Maybe, Part, laid, line
from onestop.templatetags.formatting import vn_datetime
from procedures.models import Paper

FEE_HELP = (
    "Đã thu thì ghi hoàn trả bao nhiêu, hoặc vì sao không hoàn trả; không thu thì ghi “Không thu”."
)
_NOT_HERE = "Không ký tại đây: chưa ký, hoặc tệp đã ký từ nơi khác"
SENT: Final = "sent"
_GRANTED_NEEDS = {
    "number": "Hãy nhập số, ký hiệu của kết quả.",
    "issued_on": "Hãy nhập ngày ban hành.",
    "signer": "Hãy nhập người ký.",
}


class ResultForm(forms.Form):
    """A result, or a refusal after appraisal: which fields are needed follows from the kind, so the
    browser is not told.
    """

    use_required_attribute = False
    # Of what is signed; a draft has none of them.
    sometimes = frozenset({"number", "issued_on", "signer"})

    kind = forms.TypedChoiceField(
        label="Kết quả giải quyết", choices=Result.Kind.choices, coerce=lambda v: Result.Kind(int(v)), widget=forms.RadioSelect,
        initial=Result.Kind.GRANTED,
    )  # fmt: skip
    title = short_field(
        "Loại kết quả", help_text="Ví dụ: Giấy xác nhận tình trạng hôn nhân.", autofocus=True
    )
    number = short_field(
        "Số, ký hiệu",
        limit=60,
        help_text="Chưa ký, chưa có số thì để trống số và người ký: lưu làm dự thảo để trình duyệt.",
    )
    issued_on = day_field("Ngày ban hành")
    signer = name_field("Người ký", limit=120)
    electronic = forms.BooleanField(
        label="Bản điện tử đã ký số",
        required=False,
        help_text="Chỉ khi đã được duyệt: hồ sơ kết thúc ngay khi lưu. Nếu không, khi Bộ phận Một cửa nhận được kết quả.",
    )
    file = forms.FileField(
        label="Tệp kết quả",
        required=False,
        help_text="PDF, ảnh, Word, Excel hoặc OpenDocument; không có mật khẩu.",
        widget=forms.FileInput(attrs={"accept": kinds.ACCEPT}),
    )
    reason = reason_field(
        "Lý do từ chối",
        required=False,
        help_text="Bắt buộc khi từ chối: in trên Phiếu từ chối giải quyết hồ sơ.",
    )

    sign = forms.ChoiceField(
        label="Ký số tại đây",
        required=False,
        widget=forms.RadioSelect,
        help_text="Bằng khóa của cơ quan, có dấu hiệu ở góc trên bên phải trang đầu. Tệp phải ghi sẵn số, ngày như trên: ký rồi không điền thêm được. Tệp gốc được giữ lại. Tệp đã ký là kết quả điện tử: hồ sơ kết thúc ngay khi lưu.",
    )

    helper = laid(
        "kind",
        line(Field("title", wrapper_class="wide"), "number", "issued_on", "signer"),
        "file",
        Maybe("sign"),
        "electronic",
        "reason",
    )

    def __init__(
        self,
        *args: Any,
        on: date | None = None,
        to_sign: Sequence[Attachment] | None = None,
        **kwargs: Any,
    ) -> None:
        """`on`: the day of the act, which no result of it is issued after. `to_sign`: files that may be
        signed here; None where nothing is signed here.
        """
        super().__init__(*args, **kwargs)
        self.on = on
        self.files_to_sign = {str(file.pk): file for file in to_sign or ()}
        if to_sign is None:
            del self.fields["sign"]
        else:
            files = self.files_to_sign
            last = max((one.uploaded_at for one in files.values()), default=None)
            choices = [
                (pk, _to_sign_words(one, older=one.uploaded_at != last))
                for pk, one in files.items()
            ]
            sign = cast("forms.ChoiceField", self.fields["sign"])
            sign.choices = [("", _NOT_HERE), *choices, (SENT, "Ký số tệp vừa chọn ở trên")]
        refused = self.data.get("kind") == str(Result.Kind.REFUSED.value)
        typed = {name: self.data.get(name) for name in ("number", "signer", "electronic")}
        typed["electronic"] = typed["electronic"] or self.data.get("sign")
        drafted = is_draft({"kind": Result.Kind.GRANTED, **typed})
        self.fields["reason"].required = refused
        for name, words in _GRANTED_NEEDS.items():
            self.fields[name].required = not (refused or drafted)
            self.fields[name].error_messages["required"] = words

    def clean_issued_on(self) -> date | None:
        day: date | None = self.cleaned_data["issued_on"]
        if day is not None and self.on is not None and day > self.on:
            raise forms.ValidationError(say("issued_in_future"))
        return day

    @property
    def signed(self) -> Attachment | Literal["sent"] | None:
        """The file to sign here, or that it is the one sent now; None where none is."""
        said = self.cleaned_data.get("sign", "")
        return SENT if said == SENT else self.files_to_sign.get(said)

    def clean(self) -> dict[str, Any]:
        """What is signed here is the electronic result."""
        data = super().clean() or {}
        if "sign" not in self.fields and self.data.get("sign"):  # the key went away meanwhile
            self.add_error(None, say("sign_not_here"))
        if data.get("sign"):
            data["electronic"] = True
        return data

    def value(self) -> ResultIn:
        data = self.cleaned_data
        return ResultIn(
            **{
                name: data[name]
                for name in (
                    "kind",
                    "title",
                    "number",
                    "issued_on",
                    "signer",
                    "reason",
                    "electronic",
                )
            }
        )


def _to_sign_words(file: Attachment, *, older: bool) -> str:
    """Drafts often bear the same name. `older`: another one came later."""
    later = ", đã có bản tải lên sau" if older else ""
    return f"Ký số tệp đã có: {file.name} (tải lên {vn_datetime(file.uploaded_at)}{later})"


class FinishForm(forms.Form):
    note = short_field(
        "Vì sao không qua bước duyệt",
        help_text="Chỉ ghi khi hồ sơ chưa qua bước duyệt, ví dụ: kết quả do Sở ký. In trên phiếu kiểm soát.",
    )

    helper = laid("note")


_WANTED = Part("dossiers/acts/_wanted.html")
_OUTSIDE = Fold(
    "Pháp luật chuyên ngành yêu cầu giấy tờ ngoài thành phần hồ sơ đã công bố",
    "outside",
    css="why outside",
)


class ProposeForm(forms.Form):
    """What is asked for and why. `papers`: the published ones of the case; `proposal`: whose lines
    are filled in at first.
    """

    items = part("Giấy tờ trong danh mục", "can-bo-sung")
    declared = TextField(
        label="Nội dung kê khai cần sửa", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Mỗi dòng một nội dung, ví dụ: Tờ khai chưa ghi ngày sinh của mẹ.",
    )  # fmt: skip
    outside = TextField(
        label="Giấy tờ ngoài danh mục công bố", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Không được yêu cầu, trừ khi luật chuyên ngành cho phép: phải ghi căn cứ pháp lý, phiếu in căn cứ đó.",
    )  # fmt: skip
    reason = reason_field()
    legal_basis = short_field(
        "Căn cứ pháp lý",
        help_text="Bắt buộc khi yêu cầu giấy tờ ngoài danh mục hoặc sau 03 ngày làm việc.",
    )

    helper: Any = laid(_WANTED, "declared", "reason", "legal_basis", _OUTSIDE)

    def __init__(
        self, *args: Any, papers: Sequence[Paper], proposal: Supplement | None = None, **kwargs: Any
    ) -> None:
        known = proposal.items if proposal is not None else []
        if proposal is not None:
            kwargs["initial"] = {
                "declared": "\n".join(
                    line["note"] for line in known if line["what"] == What.DECLARED
                ),
                "outside": "\n".join(
                    line["name"] for line in known if line["what"] == What.OUTSIDE
                ),
                "reason": proposal.reason,
                "legal_basis": proposal.legal_basis,
            }
        super().__init__(*args, **kwargs)
        self.rows: list[WantedRow] = wanted_rows(
            papers, self.data if self.is_bound else None, known
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.wanted:
            self.add_error("items", say("items_missing"))
        return data

    @property
    def wanted(self) -> list[Wanted]:
        """What was ticked and written; which of it may be asked for is judged by the domain."""
        data = self.cleaned_data
        return [
            *papers_wanted(self.data),
            *declared(data.get("declared") or ""),
            *outside(data.get("outside") or ""),
        ]


class AskForm(ProposeForm):
    """The counter's request. `needs_approver`, `needs_basis`: whether the rules ask for one, so that
    everything that lacks is said at once.
    """

    respond_by = day_field("Đề nghị bổ sung trước ngày")
    approver = OfficerField(
        Officer.objects.none(),
        label="Người duyệt",
        required=False,
        empty_label="Không cần người duyệt",
    )

    def __init__(
        self, *args: Any, approvers: Any, needs_approver: bool, needs_basis: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.needs_approver = needs_approver
        choice = self.fields["approver"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = approvers
        if needs_approver:
            choice.required = True
            choice.empty_label = "Chọn trưởng phòng hoặc lãnh đạo"
            choice.error_messages["required"] = "Lần yêu cầu này cần người duyệt."
        if needs_basis:
            basis = self.fields["legal_basis"]
            basis.required, basis.error_messages["required"] = True, say("late_supplement")

    @property
    def helper(self) -> FormHelper:
        approval = ["approver"] if self.needs_approver else []
        asked = ("declared", "reason", line("respond_by", "legal_basis"))
        return laid(_WANTED, *asked, *approval, _OUTSIDE)

    @property
    def respond_at(self) -> datetime | None:
        """The end of the day named, as an instant."""
        day = self.cleaned_data.get("respond_by")
        return timezone.make_aware(datetime.combine(day, time(17))) if day else None


class NothingForm(forms.Form):
    """An act that asks for nothing but the decision to do it."""

    helper = laid()


class CompleteForm(NothingForm):
    """`newest`: of the files sent on line the newest that the page shows; `count`: how many it shows."""

    newest = forms.IntegerField(required=False, widget=forms.HiddenInput)
    count = forms.IntegerField(required=False, widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    """The applicant's own request to have the dossier back (R-72): who, on which day, why."""

    requested_by = name_field("Người đề nghị", required=True)
    requested_on = day_field("Ngày đề nghị", required=True)
    authorisation = short_field(
        "Văn bản ủy quyền",
        limit=200,
        help_text="Chỉ khi người khác đề nghị thay chủ hồ sơ: số, ngày văn bản.",
    )
    reason = reason_field(autofocus=True)
    fee_consequence = short_field("Phí, lệ phí", help_text=FEE_HELP)

    helper = laid(
        line("requested_by", "requested_on"),
        Maybe("authorisation"),
        "reason",
        Maybe("stage"),
        line(Maybe("decision_number", "decision_on")),
        Maybe("signer"),
        "fee_consequence",
    )

    def __init__(self, *args: Any, owner: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        asked_by = data.get("requested_by")
        if (
            "authorisation" in self.fields
            and asked_by
            and fold(asked_by) != fold(self.owner)
            and not data.get("authorisation")
        ):
            self.add_error("authorisation", say("requester_authorisation"))
        return data

    def value(self) -> EndingIn:
        return EndingIn(**self.cleaned_data)


class StopForm(WithdrawForm):
    """A stop asks for everything its notice says (R-71): request, stage, decision with its signer,
    what becomes of the fee.
    """

    stage = short_field("Đang giải quyết đến bước", required=True)
    decision_number = short_field(
        "Số, ký hiệu quyết định dừng giải quyết", required=True, limit=30, placeholder="12/QĐ-UBND"
    )
    decision_on = day_field("Ngày quyết định", required=True)
    signer = name_field("Người ký", required=True, limit=120)
    field_order = (
        "requested_by",
        "requested_on",
        "reason",
        "stage",
        "decision_number",
        "decision_on",
        "signer",
        "fee_consequence",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["authorisation"]
        self.fields["fee_consequence"].required = True
        for name, code in STOP_NEEDS.items():
            self.fields[name].error_messages["required"] = say(code)
        self.fields["decision_on"].error_messages["required"] = (
            "Hãy ghi ngày của quyết định dừng giải quyết."
        )

    def value(self) -> EndingIn:
        data = dict(self.cleaned_data)
        number = decision(data["decision_number"], data.pop("decision_on"))
        return EndingIn(**data | {"decision_number": number})

    def clean_decision_on(self) -> Any:
        day = self.cleaned_data["decision_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Ngày quyết định không được sau hôm nay.")
        return day


class ReappointForm(FurtherTermForm):
    reason = reason_field(help_text="In trên văn bản xin lỗi gửi người dân.", autofocus=True)
    signer = OfficerField(Officer.objects.none(), label="Người ký", empty_label=None)

    helper = laid(line("quantity", "unit"), "reason", "signer")

    def __init__(self, *args: Any, signers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["signer"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = signers.select_related("department")
