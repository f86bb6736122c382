"""How the states and parts of a report that is owed are shown: words, icon, tone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from reports.duties.judging import DAY, Part, State
from reports.duties.owing import Owed


@dataclass(frozen=True, slots=True)
class Shown:
    label: str
    icon: str
    tone: str


STATES = {
    State.MISSING: Shown("Không gửi", "refuse", "late"),
    State.LATE: Shown("Trễ", "clock-over", "late"),
    State.RETURNED: Shown("Trả lại để sửa", "return", "soon"),
    State.DUE: Shown("Đến hạn", "clock", "soon"),
    State.NOT_DUE: Shown("Chưa đến hạn", "calendar", "quiet"),
    State.SENT: Shown("Đã gửi", "check", "done"),
    State.NOT_OWED: Shown("Không phải nộp", "info", "quiet"),
}
PARTS = {
    Part.FORM: "Ký biểu số liệu",
    Part.DOCUMENT: "Ký, gửi văn bản",
    Part.ENTRY: "Nhập hệ thống báo cáo",
}


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of a report: until when, since when it is there, how late."""

    part: Part
    label: str
    due: date
    done: date | None
    late: int
    shown: Shown


def part_lines(one: Owed) -> list[PartLine]:
    verdict = one.verdict
    found = []
    for part, due in verdict.due.items():
        done, late = verdict.done.get(part), verdict.days_late(part, one.today)
        shown = _part(done, due, late, one)
        found.append(PartLine(part, PARTS[part], due, done, late, shown))
    return found


def _part(done: date | None, due: date, late: int, one: Owed) -> Shown:
    if late:
        return Shown(f"trễ {late} ngày", "clock-over", "late")
    if done is not None:
        return Shown("đúng hạn", "check", "done")
    if one.state == State.NOT_DUE:
        return STATES[State.NOT_DUE]
    left = (due - one.today) // DAY
    return Shown("hôm nay là hạn" if left == 0 else f"còn {left} ngày", "clock", "soon")


@dataclass(frozen=True, slots=True)
class Line:
    """One report as the page shows it."""

    owed: Owed
    shown: Shown
    parts: list[PartLine]
    url: str


def line_of(one: Owed) -> Line:
    url = reverse("duty", args=(one.agency.code, one.duty.pk, one.period.code))
    return Line(one, STATES[one.state], part_lines(one), url)
