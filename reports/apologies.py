"""Who was apologised to, in time or late, and who was not (R-53, R-54, R-57): the sets of the register
of apologies and the words beside its dossiers.

Two acts apologise: the one that gives a further term is a line of the clock's ledger, the other one
a row of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from dossiers.models import ClockChange, ClockKind
from dossiers.models.apology import Apology
from onestop.templatetags.formatting import vn_datetime
from onestop.worktime import VN, late_from_of, parse_term, start_of_day


def apologised() -> Q:
    """Whether it was apologised for, by either act."""
    return Q(Exists(_alone())) | Q(Exists(_with_term()))


def apologised_in(first: date, last: date) -> Q:
    """The same within these days, both included."""
    days = {"gte": start_of_day(first), "lt": start_of_day(last + timedelta(days=1))}
    alone = _alone().filter(**{f"made_at__{name}": at for name, at in days.items()})
    with_term = _with_term().filter(**{f"start__{name}": at for name, at in days.items()})
    return Q(Exists(alone)) | Q(Exists(with_term))


def in_time() -> Q:
    """Whether some apology came before the promise had passed."""
    return Q(Exists(_alone().filter(late=False))) | Q(Exists(_with_term().exclude(_came_late())))


def _alone() -> QuerySet[Apology]:
    return Apology.objects.standing().filter(dossier=OuterRef("pk"))


def _with_term() -> QuerySet[ClockChange]:
    rows = ClockChange.objects.standing().filter(kind=ClockKind.REAPPOINT)
    return rows.filter(dossier=OuterRef("pk")).alias(
        made_on=TruncDate("start", tzinfo=VN), due_on=TruncDate("due_before", tzinfo=VN)
    )


def _came_late() -> Q:
    """A day is late from its end on, an hour from its minute on: the rule of late_from_of, of the
    terms as they are written.
    """
    by_instant = Q(dossier__term__contains="giờ") | Q(dossier__term__contains=",")
    after_day = Q(made_on__gt=F("due_on"))
    return after_day | (by_instant & Q(start__gt=F("due_before")))


def words_of(ids: Iterable[int]) -> dict[int, str]:
    """What was apologised for these dossiers, oldest first. Two queries."""
    wanted = list(ids)
    found: dict[int, list[tuple[datetime, str]]] = {}
    alone = Apology.objects.standing().filter(dossier__in=wanted)
    for pk, at, late in alone.values_list("dossier", "made_at", "late"):
        found.setdefault(pk, []).append((at, _said("xin lỗi", at, late=late)))
    rows = ClockChange.objects.standing().filter(dossier__in=wanted, kind=ClockKind.REAPPOINT)
    for pk, at, due, term in rows.values_list("dossier", "start", "due_before", "dossier__term"):
        late = due is not None and is_late_for(due, term, at)
        found.setdefault(pk, []).append((at, _said("xin lỗi và hẹn lại", at, late=late)))
    return {pk: "; ".join(words for _, words in sorted(said)) for pk, said in found.items()}


def is_late_for(due: datetime, term: str, at: datetime) -> bool:
    """Whether an apology of this instant came after the promise had passed (R-54)."""
    read = parse_term(term)
    late_from = late_from_of(due, read)
    return at > late_from if read.by_instant else at >= late_from


def _said(what: str, at: datetime, *, late: bool) -> str:
    return f"{vn_datetime(at)} {what}{', muộn' if late else ''}"
