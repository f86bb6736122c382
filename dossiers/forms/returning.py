"""Giving a result back: who takes it, how, and which originals go home with it (R-78, R-80)."""

from __future__ import annotations

from datetime import date
from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.utils.text import Truncator

from dossiers.acts.post_out import MOST_FARE, UNREAD, Postman
from dossiers.acts.returning import Taking
from dossiers.forms.fields import short_field
from dossiers.forms.intake import money_of
from dossiers.identity import check_person, numbers_like
from dossiers.intake.authority import is_owner
from dossiers.intake.originals import going_back
from dossiers.models import Dossier, DossierPaper, Return
from dossiers.models.collecting import ResultNotice
from dossiers.models.post import PostalItem
from onestop.errors import say
from onestop.forms import WORDS, NameField, TextField
from onestop.layout import Maybe, laid, line
from onestop.templatetags.formatting import vn_datetime


class PapersBack(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{Truncator(obj.name).chars(120)} ({obj.originals} bản chính)"


def signature_field() -> forms.TypedChoiceField:
    """What the taker signs at the counter (R-78); the post and a portal have their own way."""
    signs = Return.Signature
    return forms.TypedChoiceField(
        label="Người nhận ký",
        choices=[(one, one.label) for one in (signs.RECEIPT, signs.BOOK, signs.NONE)],
        coerce=int,
        widget=forms.RadioSelect,
        initial=signs.RECEIPT,
        help_text="Khi trả tại quầy. Biên nhận được lập để in, hai bên ký; không ký thì ghi vì sao vào Ghi chú.",
    )


def payer_field(*, required: bool = True) -> forms.TypedChoiceField:
    payers = PostalItem.Payer
    return forms.TypedChoiceField(
        label="Người trả cước", choices=payers.choices, coerce=int, widget=forms.RadioSelect,
        initial=payers.RECEIVER, required=required,
    )  # fmt: skip


def fare_of(text: str) -> int:
    """A fare as it is typed, 0 where nothing is; UNREAD where it is no amount."""
    cost = money_of(text, most=MOST_FARE) if text else 0
    return UNREAD if cost is None else cost


def told_field() -> forms.TypedChoiceField:
    """How the applicant was told just now of a result that is earlier than promised (R-79)."""
    ways = ResultNotice.Way
    return forms.TypedChoiceField(
        label="Báo trước khi trả",
        choices=[(one, one.label) for one in (ways.SPOKEN, ways.CALL, ways.MESSAGE)],
        coerce=int,
        widget=forms.RadioSelect,
        help_text="Kết quả có trước ngày hẹn: lần báo được lưu cùng lần trả. Người nộp đến nhận tại quầy: Báo trực tiếp.",
    )


def ask_notice(form: forms.Form, why: str) -> None:
    """Let the form ask for the notice, saying `why` where it is missing; empty where none is needed."""
    if why:
        form.fields["notice"].error_messages["required"] = why
    else:
        del form.fields["notice"]


def of_many(untold: int) -> str:
    """Why many ask for it: so many of them are early, and nobody was told."""
    return say("early_untold_many", {"count": untold}) if untold else ""


class GiveBackForm(forms.Form):
    """Prefilled for the ordinary case: the owner takes it at the counter, and what was only shown
    goes home again.

    A refused dossier goes back whole, but for the request itself. In the order of the page.
    """

    # Why something stays here, or goes to somebody else.
    sometimes = frozenset({"note", "post_number", "fare", "office", "postman", "payer"})

    taker = forms.TypedChoiceField(
        label="Người nhận", choices=Return.Taker.choices, coerce=int, widget=forms.RadioSelect
    )
    name = NameField(
        label="Họ và tên người nhận",
        max_length=200,
        error_messages={"required": "Hãy ghi người nhận kết quả."},
    )
    identity = TextField(
        label="Số giấy tờ tùy thân",
        max_length=30,
        required=False,
        help_text="Đối chiếu với giấy tờ tùy thân.",
    )
    authorisation = TextField(
        says=WORDS,
        label="Giấy ủy quyền",
        max_length=200,
        required=False,
        help_text="Chỉ khi nhận thay: số, ngày văn bản ủy quyền.",
    )
    papers_back = PapersBack(
        label="Bản chính trả lại cùng kết quả",
        help_text="Giấy tờ xuất trình, đối chiếu được chọn sẵn. Tờ khai và giấy tờ phải nộp lưu cùng hồ sơ; chọn thêm nếu trả lại.",
        queryset=DossierPaper.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    way = forms.TypedChoiceField(
        label="Hình thức trả", choices=Return.Way.choices, coerce=int, widget=forms.RadioSelect
    )
    post_number = TextField(
        says=WORDS,
        label="Số phiếu gửi bưu chính",
        max_length=40,
        required=False,
        help_text="Chỉ khi gửi qua bưu chính. Gửi đến địa chỉ của hồ sơ; nơi khác thì đính chính địa chỉ trước.",
    )
    fare = short_field("Cước (đồng)", limit=20)
    office = short_field("Bưu cục", limit=120)
    postman = short_field("Nhân viên bưu chính nhận", limit=120)
    payer = payer_field(required=False)
    signature = signature_field()
    note = TextField(label="Ghi chú", max_length=300, required=False)
    notice = told_field()

    helper = laid(
        Maybe("notice"),
        "taker",
        line("name", "identity"),
        "authorisation",
        Maybe("papers_back"),
        "way",
        Div(
            line("post_number", "fare"),
            line("office", "postman"),
            "payer",
            css_class="post-only",
        ),
        "signature",
        "note",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        dossier: Dossier,
        papers: list[DossierPaper],
        on: date,
        refused: bool = False,
        untold: bool = False,
    ) -> None:
        initial = {
            "taker": Return.Taker.OWNER,
            "name": dossier.owner_name,
            "identity": dossier.identity_number,
            "way": Return.Way.POST if dossier.return_by_post else Return.Way.DIRECT,
            "papers_back": [one.pk for one in going_back(papers, refused=refused)],
        }
        super().__init__(data, initial=initial)
        early = say("early_untold", {"due": vn_datetime(dossier.due_at)})
        ask_notice(self, early if untold else "")
        self.on, self.owners_number, self.owners_name = (
            on,
            dossier.identity_number,
            dossier.owner_name,
        )
        # Chosen another taker, the page empties what is the owner's (app.js); the domain refuses it
        # in any case.
        for name, value in (("name", dossier.owner_name), ("identity", dossier.identity_number)):
            self.fields[name].widget.attrs |= {
                "data-owns": f"taker={Return.Taker.OWNER}",
                "data-own": value,
            }
        field = self.fields["papers_back"]
        assert isinstance(field, PapersBack)
        if papers:
            # The rows are at hand: choices without another query, checked against them.
            field.queryset = DossierPaper.objects.held().filter(dossier=dossier)
            field.choices = [(p.pk, field.label_from_instance(p)) for p in papers]
        else:
            del self.fields["papers_back"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("taker") == Return.Taker.AUTHORISED and not cleaned.get("authorisation"):
            self.add_error(
                "authorisation", "Người nhận không phải chủ hồ sơ: hãy ghi giấy ủy quyền."
            )
        if cleaned.get("way") == Return.Way.POST:
            self._judge_letter(cleaned)
        self._judge_identity(cleaned)
        if cleaned.get("taker") == Return.Taker.AUTHORISED:
            self._judge_authorised(cleaned)
        return cleaned

    def _judge_letter(self, cleaned: dict[str, Any]) -> None:
        """What minutes with the post name (R-120)."""
        for name, code in (
            ("post_number", "post_number_missing"), ("office", "post_office"), ("postman", "post_postman"),
        ):  # fmt: skip
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, say(code))
        cost = fare_of(cleaned.get("fare") or "")
        if cost == UNREAD:
            self.add_error("fare", say("post_fare", {"number": cleaned.get("post_number", "")}))
        cleaned["fare"] = cost

    def _judge_authorised(self, cleaned: dict[str, Any]) -> None:
        """Somebody else than the owner, who shows a paper when taking it at the counter."""
        name, identity = cleaned.get("name") or "", cleaned.get("identity") or ""
        if is_owner(
            name=name,
            identity=identity,
            owner_name=self.owners_name,
            owner_identity=self.owners_number,
        ):
            self.add_error("name", say("taker_is_owner"))
        elif (
            not identity
            and cleaned.get("way") == Return.Way.DIRECT
            and "identity" not in self.errors
        ):
            self.add_error("identity", say("taker_identity"))

    def _judge_identity(self, cleaned: dict[str, Any]) -> None:
        """The taker's number by the rules of intake; the owner's own was judged there, whatever its
        form.
        """
        typed = cleaned.get("identity") or ""
        if self.owners_number and self.owners_number in numbers_like(typed):
            cleaned["identity"] = self.owners_number
            return
        checked = check_person(typed, self.on)
        cleaned["identity"] = checked.value
        for finding in checked.findings:
            told = say(finding.code, finding.data)
            if finding.refused:
                self.add_error("identity", told)
            elif finding.needs_reason and not cleaned.get("note"):
                self.add_error("identity", say("taker_identity_reason", {"finding": told}))

    @property
    def is_letter(self) -> bool:
        """Whether it goes by post."""
        return bool(self.cleaned_data["way"] == Return.Way.POST)

    def postman_taking_over(self) -> Postman:
        data = self.cleaned_data
        return Postman(
            data["office"],
            data["postman"],
            data["payer"] or PostalItem.Payer.RECEIVER,
            data["note"],
        )

    def taking(self) -> Taking:
        data = self.cleaned_data
        return Taking(
            name=data["name"],
            way=data["way"],
            taker=data["taker"],
            identity=data["identity"],
            authorisation=data["authorisation"],
            post_number=data["post_number"] if self.is_letter else "",
            papers_back=tuple(p.pk for p in data.get("papers_back", ())),
            note=data["note"],
            signature=data["signature"],
            told=data.get("notice"),
        )
