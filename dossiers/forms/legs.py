"""What is written of parts of the work that other agencies do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from crispy_forms.layout import Div
from django import forms

from dossiers.acts.leading import MOST_REASON
from dossiers.acts.leg_work import AnswerIn
from dossiers.acts.legs import MOST_HOURS, Part
from dossiers.forms.fields import AgencyField, AgencyNames, reason_field, short_field
from dossiers.models.legs import Leg, LegKind
from onestop.accounts.models import Agency, Department, Officer
from onestop.errors import say
from onestop.files import kinds
from onestop.layout import Fold, laid, line

LINES, SEEN = 5, 2  # the rest opens on a telephone
CANNOT = "0"


def _part(n: int) -> Div:
    """The questions of one agency in one row."""
    css = "leg-line leg-first" if n == 1 else "leg-line"
    return line(f"agency_{n}", f"task_{n}", f"hours_{n}", css=css)


class OpenLegsForm(forms.Form):
    """A line an agency; lines in which nothing is chosen are left out. On paper the agencies do it in
    the order of the lines (R-60).
    """

    kind = forms.TypedChoiceField(
        label="Cách chuyển",
        choices=LegKind.choices,
        coerce=int,
        widget=forms.RadioSelect,
        initial=LegKind.PARALLEL,
    )

    helper = laid(
        "kind", *map(_part, range(1, SEEN + 1)), Fold("Thêm cơ quan", *map(_part, range(SEEN + 1, LINES + 1)))
    )  # fmt: skip

    def __init__(self, *args: Any, agencies: Sequence[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = AgencyNames(agencies)
        for n in range(1, LINES + 1):
            self.fields[f"agency_{n}"] = AgencyField(
                label=f"Cơ quan {n}", names=self.agencies, required=n == 1,
                error_messages={"required": say("leg_none")},
            )  # fmt: skip
            self.fields[f"task_{n}"] = short_field("Nội dung việc", limit=500, required=n == 1)
            self.fields[f"task_{n}"].error_messages["required"] = "Hãy ghi nội dung việc."
            self.fields[f"hours_{n}"] = forms.IntegerField(
                label="Giờ làm việc", required=n == 1, min_value=1, max_value=MOST_HOURS,
                error_messages={"required": "Hãy ghi số giờ làm việc."},
            )  # fmt: skip

    @property
    def sometimes(self) -> frozenset[str]:
        return frozenset(name for name in self.fields if name != "kind" and not name.endswith("_1"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for n in range(1, LINES + 1):
            agency = data.get(f"agency_{n}")
            told = data.get(f"task_{n}") or data.get(f"hours_{n}")
            if agency is None:
                if told and f"agency_{n}" not in self.errors:
                    self.add_error(f"agency_{n}", "Hãy chọn cơ quan làm việc này.")
                continue
            if not data.get(f"task_{n}") and f"task_{n}" not in self.errors:
                self.add_error(f"task_{n}", say("leg_task", {"agency": agency.name}))
            if not data.get(f"hours_{n}") and f"hours_{n}" not in self.errors:
                said = {"agency": agency.name, "most": MOST_HOURS}
                self.add_error(f"hours_{n}", say("leg_hours", said))
        return data

    @property
    def parts(self) -> list[Part]:
        data = self.cleaned_data
        return [
            Part(data[f"agency_{n}"], data[f"task_{n}"], data[f"hours_{n}"])
            for n in range(1, LINES + 1)
            if data[f"agency_{n}"]
        ]


class WithdrawLegForm(forms.Form):
    reason = reason_field("Lý do thu hồi", limit=300, rows=2, autofocus=True)

    helper = laid("reason")


class ReplaceLeadForm(forms.Form):
    reason = reason_field("Lý do thay chủ trì", limit=MOST_REASON, rows=3, autofocus=True)

    helper = laid("reason")


class PassLegForm(forms.Form):
    """To a room of the agency, or to somebody there. `places`: rooms with their officers."""

    to = forms.ChoiceField(
        label="Giao cho", error_messages={"required": "Hãy chọn phòng hoặc người nhận."}
    )

    helper = laid("to")

    def __init__(
        self, *args: Any, places: Iterable[tuple[Department, list[Officer]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.found: dict[str, tuple[Department, Officer | None]] = {}
        groups: list[Any] = [("", "Chọn phòng, người")]
        for room, officers in places:
            rows = [(f"{room.pk}", f"Cả {room.name}")]
            self.found[f"{room.pk}"] = (room, None)
            for one in officers:
                rows.append((f"{room.pk}-{one.pk}", one.introduced))
                self.found[f"{room.pk}-{one.pk}"] = (room, one)
            groups.append((room.name, rows))
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = groups

    @property
    def value(self) -> tuple[Department, Officer | None]:
        return self.found[self.cleaned_data["to"]]


class AnswerLegForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Kết quả phối hợp",
        choices=[*((str(v), label) for v, label in Leg.Outcome.choices), (CANNOT, "Không thực hiện được")],
        widget=forms.RadioSelect,
        initial=str(Leg.Outcome.DONE.value),
    )  # fmt: skip
    text = reason_field("Nội dung trả lời", limit=2000, rows=4, autofocus=True)
    file = forms.FileField(
        label="Tệp kèm theo",
        required=False,
        help_text="PDF, ảnh, Word, Excel hoặc OpenDocument; không có mật khẩu.",
        widget=forms.FileInput(attrs={"accept": kinds.ACCEPT}),
    )

    helper = laid("outcome", "text", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].error_messages["required"] = say("leg_answer_missing")

    @property
    def value(self) -> AnswerIn:
        outcome = self.cleaned_data["outcome"]
        return AnswerIn(self.cleaned_data["text"], None if outcome == CANNOT else int(outcome))
