"""What the counter writes of a reception made by mistake."""

from __future__ import annotations

from typing import Any

from django import forms

from dossiers.forms.fields import reason_field
from onestop.accounts.forms import OfficerField
from onestop.accounts.models import Officer
from onestop.layout import laid


class VoidForm(forms.Form):
    """Why, and who is to agree. `approvers`: heads and leaders of the counter's agency."""

    reason = reason_field(
        "Vì sao tiếp nhận nhầm",
        help_text="Ví dụ: nhập nhầm thủ tục; nhập hai lần một hồ sơ. Người nộp đọc được lý do này khi tra cứu.",
        autofocus=True,
        limit=500,
    )
    approver = OfficerField(
        Officer.objects.none(),
        label="Người duyệt",
        empty_label="Chọn trưởng phòng hoặc lãnh đạo",
        error_messages={"required": "Hãy chọn người duyệt."},
    )

    helper = laid("reason", "approver")

    def __init__(self, *args: Any, approvers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["approver"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = approvers
