"""What is written of a consultation (lấy ý kiến): the question and whom it goes to, the opinion, that
nothing came, why it is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from dossiers.acts.consulting import KIND, MOST, Opinion, Question
from dossiers.forms.fields import AgencyField, AgencyNames, reason_field, short_field
from dossiers.models import Dossier
from dossiers.models.consulting import Consultation, Said
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Agency, Department
from onestop.errors import say
from onestop.files import kinds
from onestop.files.models import Attachment
from onestop.forms import day_field
from onestop.layout import Fold, Maybe, laid, line
from onestop.templatetags.formatting import vn_date
from onestop.worktime import CalendarMissing

# What the page proposes for the answer.
USUAL_WORKING_DAYS = 5
LONGEST_NAME = 200
# How many other agencies one press asks.
AGENCIES = 3
ANSWERS_HERE = "Gõ vài chữ của tên rồi chọn. Lãnh đạo, trưởng phòng, văn thư cơ quan đó trả lời ngay trong hệ thống."


class ConsultForm(forms.Form):
    """Of a dossier: the other rooms of the office that handles it, the other offices of the system,
    its files.
    """

    rooms = forms.ModelMultipleChoiceField(
        label="Phòng, bộ phận của cơ quan", queryset=Department.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    bodies = reason_field(
        "Cơ quan, tổ chức ngoài hệ thống", required=False, rows=2, limit=4000,
        help_text="Mỗi dòng một tên. Gửi công văn; khi có văn bản trả lời thì bạn ghi vào hồ sơ.",
    )  # fmt: skip
    content = reason_field(
        "Nội dung lấy ý kiến", rows=4, help_text="In trên công văn. Nơi được hỏi đọc được."
    )
    day = day_field("Trả lời trước hết ngày", required=True)
    scans = forms.ModelMultipleChoiceField(
        label="Tệp gửi kèm", queryset=Attachment.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text="Nơi được hỏi chỉ xem được các tệp chọn ở đây, đến khi trả lời.",
    )  # fmt: skip

    helper = laid(
        "rooms",
        Fold(
            "Cơ quan khác trong hệ thống, cơ quan ngoài hệ thống",
            "agency_1",
            line("agency_2", "agency_3"),
            "bodies",
        ),
        "content",
        "day",
        Maybe("scans"),
    )

    def __init__(self, *args: Any, dossier: Dossier, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on = timezone.localdate(now)
        stands = Q(closed_on=None) | Q(closed_on__gte=on)
        self._choose("rooms", Department.objects.filter(agency=dossier.agency_id, is_active=True)
            .exclude(pk__in=[pk for pk in (dossier.holder_department_id, dossier.pending_department_id) if pk]))  # fmt: skip
        others = Agency.objects.filter(stands).exclude(pk=dossier.agency_id).order_by("path")
        self.agencies = AgencyNames(list(others))
        for n in range(1, AGENCIES + 1):
            self.fields[f"agency_{n}"] = AgencyField(
                label=f"Cơ quan khác trong hệ thống ({n})", names=self.agencies, required=False,
                help_text=ANSWERS_HERE if n == 1 else "",
            )  # fmt: skip
        files = Attachment.objects.of(KIND, dossier.pk)
        self._choose("scans", files)
        if not files.exists():
            del self.fields["scans"]
        self.fields["content"].error_messages["required"] = say("consult_missing")
        self.fields["day"].initial = _usual_day(dossier.agency_id, now)

    def _choose(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = rows

    def clean_bodies(self) -> list[str]:
        names = [name.strip() for name in self.cleaned_data["bodies"].splitlines()]
        if any(len(name) > LONGEST_NAME for name in names):
            raise forms.ValidationError(
                f"Tên dài quá {LONGEST_NAME} chữ. Hãy ghi mỗi dòng một tên."
            )
        return list(filter(None, names))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        whom = [*data.get("rooms", ()), *self._others(data), *data.get("bodies", ())]
        if not whom and not self.errors:
            self.add_error("rooms", say("consult_nobody"))
        if len(whom) > MOST:
            self.add_error("rooms", say("consult_many", {"most": MOST}))
        return data

    def _others(self, data: dict[str, Any]) -> list[Agency]:
        """Each once, in the order of the lines."""
        named = (data.get(f"agency_{n}") for n in range(1, AGENCIES + 1))
        return list({one.pk: one for one in named if one is not None}.values())

    @property
    def value(self) -> Question:
        data = self.cleaned_data
        return Question(
            content=data["content"],
            day=data["day"],
            rooms=list(data["rooms"].select_related("agency")),
            agencies=self._others(data),
            bodies=data["bodies"],
            files=[one.pk for one in data.get("scans", ())],
        )


def _usual_day(agency_id: int, now: datetime) -> str:
    """So many working days from now; nothing where the year has no calendar."""
    try:
        day = calendar_of(agency_id).next_working_day(timezone.localdate(now), USUAL_WORKING_DAYS)
    except CalendarMissing:
        return ""
    return vn_date(day)


class OpinionForm(forms.Form):
    """What the asked unit answers."""

    said = forms.TypedChoiceField(
        label="Ý kiến", choices=Said.choices, coerce=lambda v: Said(int(v)), widget=forms.RadioSelect,
        error_messages={"required": say("opinion_said")},
    )  # fmt: skip
    text = reason_field("Nội dung trả lời", rows=4)
    number = short_field("Số văn bản trả lời", limit=60, help_text="Khi trả lời bằng văn bản.")
    on = day_field("Ngày văn bản")
    file = forms.FileField(
        label="Tệp văn bản trả lời", required=False, help_text="PDF hoặc ảnh.",
        widget=forms.FileInput(attrs={"accept": kinds.ACCEPT}),
    )  # fmt: skip

    helper = laid("said", "text", line("number", "on"), "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].error_messages["required"] = say("opinion_missing")

    @property
    def value(self) -> Opinion:
        data = self.cleaned_data
        return Opinion(data["said"], data["text"], data["number"], data["on"], data.get("file"))


class WhichForm(forms.Form):
    """Of which of the asked bodies that have not answered."""

    which = forms.TypedChoiceField(
        label="Nơi được lấy ý kiến", coerce=int, error_messages={"required": say("consult_none")}
    )

    helper = laid("which")

    def __init__(
        self, *args: Any, rows: Sequence[Consultation], named: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["which"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(_choices(rows))
        field.initial = named if named is not None else next((row.pk for row in rows), None)


def _choices(rows: Iterable[Consultation]) -> Iterable[tuple[int, str]]:
    for row in rows:
        yield row.pk, f"{row.to} – hạn {vn_date(timezone.localdate(row.answer_by))}"


class RecordForm(WhichForm, OpinionForm):
    """What came on paper, written down by whoever has the dossier."""

    came = day_field(
        "Ngày nhận được văn bản",
        help_text="Đến trong hạn mà ghi sau hạn thì không tính là trả lời chậm.",
    )

    helper = laid("which", "said", "text", line("number", "on"), "came", "file")

    field_order = ("which",)

    @property
    def value(self) -> Opinion:
        return replace(super().value, came=self.cleaned_data["came"])


class SilenceForm(WhichForm):
    """That nothing came."""


class WithdrawForm(WhichForm):
    why = short_field("Lý do rút", required=True)

    helper = laid("which", "why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].error_messages["required"] = say("consult_why")
