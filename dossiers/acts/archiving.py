"""A result that nobody fetched is put to the archive, by the rule of the office: after so many days and
two notices that lie apart as invitations by post do (R-120). It stays finished: whoever comes later
gets it from there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from dossiers import rules
from dossiers.acts.collecting import waited
from dossiers.acts.many import Seen
from dossiers.ledger import writer
from dossiers.models import Dossier, OfficeSettings
from dossiers.models.collecting import ResultArchive, ResultNotice
from dossiers.models.post import PostalItem
from dossiers.registry import Act, OnMany, Page, Press, Rows, Told, own_page, register
from dossiers.states import COUNTER, State
from onestop.accounts.calendars import calendars_of
from onestop.accounts.models import Agency
from onestop.errors import DomainError
from onestop.results import Answer, Denied
from onestop.worktime import Calendar

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# So many notices, the last so many working days after the first.
LEAST, APART = 2, 2


def _may_archive(desk: Desk, dossier: Dossier) -> Answer:
    """At the counter, and not while the result is on its way to another desk."""
    if dossier.pending_department_id is not None:
        return Denied("already_given")
    return rules.may_at_counter(desk, dossier)


ARCHIVES = Rows("result_archives", ("place", "note", "days", "notices", "archived_at"))


def _archived(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        yield f"Nơi lưu: {row['place']}"
        yield f"Kết quả đã chờ {row['days']} ngày, đã báo, nhắc {row['notices']} lần"
        if row["note"]:
            yield row["note"]


def refused(dossiers: Sequence[Dossier], at: datetime) -> dict[int, DomainError]:
    """Which of them the rule of their office does not let go to the archive now, and why. Five
    queries, one more where any goes by post, and one for each agency that ended.
    """
    ids = [one.pk for one in dossiers]
    archived = set(
        ResultArchive.objects.standing()
        .filter(dossier__in=ids)
        .values_list("dossier_id", flat=True)
    )
    told: dict[int, list[datetime]] = defaultdict(list)
    notices = ResultNotice.objects.standing().filter(dossier__in=ids).order_by("told_at")
    for pk, told_at in notices.values_list("dossier_id", "told_at"):
        told[pk].append(told_at)
    counters = {one.received_by_agency_id for one in dossiers}
    after, calendars = _rules(counters, at), calendars_of(counters)
    unsent = _unsent(dossiers)
    found = {}
    for one in dossiers:
        days = after[one.received_by_agency_id]
        calendar = calendars[one.received_by_agency_id]
        error: DomainError | None
        if one.pk in archived:
            error = DomainError("archive_twice")
        elif one.pk in unsent:
            error = DomainError("archive_post")
        else:
            error = _too_soon(one, days, told[one.pk], at, calendar)
        if error is not None:
            found[one.pk] = error
    return found


def _unsent(dossiers: Sequence[Dossier]) -> set[int]:
    """What is to go by post and never came back from it: the office owes it still (R-119). One query where
    any goes by post.
    """
    by_post = {one.pk for one in dossiers if one.return_by_post}
    if not by_post:
        return by_post
    back = PostalItem.objects.standing().filter(dossier__in=by_post, back_at__isnull=False)
    return by_post - set(back.values_list("dossier_id", flat=True))


def _rules(agencies: set[int], at: datetime) -> dict[int, int]:
    """After how many days at each counter, or at whoever took it over; 0: never."""
    day = timezone.localdate(at)
    now = {one.pk: one.in_charge(day).pk for one in Agency.objects.filter(pk__in=agencies)}
    kept = OfficeSettings.objects.filter(agency__in=set(now.values()))
    days = dict(kept.values_list("agency_id", "archive_after"))
    return {pk: days.get(charged, 0) for pk, charged in now.items()}


def _too_soon(
    dossier: Dossier, days: int, told: Sequence[datetime], at: datetime, calendar: Calendar
) -> DomainError | None:
    if not days:
        return DomainError("archive_no_rule")
    if (here := waited(dossier, at)) < days:
        return DomainError("archive_early", days=days, waited=here)
    if len(told) < LEAST:
        return DomainError("archive_untold", least=LEAST, count=len(told))
    if _apart(told, calendar) < APART:
        return DomainError("archive_close", apart=f"{APART:02d}")
    return None


def _apart(told: Sequence[datetime], calendar: Calendar) -> int:
    """Working days from the first notice to the last; a year without a calendar goes by the week."""
    first, last = timezone.localdate(told[0]), timezone.localdate(told[-1])
    return calendar.by_week(first.year).by_week(last.year).working_days_between(first, last)


def _archive_one_of_many(seen: Seen, data: Mapping[str, Any], on: Press) -> None:
    archive_result(seen, place=data["place"], note=data["note"], by=on.by, at=on.at, press=on.press)


def _foreseen(dossiers: Sequence[Dossier], at: datetime, named: str) -> Mapping[int, DomainError]:
    return refused([one for one in dossiers if one.state == State.FINISHED], at)


ARCHIVE_RESULT = register(
    Act(
        "archive_result", "Chuyển kết quả vào lưu trữ", 48, frozenset({State.FINISHED}), None, COUNTER, _may_archive,
        told_by=ARCHIVES, lines=_archived, page=Page("book", own_page("act_archive_result")),
        many=OnMany(
            _archive_one_of_many, "dossiers.forms.archiving.ManyArchivesForm", "Chuyển lưu trữ", "chuyen-luu-tru",
            frozenset(), foresees=_foreseen,
        ),
    )
)  # fmt: skip


def archive_result(
    seen: Seen, *, place: str, note: str = "", by: Desk, at: datetime, press: UUID | None = None
) -> ResultArchive:
    """Put a result to the archive. Effects: the row, event; the state stays.

    Errors: Conflict, DomainError("archive_place", "archive_twice", "archive_post",
    "archive_no_rule", "archive_early", "archive_untold", "archive_close").
    """
    if not place.strip():
        raise DomainError("archive_place", field="place")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version, press=press) as life:
        life.check("archive_result")
        dossier = life.dossier
        if error := refused([dossier], at).get(dossier.pk):
            raise error
        row = life.add(
            ResultArchive(
                dossier=dossier,
                place=place.strip(),
                note=note.strip(),
                days=waited(dossier, at),
                notices=ResultNotice.objects.standing().filter(dossier=dossier).count(),
                archived_by=by.officer,
                archived_at=at,
            )
        )
        life.record("archive_result", {"row": row.pk})
        return row


def archive_of(dossier: Dossier) -> ResultArchive | None:
    """Where its result lies, if it was put to the archive. One query."""
    return ResultArchive.objects.standing().filter(dossier=dossier).first()
