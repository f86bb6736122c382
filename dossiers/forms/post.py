"""What the counter and the postman write about what goes by post."""

from __future__ import annotations

from typing import Any

from django import forms

from dossiers.acts.post_out import Postman, Trying
from dossiers.forms.fields import name_field, reason_field, short_field
from dossiers.forms.returning import ask_notice, payer_field, told_field
from dossiers.models.post import PostalTry
from onestop.forms import day_field
from onestop.layout import Maybe, laid, line


class GivePostForm(forms.Form):
    """Who takes over for the post; `early`: why an early result needs a notice first, "" for none."""

    office = short_field("Bưu cục", required=True, limit=120)
    postman = name_field("Nhân viên bưu chính nhận", required=True, limit=120)
    payer = payer_field()
    note = short_field("Ghi chú")
    notice = told_field()

    helper = laid(line("office", "postman"), "payer", Maybe("notice"), "note")

    def __init__(self, *args: Any, early: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_notice(self, early)

    @property
    def value(self) -> Postman:
        data = self.cleaned_data
        return Postman(
            data["office"], data["postman"], data["payer"], data["note"], data.get("notice") or None
        )


class TakePostForm(forms.Form):
    """Who brought it for the post; the lines stand in a table of their own."""

    office = short_field("Bưu cục", required=True, limit=120)
    postman = name_field("Nhân viên bưu chính giao", required=True, limit=120)
    note = short_field("Ghi chú")

    helper = laid(line("office", "postman"), "note")

    @property
    def value(self) -> Postman:
        data = self.cleaned_data
        return Postman(data["office"], data["postman"], note=data["note"])


class DeliverForm(forms.Form):
    to = name_field("Người đã nhận", required=True)

    helper = laid("to")


class TryForm(forms.Form):
    kind = forms.TypedChoiceField(
        label="Việc", choices=PostalTry.Kind.choices, coerce=int, widget=forms.RadioSelect,
        initial=PostalTry.Kind.FAILED,
    )  # fmt: skip
    on = day_field("Ngày", required=True)
    note = reason_field("Lý do, nội dung mời", rows=2, limit=300)

    helper = laid("kind", "on", "note")

    @property
    def value(self) -> Trying:
        data = self.cleaned_data
        return Trying(data["kind"], data["on"], data["note"])
