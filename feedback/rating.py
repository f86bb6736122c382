"""Rating a dossier that is done: one rating a dossier, by its owner signed in or by who holds the slip.

Both speak for the same applicant. An owner who signed in has proved more than a paper that an officer
printed too: such a rating takes the place of one by the slip, never the other way round. What was
answered is shown again to its own author only, known by a digest (R-105).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from dossiers.models import Dossier
from dossiers.states import HANDLED
from feedback.masking import without_names
from feedback.models import Rating
from feedback.questions import NAMES
from onestop.errors import DomainError

# Decided on 30/11/2026, by no law. How long after a dossier was done: the quarter that TT 01/2018 Đ15.4
# assesses. How long an answer may be changed: a week to think again, then the month is added up and its
# figures stay what they were.
RATED_DAYS, CHANGED_DAYS = 90, 7
RATED_WITHIN, CHANGED_WITHIN = timedelta(days=RATED_DAYS), timedelta(days=CHANGED_DAYS)


@dataclass(frozen=True, slots=True)
class Author:
    """`mark`: the digest of who it is; "" for who holds the slip and has not rated in this browser."""

    door: Rating.Door
    mark: str = ""


def by_citizen(citizen_id: int, dossier: Dossier) -> Author:
    """Who signed in; of no use for finding other dossiers of the same person."""
    mark = salted_hmac("feedback.author", f"{citizen_id}:{dossier.pk}", algorithm="sha256")
    return Author(Rating.Door.SIGNED_IN, mark.hexdigest())


def by_slip(key: str) -> Author:
    """`key`: what the page that took the rating gave along; "" before."""
    return Author(Rating.Door.SLIP, hashlib.sha256(key.encode()).hexdigest() if key else "")


class Done(Protocol):
    """What of a dossier says whether it may be rated."""

    @property
    def pk(self) -> int: ...
    @property
    def state(self) -> int: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def returned_at(self) -> datetime | None: ...


def is_open(dossier: Done, now: datetime) -> bool:
    """Whether a dossier may be rated, whoever has done so already. No query."""
    return _why_not(dossier, now) is None


def not_rated(dossiers: Iterable[Done], now: datetime) -> set[int]:
    """Those of them that may be rated and are not. One query, none where no one may."""
    may = {one.pk for one in dossiers if is_open(one, now)}
    if not may:
        return may
    return may - set(Rating.objects.filter(dossier__in=may).values_list("dossier", flat=True))


def settled(now: datetime) -> date:
    """The first day of the month that is not added up yet: of those before, nothing can be changed."""
    return month_of(now - CHANGED_WITHIN)


def month_of(at: datetime) -> date:
    """Its first day, by which ratings are added up."""
    return timezone.localdate(at).replace(day=1)


def is_own(dossier_id: int, author: Author) -> bool:
    """Whether it was rated by this author. One query."""
    rows = Rating.objects.filter(dossier=dossier_id, author=author.mark)
    return bool(author.mark) and rows.exists()


def standing(dossier: Dossier, author: Author, now: datetime) -> Rating | None:
    """The author's own rating while it may be changed; None: there is none yet. One query. Who holds the
    slip only is not told here whether somebody else has rated: officers can read its secret.

    Errors: rating_not_yet, rating_over, rating_closed, rating_given, rating_by_slip.
    """
    if why := _why_not(dossier, now):
        raise why
    found = Rating.objects.filter(dossier=dossier.pk).first()
    if found is not None and author.door == Rating.Door.SLIP and found.author != author.mark:
        return None
    return _own(found, author, now)


def give(dossier: Dossier, answers: Mapping[str, Any], *, by: Author, at: datetime) -> Rating:
    """Write it down, or change the author's own. In: points by question, `words`, kept without the names
    of the dossier. Errors: as `standing`, and rating_given for whoever.
    """
    if why := _why_not(dossier, at):
        raise why
    given = {name: answers.get(name) for name in NAMES} | {"words": _kept_words(answers, dossier)}
    try:
        with transaction.atomic():
            rows = Rating.objects.select_for_update(of=("self",)).filter(dossier=dossier.pk)
            found = rows.first()
            own = _own(found, by, at)
            if own is None:
                own = found or Rating(dossier=dossier)
                own.agency_id, own.given_at = dossier.agency_id, at
                own.month = month_of(at)
                own.door, own.author = by.door, by.mark
            for name, value in given.items():
                setattr(own, name, value)
            own.save()
    except IntegrityError as error:  # two at once: one of them stands
        raise _error("rating_given", CHANGED_WITHIN) from error
    return own


def _kept_words(answers: Mapping[str, Any], dossier: Dossier) -> str:
    words: str = answers.get("words", "")
    if not words:
        return ""
    submitter = getattr(dossier, "submitter", None)
    names = (dossier.owner_name, dossier.code, submitter.name if submitter is not None else "")
    return without_names(words, *names)


def changed_until(row: Rating) -> datetime:
    return row.given_at + CHANGED_WITHIN


def _own(found: Rating | None, author: Author, now: datetime) -> Rating | None:
    """What the author may change; None where the author may give one."""
    if found is None:
        return None
    if author.mark and found.author == author.mark:
        if now >= changed_until(found):
            raise _error("rating_closed", CHANGED_WITHIN)
        return found
    if found.door == Rating.Door.SLIP and author.door == Rating.Door.SIGNED_IN:
        if found.month < settled(now):
            raise DomainError("rating_by_slip")
        return None
    raise _error("rating_given", CHANGED_WITHIN)


def _why_not(dossier: Done, now: datetime) -> DomainError | None:
    """The 90 days run from its end, or from when its result was fetched."""
    times = [one for one in (dossier.ended_at, dossier.returned_at) if one is not None]
    if dossier.state not in HANDLED or not times:
        return DomainError("rating_not_yet")
    is_over = now >= max(times) + RATED_WITHIN
    return _error("rating_over", RATED_WITHIN) if is_over else None


def _error(code: str, within: timedelta) -> DomainError:
    return DomainError(code, days=within.days)
