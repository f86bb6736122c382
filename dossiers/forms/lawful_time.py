"""What an approver writes of a lawful extension, and of time that does not count."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from dossiers.acts.lawful_time import Excluding, Extending, Prolonging
from dossiers.clock import grounds
from dossiers.forms.fields import UNITS, FurtherTermForm, reason_field, short_field
from dossiers.models import Dossier
from onestop.accounts.forms import OfficerField
from onestop.accounts.models import Officer
from onestop.errors import say
from onestop.forms import day_field
from onestop.layout import Maybe, laid, line
from onestop.worktime import Calendar, CalendarMissing, Unit, parse_term, span_until

# The end of a day that does not count wholly.
LAST = time(23, 59)


class DecisionForm(forms.Form):
    """What both ask. `late`: the promise has passed, so that a sector law is asked for."""

    kind = forms.ChoiceField(label="Trường hợp")
    basis = short_field(
        "Căn cứ pháp lý",
        required=True,
        help_text="Điều, khoản của luật chuyên ngành; in trên thông báo cho người dân.",
    )
    reason = reason_field(help_text="In trên thông báo cho người dân.")
    signer = OfficerField(Officer.objects.none(), label="Người ký", empty_label=None)
    law = short_field(
        "Luật chuyên ngành cho phép tính cả khi đã quá ngày hẹn",
        help_text="Để trống: vẫn ghi nhận, nhưng hồ sơ vẫn tính là quá hạn. Cách nào cũng báo đầu mối kiểm soát.",
    )

    among: tuple[grounds.Ground, ...] = ()

    def __init__(
        self, *args: Any, dossier: Dossier, on: date, signers: Any, late: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kind, signer = self.fields.get("kind"), self.fields["signer"]
        assert isinstance(signer, forms.ModelChoiceField)
        if isinstance(kind, forms.ChoiceField):
            kind.choices = grounds.choices(self.among, on=on, field=dossier.field.name)
        signer.queryset = signers.select_related("department")
        self.fields["basis"].error_messages["required"] = say("decision_basis")
        if not late:
            del self.fields["law"]

    @property
    def said(self) -> dict[str, Any]:
        names = {"kind", "basis", "reason", "signer"} & self.fields.keys()
        return {name: self.cleaned_data[name] for name in names} | {
            "law": self.cleaned_data.get("law") or ""
        }


class ExtendForm(FurtherTermForm, DecisionForm):
    among = grounds.EXTENSIONS

    agreed = short_field(
        "Văn bản thỏa thuận với người dân",
        help_text="Số, ngày; chỉ khi luật cho gia hạn dài hơn theo thỏa thuận.",
    )

    helper = laid(
        "kind", line("quantity", "unit"), "basis", "reason", "agreed", "signer",
        Maybe("law"),
    )  # fmt: skip

    @property
    def value(self) -> Extending:
        return Extending(**self.said, extra=self.term, agreed=self.cleaned_data["agreed"])


class ExcludeForm(DecisionForm):
    """The end is a day, or so many days after the beginning; hours count for terms in hours."""

    among = grounds.EXCLUSIONS

    begins_on = day_field("Bắt đầu ngày", required=True)
    begins_time = forms.TimeField(label="Giờ bắt đầu", required=False, help_text="Ví dụ 09:30.")
    ends_on = day_field("Hết ngày")
    ends_time = forms.TimeField(label="Giờ kết thúc", required=False)
    days = forms.IntegerField(label="Hoặc số ngày", required=False, min_value=1, max_value=730)
    unit = forms.ChoiceField(
        label="Đơn vị", choices=[("ngay", "ngày"), ("ngay-lam-viec", "ngày làm việc")]
    )

    helper = laid(
        "kind", line("begins_on", Maybe("begins_time"), "ends_on", Maybe("ends_time")),
        line("days", "unit"), "basis", "reason", "signer", Maybe("law"),
    )  # fmt: skip

    def __init__(
        self, *args: Any, dossier: Dossier, now: datetime, calendar: Calendar, **kwargs: Any
    ) -> None:
        super().__init__(*args, dossier=dossier, **kwargs)
        self.now, self.calendar, self.received_at = now, calendar, dossier.received_at
        if not in_hours(dossier.term):
            del self.fields["begins_time"], self.fields["ends_time"]
            self.fields["begins_on"].help_text = "Tính từ ngày tiếp theo đến hết ngày kết thúc."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first = data.get("begins_on")
        if bool(data.get("ends_on")) == bool(data.get("days")):
            if not {"ends_on", "days"} & self.errors.keys():
                self.add_error("ends_on", say("excluded_end"))
        elif first is not None and data.get("unit"):
            self._span(data, first)
        return data

    def _span(self, data: dict[str, Any], first: date) -> None:
        """The two instants of what was typed."""
        last = data.get("ends_on")
        if last is None:
            try:
                working = UNITS[data["unit"]] is Unit.WORKING_DAY
                last = span_until(first, data["days"], self.calendar, working=working)
            except CalendarMissing:
                self.add_error("days", say("decision_beyond_calendar"))
                return
        begins, ends = self._begins(first, data.get("begins_time")), data.get("ends_time") or LAST
        data["span"] = (begins, timezone.make_aware(datetime.combine(last, ends)))

    def _begins(self, first: date, at: time | None) -> datetime:
        """Today it begins now, on the day of reception with the reception."""
        if at is None and first == timezone.localdate(self.now):
            return self.now
        begins = timezone.make_aware(datetime.combine(first, at or time(0)))
        same_day = at is None and first == timezone.localdate(self.received_at)
        return max(begins, self.received_at) if same_day else begins

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        found: tuple[datetime, datetime] | None = self.cleaned_data.get("span")
        return found

    @property
    def value(self) -> Excluding:
        begins, ends = self.cleaned_data["span"]
        return Excluding(**self.said, begins=begins, ends=ends)


class ProlongForm(DecisionForm):
    """Until when it takes longer; why as of what is prolonged."""

    kind = None  # type: ignore[assignment]
    ends_on = day_field("Kéo dài đến hết ngày", required=True)
    ends_time = forms.TimeField(label="Giờ kết thúc", required=False)

    helper = laid(
        line("ends_on", Maybe("ends_time")), "basis", "reason", "signer",
        Maybe("law"),
    )  # fmt: skip

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, dossier=dossier, **kwargs)
        if not in_hours(dossier.term):
            del self.fields["ends_time"]

    @property
    def ends(self) -> datetime | None:
        day, at = self.cleaned_data.get("ends_on"), self.cleaned_data.get("ends_time")
        return timezone.make_aware(datetime.combine(day, at or LAST)) if day else None

    @property
    def value(self) -> Prolonging:
        assert self.ends is not None
        return Prolonging(**self.said, ends=self.ends)


class CloseForm(forms.Form):
    """When time that does not count really ended."""

    ended_on = day_field("Kết thúc ngày", required=True)
    ended_time = forms.TimeField(label="Giờ kết thúc", required=False)

    helper = laid(line("ended_on", Maybe("ended_time")))

    def __init__(self, *args: Any, dossier: Dossier, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        if not in_hours(dossier.term):
            del self.fields["ended_time"]

    @property
    def ended(self) -> datetime:
        """Today: now."""
        day, at = self.cleaned_data["ended_on"], self.cleaned_data.get("ended_time")
        if at is None and day == timezone.localdate(self.now):
            return self.now
        return timezone.make_aware(datetime.combine(day, at or LAST))


def in_hours(term: str) -> bool:
    """Whether the hour matters to the clock."""
    return parse_term(term).unit in (Unit.WORKING_HOUR, Unit.CLOCK_HOUR)
