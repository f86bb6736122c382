"""Whom one more guidance is put before anew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from onestop.accounts.models import Officer
from onestop.forms import TextField
from onestop.layout import laid, line


class PutAgainForm(forms.Form):
    approver = forms.ChoiceField(label="Người phê duyệt", choices=())
    reason = TextField(label="Lý do phải hướng dẫn lần nữa", max_length=300)

    helper = laid(line("approver", "reason"))

    def __init__(self, *args: Any, approvers: Iterable[Officer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.approvers = {str(one.pk): one for one in approvers}
        offered = [(pk, one.introduced) for pk, one in self.approvers.items()]
        choice = self.fields["approver"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "Chọn trưởng phòng hoặc lãnh đạo"), *offered]

    def whom(self) -> Officer:
        return self.approvers[self.cleaned_data["approver"]]
