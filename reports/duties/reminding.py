"""Controllers are reminded: before a report is due, when it is late, when it counts as not sent; and five
days before a cut of what is to be put in order. Each once, however many schedulers run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from onestop.accounts.models import Agency, Officer, Role, RoleGrant
from onestop.instants import SKEW
from onestop.outbox.domain import Notice, post_all
from onestop.outbox.models import Message
from onestop.outbox.told import Told, told
from reports.duties import cleaning
from reports.duties.judging import Part, State
from reports.duties.owing import Owed, around, owed
from reports.duties.words import PARTS
from reports.models import Duty
from reports.periods import Period

DUE_KIND, CLEAN_KIND = "duty_due", "clean_up"
# A late report is told of again after so many days.
AGAIN = 7
# Periods that ended longer ago are told of no more: what was not sent stays on the page.
MOST_BACK = 2

People = dict[int, list[Officer]]


def remind(now: datetime) -> int:
    """Tell whoever prepares the reports; how many notices. A handful of statements, whatever the
    agencies.
    """
    today = timezone.localdate(now)
    people = _controllers(today)
    # Also one that has ended since: whoever took it over is told.
    agencies = list(Agency.objects.select_related("successor").order_by("path"))
    duties = list(Duty.objects.all())
    rows = owed(agencies, around(today, duties, back=MOST_BACK), today, duties=duties)
    notices = [notice for one in rows for notice in _of_report(one, people, now)]
    notices += _of_cut(agencies, cleaning.next_cut(today), people, now)
    return len(post_all(notices))


def stage(one: Owed) -> str:
    """What is to be told of a report today; "" for nothing. It names what was told, so that the same
    is not told again.
    """
    due = _first_due(one)
    if (
        due is None
        or _stands_still(one, due)
        or one.state not in (State.DUE, State.LATE, State.RETURNED, State.MISSING)
    ):
        return ""
    if one.state == State.MISSING:
        return f"missing:{due}"
    late = (one.today - due).days
    if late > 0:
        return f"late:{due}:{(late - 1) // AGAIN}"
    return f"due:{due}" if -late <= one.rule.remind_before else ""


def _stands_still(one: Owed, due: date) -> bool:
    """Only the entry lacks, in time, and the reporting system stands still: its last day moves
    on daily, and nobody can do anything until it works again.
    """
    return one.is_still and _missing(one) == [Part.ENTRY] and one.today <= due


def _first_due(one: Owed) -> date | None:
    """The last day of what is missing, the first of several."""
    verdict = one.verdict
    return min((day for part, day in verdict.due.items() if part not in verdict.done), default=None)


def _of_report(one: Owed, people: People, now: datetime) -> Iterator[Notice]:
    at_stage = stage(one)
    if not at_stage:
        return
    event = {"due": "duty_due", "missing": "duty_missing"}.get(
        at_stage.partition(":")[0], "duty_late"
    )
    words = told(
        f"reports/told/{event}",
        agency=one.agency,
        duty=one.duty,
        period=one.period,
        due=_first_due(one),
        missing_from=one.verdict.missing_from,
        parts=[PARTS[part].lower() for part in _missing(one)],
    )
    link = reverse("duty", args=(one.agency.code, one.duty.pk, one.period.code))
    key = f"{DUE_KIND}:{one.agency.pk}:{one.duty.pk}:{one.period.code}:{at_stage}"
    for officer in _nearest(one.agency.in_charge(one.today), people):
        yield _notice(DUE_KIND, f"{key}:{officer.pk}", words, now, officer, link)


def _notice(
    kind: str, dedupe: str, words: Told, now: datetime, officer: Officer, link: str
) -> Notice:
    return Notice(
        kind=kind,
        dedupe=dedupe,
        **words,
        at=now,
        to_officer=officer,
        to_email="",
        object_kind="",
        object_id=None,
        mail=True,
        link=link,
    )


def _missing(one: Owed) -> list[Part]:
    return [part for part in one.verdict.due if part not in one.verdict.done]


def _of_cut(
    agencies: Sequence[Agency], cut: Sequence[Period], people: People, now: datetime
) -> Iterator[Notice]:
    """To the agencies' own controllers; nothing where all is in order."""
    day = timezone.localdate(now)
    if not cleaning.is_near(cut, day):
        return
    own = [one for one in agencies if one.pk in people and not one.has_ended(day)]
    found = cleaning.counts(own, now)
    for agency in own:
        if agency.pk not in found:
            continue
        words = told(
            "reports/told/clean_up", agency=agency, last=cut[0].last, found=found[agency.pk]
        )
        key = f"{CLEAN_KIND}:{agency.pk}:{cut[0].last}"
        for officer in people[agency.pk]:
            link = reverse("clean_up")
            yield _notice(CLEAN_KIND, f"{key}:{officer.pk}", words, now, officer, link)


def _controllers(today: date) -> People:
    """Who prepares the reports of each agency today. One query."""
    grants = RoleGrant.objects.valid_on(today).filter(role=Role.CONTROLLER, officer__is_active=True)
    found: People = defaultdict(list)
    for grant in grants.select_related("officer").order_by("pk"):
        if grant.officer not in found[grant.agency_id]:
            found[grant.agency_id].append(grant.officer)
    return dict(found)


def _nearest(agency: Agency, people: People) -> list[Officer]:
    """Those of the agency, or of the nearest above it that has some."""
    return next((people[pk] for pk in reversed(agency.lineage) if pk in people), [])


def after_clock_set_back(now: datetime) -> None:
    """What a wrong clock told is told again when it is true."""
    Message.objects.filter(kind__in=(DUE_KIND, CLEAN_KIND), created_at__gt=now + SKEW).delete()
