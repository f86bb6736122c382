"""The promise of a dossier made anew from its own ledger, against the stored one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from dossiers.clock import deadlines
from dossiers.ledger.stored import Reach, Stored
from dossiers.models import ClockChange
from onestop import worktime
from onestop.instants import instant, moment
from onestop.worktime import Calendar, Term, parse_term


def changes_in(reach: Reach) -> dict[int, list[ClockChange]]:
    """What moved the promises of these dossiers. One query."""
    found: dict[int, list[ClockChange]] = defaultdict(list)
    for row in ClockChange.objects.filter(**reach.of("dossier_id")).order_by("id"):
        found[row.dossier_id].append(row)
    return found


class Promises:
    """Promises folded anew, for a walk over many dossiers: what was read or folded for one stands for
    all that are made of the same.
    """

    def __init__(self) -> None:
        self._terms: dict[str, Term] = {}
        self._unmoved: dict[tuple[str, str, date], worktime.Clock] = {}

    def fault(self, dossier: Stored, calendar: Calendar, changes: Sequence[ClockChange]) -> str:
        """The promise folded anew from the ledger under the same calendar must be the stored one,
        with what lists order and count by.
        """
        if dossier.column("calendar_key") != calendar.key():
            return ""
        clock = self._clock(dossier, calendar, changes)
        legal, stored = clock.legal_promise, dossier.column("legal_due_at")
        due, lawful = dossier.column("due_at"), instant(legal.at)
        # A year that lost its calendar left the legal promise as it stood, later than today's rows
        # can say.
        stands = legal.undetermined and stored is not None and (lawful is None or stored > lawful)
        if instant(clock.promise.at) != due or not (lawful == stored or stands):
            return "ngày hẹn trả không khớp với sổ thời hạn của hồ sơ"
        late = None if dossier.column("awaits_agency") else instant(clock.promise.late_from)
        if dossier.column("sort_due") != (due or stored or _NEVER) or not (
            late == dossier.column("late_from") or stands
        ):
            return "lúc bắt đầu tính quá hạn không khớp với sổ thời hạn của hồ sơ"
        return ""

    def _clock(
        self, dossier: Stored, calendar: Calendar, changes: Sequence[ClockChange]
    ) -> worktime.Clock:
        words = dossier.column("term")
        received = moment(dossier.column("begun_at") or dossier.column("received_at"))
        assert received is not None
        term = self._terms.get(words)
        if term is None:
            term = self._terms[words] = parse_term(words)
        if changes:
            begun_at = moment(dossier.column("begun_at"))
            moved = deadlines.changes_of(
                changes, moment(dossier.column("ended_at")), begun_at=begun_at
            )
            return worktime.fold(received, term, calendar, moved)
        if not term.by_day:
            return worktime.fold(received, term, calendar)
        key = (calendar.key(), words, timezone.localdate(received))
        if key not in self._unmoved:
            if len(self._unmoved) >= MOST:
                self._unmoved.clear()
            self._unmoved[key] = worktime.fold(received, term, calendar)
        return self._unmoved[key]


_NEVER = instant(deadlines.NEVER)
# So many promises are kept at once.
MOST = 20_000
