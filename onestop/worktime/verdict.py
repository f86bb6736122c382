"""Trước hạn, đúng hạn, quá hạn: one comparison, made when a dossier ends."""

from datetime import datetime, timedelta
from enum import StrEnum

from onestop.worktime.terms import Term
from onestop.worktime.zone import local, start_of_day


class Verdict(StrEnum):
    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {Verdict.EARLY: "trước hạn", Verdict.ON_TIME: "đúng hạn", Verdict.LATE: "quá hạn"}


def late_from_of(promised: datetime, term: Term) -> datetime:
    """From when a promise is broken: hour and fractional terms at the instant, others at 00:00 of
    the day after, Vietnam's time.
    """
    if term.by_instant:
        return promised
    return start_of_day(local(promised).date() + timedelta(days=1))


def verdict(promise_at: datetime | None, term: Term, ended_at: datetime) -> Verdict:
    """The verdict of an end against the legal promise (never the re-appointed one).

    Day terms by Vietnam's date: before = early, same = on time, later = late. Hour and fractional
    terms: after the instant = late, same date = on time, else early. Without a promise nothing is
    ever late (R-43): on time.
    """
    if promise_at is None:
        return Verdict.ON_TIME
    promised, ended = local(promise_at), local(ended_at)
    if term.by_instant and ended > promised:
        return Verdict.LATE
    if ended.date() == promised.date():
        return Verdict.ON_TIME
    return Verdict.EARLY if ended.date() < promised.date() else Verdict.LATE
