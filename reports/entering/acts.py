"""A controller saves the figures of a period. Nothing is overwritten: each saving is a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from onestop.accounts.access import access
from onestop.accounts.desk import Desk
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.errors import DomainError
from onestop.once import once
from onestop.worktime import VN
from reports import signing
from reports.figures.entered import Line
from reports.models import EnteredFigures, ReportForm, SignedReport
from reports.periods import Period


def save(
    form: ReportForm,
    agency: Agency,
    period: Period,
    lines: Sequence[Line],
    *,
    seen: int,
    by: Desk,
    at: datetime,
) -> EnteredFigures:
    """Keep what was typed, complete or not, as the saving after the one that was seen (0: none).

    Effects: a row, and a line of the access log; neither where it is what stands there already.
    Errors: DomainError("report_not_yours", "entry_ahead", "report_waits", "report_signed",
    "entry_changed", "entry_raced").
    """
    if not signing.holds(by, agency, Role.CONTROLLER):
        raise DomainError("report_not_yours", role=Role.CONTROLLER.label, agency=agency.name)
    if period.start > at:
        raise DomainError("entry_ahead", first=f"{period.first:%d/%m/%Y}")
    rows = [{"key": one.key, "label": one.label, "values": dict(one.values)} for one in lines]
    same = {"agency": agency, "period": period.code}
    with once(DomainError("entry_raced")):
        # One after the other: who signs counts what was saved (frozen.prepare).
        Agency.objects.select_for_update(of=("self",), no_key=True).get(pk=agency.pk)
        _none_stands(form, agency, period)
        last = EnteredFigures.objects.known(form, agency.pk, period.code, at).first()
        if last is not None and last.rows == rows:
            return last
        if (last.version if last is not None else 0) != seen:
            raise _changed(last)
        made = EnteredFigures.objects.create(
            **same, form=form, version=seen + 1, rows=rows, by=by.officer, at=at
        )
        words = f"nhập số liệu {form.code} {period.code}, lần lưu {made.version}"
        access(
            by.officer, AccessKind.REPORT_ACT, "entered_figures", made.pk, words, about=agency.pk
        )
    return made


def _none_stands(form: ReportForm, agency: Agency, period: Period) -> None:
    """What waits for the head or is signed is not typed over."""
    standing = SignedReport.objects.filter(
        form=form, agency=agency, period=period.code, state__in=SignedReport.STANDING
    ).only("state", "version")
    for one in standing:
        waits = one.state == SignedReport.State.PREPARED
        raise DomainError("report_waits" if waits else "report_signed", version=one.version)


def _changed(last: EnteredFigures | None) -> DomainError:
    if last is None:
        return DomainError("entry_raced")
    at = f"{last.at.astimezone(VN):%H:%M ngày %d/%m/%Y}"
    return DomainError("entry_changed", by=str(last.by), at=at)
