"""What is written of an urging and of its answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from dossiers.acts.urging import usual_answer_by
from dossiers.forms.fields import reason_field
from dossiers.forms.instants import instant_of
from dossiers.forms.pressing import ForMany
from dossiers.models import Dossier
from onestop.errors import say
from onestop.forms import TextField
from onestop.layout import laid
from onestop.templatetags.formatting import vn_datetime

ASKED = "In trên phiếu đôn đốc. Không ghi nhận xét về người dân."


def _asked() -> forms.CharField:
    field = reason_field("Nội dung đôn đốc", help_text=ASKED, autofocus=True)
    field.error_messages["required"] = say("urge_missing")
    return field


def _answer_by() -> forms.CharField:
    return TextField(
        label="Trả lời trước",
        max_length=20,
        help_text="Ngày, giờ, ví dụ 27/11/2026 16:30.",
        error_messages={"required": say("urge_unreadable")},
    )


class _WithDay(forms.Form):
    """`now`: what the typed instant is read and judged by."""

    now: datetime

    def clean_answer_by(self) -> datetime:
        at = instant_of(self.cleaned_data["answer_by"], self.now)
        if at is None:
            raise forms.ValidationError(say("urge_unreadable"))
        if at <= self.now:
            raise forms.ValidationError(say("urge_passed"))
        return at

    def _propose(self, agency_id: int) -> None:
        usual = usual_answer_by(agency_id, self.now)
        self.fields["answer_by"].initial = vn_datetime(usual) if usual else ""


class UrgeForm(_WithDay):
    asked = _asked()
    answer_by = _answer_by()

    helper = laid("asked", "answer_by")

    def __init__(self, *args: Any, now: datetime, agency_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self._propose(agency_id)


class ManyUrgingsForm(ForMany, _WithDay):
    """The same words and day for all chosen dossiers; each has a slip with a number of its own."""

    asked = _asked()
    answer_by = _answer_by()

    helper = laid("asked", "answer_by")

    def __init__(
        self, data: Any = None, *, dossiers: Sequence[Dossier], now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(data, dossiers=dossiers, now=now, **kwargs)
        self.now = now
        if dossiers:
            self._propose(dossiers[0].agency_id)

    @property
    def told(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"asked": data["asked"], "answer_by": data["answer_by"].isoformat()}


class AnswerForm(forms.Form):
    text = reason_field("Trả lời", help_text="Vướng ở đâu, sẽ làm gì.", autofocus=True)
    done_by = TextField(
        label="Hẹn xong trước",
        required=False,
        max_length=20,
        help_text="Ngày, giờ sẽ xong hoặc chuyển đi, ví dụ 27/11/2026 16:30.",
    )

    helper = laid("text", "done_by")

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["text"].error_messages["required"] = say("answer_missing")

    def clean_done_by(self) -> datetime | None:
        typed = self.cleaned_data["done_by"]
        if not typed:
            return None
        at = instant_of(typed, self.now)
        if at is None:
            raise forms.ValidationError(say("answer_unreadable"))
        return at
