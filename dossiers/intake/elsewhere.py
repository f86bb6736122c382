"""What was received away from the program: which codes are kept for paper, and whether what is
entered now may have come in then (R-01, R-03, R-76).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from dossiers.intake.brought import ElsewhereIn
from dossiers.models import Dossier
from dossiers.models.elsewhere import Elsewhere, Outage, PaperPack
from dossiers.office import office_settings
from onestop.errors import DomainError

if TYPE_CHECKING:
    from onestop.accounts.models import Agency

# How long ago something may have been received outside the office that is entered now.
MOBILE_WITHIN_DAYS = 7
# A longer time without the program is not worked on reserved numbers of one pack.
MOST_DAYS = 14


@dataclass(frozen=True, slots=True)
class Door:
    """Through which door what is entered now came in. `codes`: those that may be chosen."""

    kind: int
    outage: Outage | None = None
    codes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the page is asked for by."""
        return f"giay-{self.outage.pk}" if self.outage is not None else "luu-dong"

    @property
    def is_paper(self) -> bool:
        return self.outage is not None


def door(named: str, agency: Agency, now: datetime) -> Door | None:
    """What an address names; None for anything else, and for an incident of another office."""
    if named == "luu-dong":
        return Door(Elsewhere.Kind.MOBILE)
    kind, _, pk = named.partition("-")
    if kind != "giay" or not pk.isdecimal() or len(pk) > 9:
        return None
    outage = _outages(int(pk), agency).first()
    if outage is None:
        return None
    return Door(Elsewhere.Kind.PAPER, outage, tuple(free_codes(outage, agency, now)))


def _outages(pk: int, agency: Agency) -> QuerySet[Outage]:
    return Outage.objects.filter(pk=pk, agency=agency, cancelled_at=None)


def _locked(pk: int, agency: Agency) -> Outage | None:
    return _outages(pk, agency).select_for_update(of=("self",), no_key=True).first()


def days_of(outage: Outage, now: datetime) -> list[date]:
    """The days it touched."""
    first, last = timezone.localdate(outage.began_at), timezone.localdate(outage.ended_at or now)
    return [first + timedelta(days=n) for n in range(min((last - first).days + 1, MOST_DAYS))]


def free_codes(outage: Outage, agency: Agency, now: datetime) -> list[str]:
    """The codes that may have been written on paper during it and that no dossier has yet. Two
    queries, and one for the pattern.
    """
    if not agency.dossier_code:
        return []
    pattern = office_settings(agency.pk).code_pattern
    # What was printed after the lights came on was not written on before.
    packs = PaperPack.objects.filter(agency=agency, prepared_at__lte=outage.ended_at or now)
    numbers = [number for pack in packs.standing().order_by("id") for number in pack.numbers]
    codes = [
        pattern.format(unit=agency.dossier_code, day=day, number=number)
        for day in days_of(outage, now)
        for number in numbers
    ]
    taken = set(Dossier.objects.filter(code__in=codes).values_list("code", flat=True))
    return [code for code in codes if code not in taken]


def day_in(code: str) -> date | None:
    """The day that a code of ours bears (R-03)."""
    parts = code.rsplit("-", 2)
    try:
        return datetime.strptime(parts[-2], "%y%m%d").date()  # noqa: DTZ007 (a day of Vietnam)
    except (ValueError, IndexError):
        return None


def check(said: ElsewhereIn, *, agency: Agency, at: datetime, now: datetime) -> Elsewhere:
    """The row that the dossier keeps of it; not written yet. Inside the receiving transaction: the
    incident keeps its times until that ends. Errors: DomainError("mobile_place",
    "true_time", "mobile_when", "outage_unknown", "paper_when", "code_not_reserved",
    "code_other_day").
    """
    if at > now:
        raise DomainError("true_time", field="true_at")
    if said.kind == Elsewhere.Kind.MOBILE:
        if not said.place.strip():
            raise DomainError("mobile_place", field="place")
        if at < now - timedelta(days=MOBILE_WITHIN_DAYS):
            raise DomainError("mobile_when", field="true_at", days=MOBILE_WITHIN_DAYS)
        return Elsewhere(kind=said.kind, place=" ".join(said.place.split())[:200])
    outage = _locked(said.outage_id or 0, agency)
    if outage is None:
        raise DomainError("outage_unknown")
    if not outage.covers(at, now):
        raise DomainError("paper_when", field="true_at")
    if said.code not in free_codes(outage, agency, now):
        raise DomainError("code_not_reserved", field="reserved")
    if day_in(said.code) != timezone.localdate(at):
        raise DomainError("code_other_day", field="true_at")
    return Elsewhere(kind=said.kind, outage=outage)


def elsewhere_of(dossier: Dossier) -> Elsewhere | None:
    """Where it was received; no query for what was entered at the instant of its reception."""
    if dossier.recorded_at == dossier.received_at:
        return None
    return getattr(dossier, "elsewhere", None)
