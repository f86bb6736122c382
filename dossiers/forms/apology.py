"""What a head or leader writes for an apology without a new date."""

from __future__ import annotations

from typing import Any

from django import forms

from dossiers.forms.fields import reason_field
from dossiers.forms.pressing import ForMany
from onestop.accounts.forms import OfficerField
from onestop.accounts.models import Officer
from onestop.layout import laid


class ApologyForm(forms.Form):
    reason = reason_field(help_text="In trên thư xin lỗi gửi người dân.", autofocus=True)
    signer = OfficerField(Officer.objects.none(), label="Người ký", empty_label=None)

    helper = laid("reason", "signer")

    def __init__(self, *args: Any, signers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["signer"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = signers.select_related("department")


class ManyApologiesForm(ForMany):
    """One reason for all; each letter is signed by the usual leader."""

    reason = reason_field(
        help_text="In trên thư xin lỗi gửi người dân, chung cho các hồ sơ đã chọn.", autofocus=True
    )

    helper = laid("reason")
