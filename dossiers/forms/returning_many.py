"""Giving many results back at once: each to its owner, or all to one who was authorised (R-78)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from dossiers.acts import collecting
from dossiers.forms.pressing import ForMany
from dossiers.forms.returning import (
    GiveBackForm,
    ask_notice,
    of_many,
    signature_field,
    told_field,
)
from dossiers.identity import check_person
from dossiers.models import Dossier, Return
from onestop.errors import say
from onestop.forms import NameField
from onestop.layout import Maybe, laid, line


class ManyReturnsForm(ForMany):
    """As the page of one, without what differs from one to the next: of each go home the originals
    that its own page would propose.
    """

    sometimes = frozenset({"note", "name", "identity", "authorisation"})

    taker = forms.TypedChoiceField(
        label="Người nhận", coerce=int, widget=forms.RadioSelect, initial=Return.Taker.OWNER,
        choices=[(Return.Taker.OWNER, "Chủ của từng hồ sơ"), (Return.Taker.AUTHORISED, "Một người nhận thay cho tất cả")],
    )  # fmt: skip
    name = NameField(
        label="Họ và tên người nhận thay",
        max_length=200,
        required=False,
        help_text="Chỉ khi nhận thay.",
    )
    identity = GiveBackForm.base_fields["identity"]
    authorisation = GiveBackForm.base_fields["authorisation"]
    way = forms.TypedChoiceField(
        label="Hình thức trả", coerce=int, widget=forms.RadioSelect, initial=Return.Way.DIRECT,
        choices=[(one, one.label) for one in (Return.Way.DIRECT, Return.Way.ONLINE)],
        help_text="Gửi qua bưu chính: dùng “Giao kết quả cho bưu chính” ở trang Bưu chính, mỗi kết quả một số phiếu gửi.",
    )  # fmt: skip
    signature = signature_field()
    note = GiveBackForm.base_fields["note"]
    notice = told_field()

    helper = laid(
        Maybe("notice"), "taker", line("name", "identity"), "authorisation", "way",
        "signature", "note",
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, dossiers: Sequence[Dossier], now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(data, dossiers=dossiers, now=now, **kwargs)
        ask_notice(self, of_many(len(collecting.untold_early(dossiers, now))))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("taker") == Return.Taker.AUTHORISED:
            self._judge_authorised(cleaned)
        unsigned = cleaned.get("signature") == Return.Signature.NONE
        if cleaned.get("way") == Return.Way.DIRECT and unsigned and not cleaned.get("note"):
            self.add_error("note", say("not_signed_why"))
        return cleaned

    def _judge_authorised(self, cleaned: dict[str, Any]) -> None:
        """By the rules of the page of one: who it is, by which paper, with which authorisation."""
        if not cleaned.get("name"):
            self.add_error("name", say("taker_missing"))
        if not cleaned.get("authorisation"):
            self.add_error("authorisation", say("taker_authorisation"))
        if cleaned.get("way") == Return.Way.DIRECT and not cleaned.get("identity"):
            self.add_error("identity", say("taker_identity"))
        checked = check_person(cleaned.get("identity") or "", timezone.localdate())
        cleaned["identity"] = checked.value
        for finding in checked.findings:
            said = say(finding.code, finding.data)
            if finding.refused:
                self.add_error("identity", said)
            elif finding.needs_reason and not cleaned.get("note"):
                self.add_error("identity", say("taker_identity_reason", {"finding": said}))
