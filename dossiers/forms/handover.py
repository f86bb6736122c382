"""Giving, receiving and moving a desk: what the person chose, checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.urls import reverse_lazy

from dossiers.acts.handovers import NextStep
from dossiers.forms.fields import reason_field, short_field
from dossiers.models.handover import Purpose
from dossiers.models.outcome import Outcome
from dossiers.reading_codes import codes_in
from onestop.accounts.forms import OfficerField
from onestop.accounts.models import Department, Officer
from onestop.forms import AmountField
from onestop.layout import Fold, Part, laid, line
from onestop.texts import whole_number

BY_PROCESS, FREE = "quy-trinh", "khac"
# Each dossier to the place of its own next step.
EACH = "tung-ho-so"
MOST_CODES = 500


def _is_number(text: str) -> bool:
    return whole_number(text) is not None


class GiveForm(forms.Form):
    """Who gets the dossiers and what they are asked to do. `places`: departments with their
    officers, as the page offers them;
    `nexts`: where the next step of each dossier lies, "" where nothing says.
    """

    # What is done besides the process says what, and why.
    sometimes = frozenset({"step_name", "note"})

    to = forms.ChoiceField(
        label="Giao cho", error_messages={"required": "Hãy chọn phòng hoặc người nhận hồ sơ."}
    )
    step = forms.ChoiceField(
        label="Việc tiếp theo",
        choices=[(BY_PROCESS, "Theo quy trình nội bộ của từng hồ sơ"), (FREE, "Việc khác")],
        widget=forms.RadioSelect,
        initial=BY_PROCESS,
    )
    step_name = short_field("Việc người nhận cần làm", limit=300)
    purpose = forms.TypedChoiceField(
        label="Loại việc",
        choices=Purpose.choices,
        coerce=lambda v: Purpose(int(v)),
        empty_value=None,
        required=False,
    )
    hours = AmountField(
        label="Giờ làm việc",
        required=False,
        min_value=0,
        max_value=4000,
        max_digits=6,
        decimal_places=2,
    )
    note = short_field("Ghi chú", limit=300, help_text="In trên phiếu kiểm soát.")
    all_to_one = forms.BooleanField(label="Vẫn giao tất cả cho nơi đã chọn", required=False)

    helper = laid(
        "to",
        Part("dossiers/handover/_several.html"),
        "step",
        Part("dossiers/handover/_approvals.html"),
        Fold(
            "Việc khác, thời gian, ghi chú",
            "step_name",
            line("purpose", "hours"),
            "note",
            answers_of=["step_name"],
            css="more",
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        places: Iterable[tuple[Department, list[Officer]]],
        nexts: Mapping[int, str],
        usual: str = "",
    ) -> None:
        self.places = {d.pk: (d, {o.pk: o for o in officers}) for d, officers in places}
        self.nexts = {pk: place if self._place(place) else "" for pk, place in nexts.items()}
        several = len(set(self.nexts.values())) > 1
        first = next(iter(self.nexts.values()), "") or usual
        super().__init__(data, initial={"to": EACH if several else first})
        # The page that showed where each would go asks again before all go to one place.
        self.asks = data is not None and "hoi" in data
        agencies = {d.agency_id for d, _ in self.places.values()}
        groups: list[Any] = [("", "Chọn phòng hoặc người nhận")]
        if several:
            count = len(set(filter(None, self.nexts.values())))
            groups.append((EACH, f"Theo từng hồ sơ: {count} nơi nhận"))
        for department, officers in self.places.values():
            title = (
                department.name
                if len(agencies) < 2
                else f"{department.name} – {department.agency.label}"
            )
            rows = [(f"{department.pk}", f"{title} (cả phòng)")]
            rows += [
                (f"{department.pk}-{o.pk}", f"{o.full_name}{' – ' + o.title if o.title else ''}")
                for o in officers.values()
            ]
            groups.append((title, rows))
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = groups

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("step") == FREE and not data.get("step_name"):
            self.add_error(
                "step_name",
                "Hãy ghi việc người nhận cần làm, hoặc chọn bước theo quy trình nội bộ.",
            )
        if data.get("step") == FREE and not data.get("note"):
            self.add_error("note", "Việc ngoài quy trình nội bộ: hãy ghi chú vì sao.")
        if self.asks and self.elsewhere and not data.get("all_to_one"):
            said = "hồ sơ có bước tiếp theo ở nơi khác. Hãy chọn “Theo từng hồ sơ”, hoặc tích “Vẫn giao tất cả”."
            self.add_error("to", f"{self.elsewhere} {said}")
        return data

    @property
    def elsewhere(self) -> int:
        """Of a mixed selection: how many have their next step at another place than the one chosen
        for all.
        """
        to = self.cleaned_data.get("to") or EACH
        known = list(filter(None, self.nexts.values()))
        if to == EACH or len(set(known)) < 2:
            return 0
        return sum(place.partition("-")[0] != to.partition("-")[0] for place in known)

    def place_of(self, dossier_id: int) -> tuple[Department, Officer | None] | None:
        """Where a dossier goes: to the place chosen for all, or to that of its own next step; None
        when nothing says where.
        """
        to = self.cleaned_data["to"]
        return self._place(self.nexts.get(dossier_id, "") if to == EACH else to)

    def title_of(self, name: str) -> str:
        """A place in words; empty for none."""
        place = self._place(name)
        if place is None:
            return ""
        department, officer = place
        return f"{officer.full_name}, {department.name}" if officer is not None else department.name

    def _place(self, name: str) -> tuple[Department, Officer | None] | None:
        """A place as the choices name it: "department" or "department-officer"; None for any other."""
        number, _, officer = name.partition("-")
        department, officers = (
            self.places.get(int(number), (None, {})) if _is_number(number) else (None, {})
        )
        if department is None or not officer:
            return (department, None) if department is not None else None
        return (
            (department, officers[int(officer)])
            if _is_number(officer) and int(officer) in officers
            else None
        )

    @property
    def chosen_step(self) -> NextStep | None:
        """None: each dossier's own next step."""
        data = self.cleaned_data
        if data.get("step") != FREE:
            return None
        minutes = int(data["hours"] * 60) if data.get("hours") else None
        return NextStep(
            name=data["step_name"], minutes=minutes, purpose=data.get("purpose") or Purpose.HANDLE
        )


class ConfirmForm(forms.Form):
    """Receiving one: the stated outcome of the giver's step, and what differs from what was said."""

    outcome = forms.TypedChoiceField(
        label="Kết quả bước của bên giao", required=False, coerce=lambda v: Outcome(int(v)), empty_value=None,
        choices=[("", "Theo hệ thống tính"), *Outcome.choices],
    )  # fmt: skip
    difference = short_field(
        "Sai khác khi nhận",
        help_text="Ví dụ: thiếu 01 bản sao. Để trống nếu đủ như phiếu bàn giao.",
    )

    helper = laid("outcome", "difference")


class ScanForm(forms.Form):
    codes = forms.CharField(
        label="Quét hoặc gõ mã hồ sơ",
        help_text="Máy quét đọc mã QR trên giấy hẹn, mỗi lần quét chọn một dòng; Tab: ghi sai khác của hồ sơ vừa quét; a: chọn cả trang. Hoặc dán nhiều mã, mỗi mã một dòng.",
        max_length=40_000,
        widget=forms.Textarea(
            attrs={
                "rows": 2,
                "spellcheck": "false",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "data-scan": "nhan",
                "data-scan-url": reverse_lazy("scanned", args=["nhan"]),
                "data-focus": "1",
            }
        ),
        error_messages={"required": "Hãy quét hoặc gõ ít nhất một mã hồ sơ."},
    )

    helper = laid(Field("codes", wrapper_class="scan-codes"))

    def clean_codes(self) -> list[str]:
        codes = codes_in(self.cleaned_data["codes"])
        if len(codes) > MOST_CODES:
            raise forms.ValidationError(
                f"Mỗi lần nhận tối đa {MOST_CODES} mã. Hãy chia làm nhiều lần."
            )
        return codes


class DeskForm(forms.Form):
    """A leaver, a successor of the same agency, and why."""

    leaver = OfficerField(Officer.objects.none(), label="Người bàn giao", empty_label="Chọn người")
    successor = OfficerField(
        Officer.objects.none(), label="Người nhận bàn giao", empty_label="Chọn người"
    )
    reason = reason_field(
        "Lý do", rows=2, help_text="Ví dụ: chuyển công tác, nghỉ dài ngày. In trên phiếu bàn giao."
    )

    helper = laid("leaver", "successor", "reason")

    def __init__(self, *args: Any, leavers: Any, successors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("leaver", leavers), ("successor", successors)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows.select_related("department")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("leaver") and data.get("leaver") == data.get("successor"):
            self.add_error("successor", "Người nhận phải là người khác.")
        return data
