"""One line of the short path: who, how many pages, how many copies. The fee follows; Enter is
enough.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from crispy_forms.layout import Field
from django import forms
from django.utils import timezone

from dossiers.forms.instants import instant_of
from dossiers.forms.intake import money_of, plain, text_field
from dossiers.identity import check_identity, kind_of
from dossiers.intake.copy_fees import MOST_PAPERS, Copied, Price, fee_of, price_of
from dossiers.models.dossier import IdentityKind, OwnerKind
from dossiers.reading_cards import MOST_READ, Card, read_card
from onestop.errors import say
from onestop.folding import fold
from onestop.layout import laid
from onestop.texts import has_letter, whole_number
from onestop.typed import odd_figure, plain_digits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from procedures.models import Method

MOST_SIGNER = 120
_NUMBER = re.compile(r"(?<![\w.])[A-Za-z]?[0-9][0-9 .-]{5,14}[0-9](?!\w)")


class LineForm(forms.Form):
    """`name`, `identity`, `fee_amount` and `fee_reason` are read from what was typed."""

    use_required_attribute = False

    token = forms.UUIDField(widget=forms.HiddenInput)
    # What a scanned card says beside name and number.
    scanned = forms.CharField(required=False, max_length=MOST_READ, widget=forms.HiddenInput)
    who = text_field(
        "Họ tên, hoặc số căn cước; hoặc quét căn cước",
        MOST_READ,
        asked=True,
        spellcheck="false",
        **{"data-focus": "1", "data-takes": "1", "data-card": "scanned"},
    )
    pages = text_field("Số trang", 3, asked=True, inputmode="numeric")
    copies = text_field("Số bản", 3, asked=True, inputmode="numeric")
    fee = text_field("Thu (đồng)", 14, inputmode="numeric")

    helper = laid(
        "token",
        "scanned",
        Field("who", wrapper_class="line-who"),
        Field("pages", wrapper_class="line-count"),
        Field("copies", wrapper_class="line-count"),
        Field("fee", wrapper_class="line-fee"),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        on: date,
        method: Method,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.on, self.method = on, method
        # Who signs it now: filled for certifications (CertifiedLine).
        self.signed_by = ""
        # Until when it was agreed, of an hour alone on which day (CertifiedLine).
        self.agreed_at: datetime | None = None
        self.agreed_day: date | None = None
        self.price: Price | None = price_of(method.fee_amount, method.fee_per, method.note)
        if self.price is not None:
            told = self.price
            parts = (told.page, int(told.by_page), told.step_page, told.step_price, told.cap)
            self.fields["fee"].widget.attrs["data-price"] = " ".join(map(str, parts))
        self.name = self.identity = self.address = ""
        self.identity_kind: int = IdentityKind.CITIZEN_CARD

    def renew(self) -> None:
        """This line was sent already with other content: what is typed now goes on under a token of
        its own.
        """
        self.data = {key: self.data.get(key) for key in self.data} | {"token": str(uuid4())}

    def clean_who(self) -> str:
        typed = self.cleaned_data["who"]
        card = read_card(typed)
        text = plain(plain_digits(f"{card.name} {card.number}" if card is not None else typed))
        if sign := odd_figure(text):
            raise forms.ValidationError(say("number_sign", {"sign": sign}))
        found = _NUMBER.search(text)
        self.name = plain(text.replace(found[0], " ")).strip(" -,;") if found else text
        if found:
            self.identity_kind = kind_of(found[0])
            checked = check_identity(self.identity_kind, found[0], self.on)
            if checked.needs_reason:
                odd = checked.findings[0]
                raise forms.ValidationError(
                    f"{say(odd.code, odd.data)} Hãy sửa lại số, hoặc chỉ nhập họ tên."
                )
            self.identity = checked.value
            self._take_card(card or read_card(self.cleaned_data.get("scanned") or ""))
        if not text:
            raise forms.ValidationError(say("line_empty"))
        if self.name and not has_letter(self.name):
            raise forms.ValidationError(say("line_name"))
        if len(self.name) > 200:
            raise forms.ValidationError(say("too_long", {"most": 200}))
        return text

    def _take_card(self, card: Card | None) -> None:
        """Name and address as the card writes them, where the line is still about its holder."""
        if card is None or card.number != self.identity:
            return
        self.address = card.address
        if fold(self.name) in ("", fold(card.name)):
            self.name = card.name

    def clean_pages(self) -> int:
        return self._count("pages", "pages_unreadable")

    def clean_copies(self) -> int:
        return self._count("copies", "copies_unreadable")

    def clean_fee(self) -> int | None:
        text = self.cleaned_data["fee"].strip()
        amount = money_of(text)
        if text and amount is None:
            raise forms.ValidationError(say("fee_unreadable"))
        if amount is None and self.price is None:
            raise forms.ValidationError(say("line_fee"))
        return amount

    @property
    def copied(self) -> Copied:
        return Copied(self.cleaned_data["pages"], self.cleaned_data["copies"])

    @property
    def owner_kind(self) -> int:
        """A tax code is a company's."""
        is_company = self.identity_kind == IdentityKind.TAX_CODE
        return OwnerKind.COMPANY if is_company else OwnerKind.CITIZEN

    @property
    def fee_amount(self) -> int:
        """What is collected: typed, or computed from the published price."""
        typed = self.cleaned_data["fee"]
        if typed is not None:
            return int(typed)
        assert self.price is not None
        copied = self.copied
        return fee_of(self.price, copied.pages, copied.copies) * copied.papers

    @property
    def fee_reason(self) -> str:
        """How the amount came about, recorded with it."""
        told = self.copied.counts(by_page=self.price is None or self.price.by_page)
        return (
            f"{told}, thu theo số nhập tại quầy"
            if self.cleaned_data["fee"] is not None
            else f"{told} theo mức công bố"
        )

    @property
    def summary(self) -> str:
        return str(self.copied)

    def _count(self, name: str, code: str, most: int = 999) -> int:
        number = whole_number(self.cleaned_data[name].strip() or "1", most=most)
        if not number:
            raise forms.ValidationError(say(code))
        return number


class CertifiedLine(LineForm):
    """The same of a certification, which is written into its book when it is signed (NĐ 23/2015 Đ13):
    of how many papers, which, and who signs. A promised one (viec=hen) is signed later.
    """

    papers = text_field("Số giấy", 2, asked=True, inputmode="numeric")
    what = text_field("Tên giấy tờ (ghi vào sổ)", 120)
    signer = text_field("Người ký, chức danh", MOST_SIGNER, asked=True)
    agreed = text_field("Hẹn theo thỏa thuận, lúc", 20)

    helper = laid(
        "token",
        "scanned",
        Field("who", wrapper_class="line-who"),
        Field("pages", wrapper_class="line-count"),
        Field("copies", wrapper_class="line-count"),
        Field("papers", wrapper_class="line-count"),
        Field("fee", wrapper_class="line-fee"),
        Field("what", wrapper_class="line-who"),
        Field("signer", wrapper_class="line-who"),
        Field("agreed", wrapper_class="line-who"),
    )

    def clean_papers(self) -> int:
        return self._count("papers", "line_papers", most=MOST_PAPERS)

    def clean_what(self) -> str:
        return plain(self.cleaned_data["what"])

    def clean_agreed(self) -> str:
        """Hour and day that were agreed with the applicant (NĐ 23/2015 Đ7), or an hour alone: of the
        working day after the promise, which only the view knows.
        """
        text = plain(self.cleaned_data["agreed"])
        # The hour first or the day first.
        hour, _, day = text.partition(" ")
        text = f"{day} {hour}" if ":" in hour and day else text
        self.agreed_at = instant_of(text, timezone.now(), self.agreed_day) if text else None
        if text and self.agreed_at is None:
            raise forms.ValidationError(say("agree_unreadable"))
        return text

    def clean(self) -> dict[str, Any]:
        """Whoever signed the last one signs on, until another is typed; what is agreed for later is
        signed later.
        """
        data = super().clean() or {}
        self.signed_by = plain(data.get("signer", ""))
        later = self.data.get("viec") == "hen" or self.agreed_at is not None
        if not self.signed_by and not later and "agreed" not in self.errors:
            self.add_error("signer", say("line_signer"))
        return data

    @property
    def copied(self) -> Copied:
        data = self.cleaned_data
        return Copied(data["pages"], data["copies"], data["papers"], data["what"])
