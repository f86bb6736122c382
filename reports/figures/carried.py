"""From the open dossiers of a signed report to what the next one carries over (R-107):

    (6) of this report = (11) of the signed one ± adjustments ± transfers

An adjustment is a dossier that the signed period would count otherwise today, because something
that happened in it was recorded, corrected or taken back after the cut. A transfer is an open
dossier that was moved between offices or fields since. Both are told with their dossiers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Max, Q

from dossiers.models import Dossier, Event
from onestop.accounts.models import Agency, Takeover
from procedures.models import Field
from reports.figures import statement
from reports.figures.measures import of_dossiers
from reports.figures.scope import Scope
from reports.periods import Period

if TYPE_CHECKING:
    from reports.models import ReportForm


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table counts a dossier: office, field and the measures that count it."""

    agency_id: int
    field_id: int
    columns: tuple[str, ...]

    def counts_as(self, column: str) -> bool:
        return column in self.columns


Places = Mapping[int, Place]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A dossier that the signed period counts otherwise by a later cut; None: not at all.

    `happened_at`, `recorded_at`: of its newest act that was recorded since the cut of signing.
    """

    dossier_id: int
    code: str
    before: Place | None
    after: Place | None
    happened_at: datetime | None
    recorded_at: datetime | None

    def by(self, column: str) -> int:
        """By how much it changes a column of the signed report."""
        after = self.after is not None and self.after.counts_as(column)
        before = self.before is not None and self.before.counts_as(column)
        return int(after) - int(before)


@dataclass(frozen=True, slots=True)
class Transfer:
    """An open dossier that stood elsewhere at the end of the period before; None: with an office
    outside of this table.
    """

    dossier_id: int
    code: str
    before: Place | None
    after: Place | None

    @property
    def turned(self) -> int:
        return int(self.after is not None) - int(self.before is not None)


@dataclass(frozen=True, slots=True)
class FromFile:
    """A unit without dossiers whose file says another (6) than the signed (11) was; None: it was not
    in that table, or its file does not say.
    """

    row: str
    before: int | None
    after: int | None

    @property
    def turned(self) -> int:
        return (self.after or 0) - (self.before or 0)


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """The bridge from the signed (11) to this (6); `from_files`: what was brought of other units,
    each with both figures.
    """

    signed_open: int
    adjustments: tuple[Adjustment, ...]
    transfers: tuple[Transfer, ...]
    carried: int
    from_files: tuple[FromFile, ...] = ()

    @property
    def adjusted(self) -> int:
        return sum(one.by("11") for one in self.adjustments)

    @property
    def transferred(self) -> int:
        return sum(one.turned for one in self.transfers)

    @property
    def turned(self) -> int:
        return sum(one.turned for one in self.from_files)

    @property
    def holds(self) -> bool:
        found = self.signed_open + self.adjusted + self.transferred + self.turned
        return found == self.carried

    def with_files(self, files: Iterable[FromFile]) -> CarriedOver:
        """With what stands in both tables without dossiers."""
        told = tuple(files)
        return replace(
            self,
            signed_open=self.signed_open + sum(one.before or 0 for one in told),
            carried=self.carried + sum(one.after or 0 for one in told),
            from_files=told,
        )

    @property
    def problem(self) -> str:
        """What does not hold, as a sentence; nothing where it does."""
        if self.holds:
            return ""
        files = f", số liệu từ tệp {self.turned:+d}" if self.from_files else ""
        return (
            f"Cột (6) là {self.carried}, nhưng cột (11) của báo cáo kỳ trước đã ký là {self.signed_open}, "
            f"điều chỉnh {self.adjusted:+d}, chuyển cơ quan {self.transferred:+d}{files}."
        )


def places(form: ReportForm, scope: Scope, period: Period, cut: datetime) -> dict[int, Place]:
    """Every dossier of a table with the columns that count it. One statement."""
    numbers = {one.measure: one.number for one in of_dossiers(form.columns_of())}
    return {
        one.dossier_id: Place(one.agency_id, one.field_id, tuple(numbers[name] for name in one.met))
        for one in statement.each(list(numbers), scope, period, cut)
    }


def bridge(signed: Places, before: Places, now: Places, *, since: datetime) -> CarriedOver:
    """In: the places that were signed with the cut `since`; those of the same period by today's
    cut; those of this period. For forms whose (6) is carried over and whose (11) is open. At most
    five statements.
    """
    changed = sorted(pk for pk in {*signed, *before} if signed.get(pk) != before.get(pk))
    left, came = _of(before, "11"), _of(now, "6")
    moved = sorted(pk for pk in {*left, *came} if not _same(left.get(pk), came.get(pk)))
    code = codes({*changed, *moved})
    dated = dates(changed, since)
    return CarriedOver(
        signed_open=len(_of(signed, "11")),
        adjustments=tuple(
            Adjustment(pk, code[pk], signed.get(pk), before.get(pk), *dated.get(pk, (None, None)))
            for pk in changed
        ),
        transfers=tuple(Transfer(pk, code[pk], left.get(pk), came.get(pk)) for pk in moved),
        carried=len(came),
    )


def _of(found: Places, column: str) -> dict[int, Place]:
    return {pk: place for pk, place in found.items() if place.counts_as(column)}


def _same(before: Place | None, after: Place | None) -> bool:
    return (
        before is not None
        and after is not None
        and (before.agency_id, before.field_id) == (after.agency_id, after.field_id)
    )


def codes(ids: Iterable[int]) -> dict[int, str]:
    """One statement."""
    wanted = list(ids)
    rows = Dossier.objects.filter(pk__in=wanted) if wanted else Dossier.objects.none()
    return dict(rows.values_list("pk", "code"))


def dates(ids: list[int], since: datetime) -> dict[int, tuple[datetime, datetime]]:
    """When the newest act that was recorded since a cut happened, and was recorded; without one, the
    same of the merger of its agency. One statement, two more where a dossier has no such act.
    """
    if not ids:
        return {}
    newest = Event.objects.filter(dossier__in=ids, recorded_at__gt=since).values("dossier")
    told = newest.annotate(happened=Max("at"), recorded=Max("recorded_at"))
    found = {
        pk: (happened, recorded)
        for pk, happened, recorded in told.values_list("dossier", "happened", "recorded")
    }
    undated = [pk for pk in ids if pk not in found]
    return found | (_mergers(undated, since) if undated else {})


def _mergers(ids: list[int], since: datetime) -> dict[int, tuple[datetime, datetime]]:
    whose = dict(Dossier.objects.filter(pk__in=ids).values_list("pk", "agency"))
    entered = Takeover.objects.filter(agency__in=set(whose.values()))
    entered = entered.filter(Q(from_known__gt=since) | Q(gone_known__gt=since)).order_by("pk")
    found = {
        agency: (happened, gone or known or happened)
        for agency, happened, known, gone in entered.values_list(
            "agency", "from_at", "from_known", "gone_known"
        )
    }
    return {pk: found[agency] for pk, agency in whose.items() if agency in found}


def rows_called() -> Callable[[Place | None], str]:
    """What the rows are called where dossiers count: the field, and the office's code. Two
    statements.
    """
    fields = dict(Field.objects.values_list("pk", "name"))
    offices = dict(Agency.objects.values_list("pk", "code"))

    def called(place: Place | None) -> str:
        return f"{fields[place.field_id]} ({offices[place.agency_id]})" if place else ""

    return called
