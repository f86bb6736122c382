"""The three questions about what was handed in on a portal: its code there, when, and why so old a
filing comes only now. Asked while the chosen channel is an online one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms

from dossiers.intake import online
from dossiers.intake.brought import OnlineIn
from dossiers.intake.portal_codes import portal_code
from onestop.errors import DomainError, say
from onestop.forms import WORDS, TextField
from onestop.worktime import InstantError, parse_instant

if TYPE_CHECKING:
    from dossiers.intake.brought import Brought

CODE_HELP = "Quét mã vạch hoặc QR, dán, hoặc gõ mã trên trang của Cổng; không cấp mã khác."
FILED_HELP = "Ngày/tháng/năm giờ:phút, ví dụ 20/11/2026 16:45. Để trống khi mã có trong danh sách của Cổng đã tải lên."


class _Asked(TextField):
    """A question that wants an answer while the channel is an online one: judged in `online`."""

    def validate(self, value: Any) -> None:
        """Nothing here."""


def _line(label: str, most: int, help: str, **attrs: str) -> TextField:
    found = _Asked(
        label=label,
        required=True,
        help_text=help,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"} | attrs),
    )
    found.most = most  # type: ignore[attr-defined]
    return found


class OnlineFields(forms.Form):
    source_code = _line("Mã hồ sơ trên Cổng", 300, CODE_HELP, autocapitalize="characters")
    filed_at = _line("Giờ nộp trên Cổng", 20, FILED_HELP, placeholder="20/11/2026 16:45")
    filed_reason = TextField(
        label="Lý do nay mới tiếp nhận",
        required=False,
        max_length=300,
        says=WORDS,
        help_text=f"Chỉ ghi khi hồ sơ nộp đã quá {online.OLD.days} ngày.",
    )

    # Which content of a filing the page began with (intake/online.py).
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput())

    def online(
        self, data: Mapping[str, Any], chosen: Brought, *, at: datetime, is_received: bool
    ) -> OnlineIn | None:
        """What was said of the filing, its problems beside the fields; None for what was not handed
        in on a portal. Guidance and refusal need no code, but one that is typed must be right.
        """
        if chosen.channel not in online.CHANNELS:
            return None
        said = OnlineIn(
            portal_code(data.get("source_code") or ""),
            self._instant(data.get("filed_at") or ""),
            data.get("filed_reason") or "",
            data.get("seen") or "",
        )
        if not is_received and not (data.get("source_code") or ""):
            return None
        if self.errors.keys() & {"source_code", "filed_at", "filed_reason"}:
            return said
        try:
            filed = online.check(said, agency=chosen.agency, at=at)
        except DomainError as error:
            if is_received or error.field == "source_code":
                self.add_error(error.field, say(error.code, error.data))
            return said
        return OnlineIn(said.code, filed.filed_at, said.reason, said.seen)

    def _instant(self, text: str) -> datetime | None:
        if not text.strip():
            return None
        try:
            return parse_instant(text)
        except InstantError:
            self.add_error("filed_at", say("online_filed_unreadable"))
            return None
