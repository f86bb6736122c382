"""Who paid less or nothing between two days, and by which paper (R-125, R-126)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from dossiers.models.money import FeeReceipt, FeeRelief
from onestop.folding import fold
from onestop.worktime import start_of_day


@dataclass(frozen=True, slots=True)
class ReliefLine:
    """One payer: of what was owed so much was taken, under this receipt, and so much was not asked
    for. `void_at`: the receipt was voided in these days, what was owed is owed again.
    """

    at: datetime
    dossier_id: int
    code: str
    payer: str
    group: str
    proof: str
    taken: int
    not_taken: int
    receipt: str = ""
    void_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GroupLine:
    group: str
    count: int
    not_taken: int


@dataclass(frozen=True, slots=True)
class Relieved:
    """The oldest first; what was voided in these days stands among the lines, and in no sum."""

    lines: Sequence[ReliefLine]

    @property
    def groups(self) -> list[GroupLine]:
        """By group, however it was spelt: as it was first written."""
        found: dict[str, GroupLine] = {}
        for line in self.lines:
            if line.void_at is None:
                old = found.get(key := fold(line.group), GroupLine(line.group, 0, 0))
                sum_ = old.not_taken + line.not_taken
                found[key] = GroupLine(old.group, old.count + 1, sum_)
        return [found[key] for key in sorted(found)]

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def not_taken(self) -> int:
        return sum(group.not_taken for group in self.groups)


def relieved(agency_id: int, first: date, last: date) -> Relieved:
    """Both days included. What was voided or taken back after them counted then and counts: a month that
    is over keeps its sums (R-126). Two queries, whoever was relieved.
    """
    days = (start_of_day(first), start_of_day(last + timedelta(days=1)))
    receipts = FeeReceipt.objects.filter(
        agency=agency_id, taken_at__gte=days[0], taken_at__lt=days[1]
    ).exclude(relief="")
    lines = [
        ReliefLine(
            at=row.taken_at,
            dossier_id=row.dossier_id,
            code=row.dossier.code,
            payer=row.payer,
            group=row.relief,
            proof=row.proof,
            taken=row.amount,
            not_taken=row.settled - row.amount,
            receipt=f"{row.series} số {row.digits}",
            void_at=None if row.undone_at is None or row.undone_at >= days[1] else row.undone_at,
        )
        for row in receipts.select_related("dossier", "series").order_by("pk")
    ]
    # Rows of before do not say whose counter it was.
    here = Q(agency=agency_id) | Q(dossier__received_by_agency=agency_id)
    # Of its own table alone, which the index serves.
    near = Q(agency=agency_id) | Q(agency=None)
    stood = Q(undone_at=None) | Q(undone_at__gte=days[1])
    rows = FeeRelief.objects.filter(
        near, here, stood, relieved_at__gte=days[0], relieved_at__lt=days[1]
    )
    lines += [
        ReliefLine(
            at=row.relieved_at,
            dossier_id=row.dossier_id,
            code=row.dossier.code,
            payer=row.dossier.owner_name,
            group=row.relief,
            proof=row.proof,
            taken=0,
            not_taken=row.amount,
        )
        for row in rows.select_related("dossier").order_by("pk")
    ]
    return Relieved(sorted(lines, key=lambda line: (line.at, line.code)))
