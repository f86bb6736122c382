"""Why a dossier is sent back: the one thing that whoever approves writes."""

from __future__ import annotations

from django import forms

from dossiers.acts.approval import MOST_REASON
from dossiers.forms.fields import reason_field
from onestop.layout import laid


class SendBackForm(forms.Form):
    reason = reason_field(
        "Lý do trả lại",
        help_text="Người xử lý đọc lý do này ở đầu trang hồ sơ; in trên phiếu kiểm soát.",
        autofocus=True,
        limit=MOST_REASON,
    )

    helper = laid("reason")
