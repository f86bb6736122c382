"""Who holds a draft of a procedure that a decision ends is told at once by the bell, not only when the
draft is opened (R-133): the day the decision is published, and in the night of its day those begun
meanwhile. Once a draft and procedure. The bell keeps what it rang: nobody's name is said in it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils import timezone

from dossiers.desk.intake import answers
from dossiers.desk.open_drafts import begun_at, own_counters
from dossiers.models import Draft
from onestop.accounts.desk import desks_of
from onestop.errors import say
from onestop.outbox.domain import post_all
from onestop.outbox.told import told
from onestop.results import Denied
from procedures.queries import ended_codes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from onestop.accounts.models import Agency
    from onestop.outbox.domain import Notice


@dataclass(frozen=True, slots=True)
class _Held:
    """A draft, the procedure it is for, and the counter named on it ("": none)."""

    draft: Draft
    code: str
    counter: str


# What a draft's counter answers where a decision ended the procedure; "not listed" and what waits for
# a term are told to controllers.
ENDED = {"procedures.abolished", "procedures.list_abolished", "procedures.now_published"}


def tell(at: datetime, *, codes: Collection[str] | None = None, on: date | None = None) -> int:
    """Tells of drafts of these procedures, or of all that ended, as their counters answer on a day
    (today); how many. Call it inside the act's transaction.
    """
    today = timezone.localdate(at)
    day = max(on or today, today)
    gone = set(codes) if codes is not None else ended_codes(day)
    rows = Draft.objects.annotate(code=KT("data__thu-tuc__0"), counter=KT("data__co-quan__0"))
    rows = rows.filter(officer__is_active=True).select_related("officer").defer("data")
    held = [
        _Held(row, row.code, row.counter or "") for row in rows.order_by("pk") if row.code in gone
    ]
    return len(post_all(_notices(held, day, at))) if held else 0


def _notices(held: list[_Held], on: date, at: datetime) -> Iterator[Notice]:
    by_counter: dict[Agency, list[_Held]] = defaultdict(list)
    people = {one.draft.officer_id: one.draft.officer for one in held}
    today = timezone.localdate(at)
    desks = desks_of(people.values(), today)
    standing = {desk.officer.pk: own_counters(desk) for desk in desks}
    for one in held:
        if mine := standing[one.draft.officer_id]:
            by_counter[begun_at(one.counter, mine)].append(one)
    coming = on if on > today else None
    for agency, theirs in by_counter.items():
        said = answers({one.code for one in theirs}, on, agency)
        for one in theirs:
            answer = said.get(one.code)
            if isinstance(answer, Denied) and answer.code in ENDED:
                yield _notice(one, coming, say(answer.code, answer.data), at)


def _notice(one: _Held, day: date | None, why: str, at: datetime) -> Notice:
    words = told("dossiers/told/draft_ended", draft=one.draft, code=one.code, day=day, why=why)
    return {
        "kind": "draft_ended",
        "dedupe": f"draft-ended:{one.draft.pk}:{one.code}",
        "subject": words["subject"],
        "body": words["body"],
        "at": at,
        "to_officer": one.draft.officer,
        "link": reverse("intake"),
        "mail": False,
    }
