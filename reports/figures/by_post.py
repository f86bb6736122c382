"""What went by the public post in a period, by agency and post office: dossiers that came, results asked
for by post, letters given and what became of them by the cut (R-119, R-120).

Where a letter is follows from the events that count by the cut; what minutes say does not change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Count, QuerySet

from dossiers.models.post import PostalItem, PostalLine, PostalNote
from onestop.accounts.models import Agency
from onestop.folding import fold
from reports.figures import statement
from reports.figures.scope import Scope
from reports.figures.stood import stood
from reports.periods import Period

CODE = "by-post"
CHUNK = 200
# By the name of its column, in the order of the form.
CAME, ASKED, GIVEN, DELIVERED, FAILED, BACK, MOVING = (
    "came", "asked", "given", "delivered", "failed", "back", "moving",
)  # fmt: skip
# What is asked for at the reception names no post office.
NONE_YET = "(đăng ký khi nộp)"
Key = tuple[int, str]
Figures = Counter[tuple[Key, str]]


def lines(scope: Scope, period: Period, cut: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """Agency, post office, figures; the sum last. One statement for what came, one for what was asked
    for, one for letters and one more for so many, one for names.
    """
    figures: Figures = Counter()
    said: dict[Key, str] = {}

    def under(agency: int, office: str) -> Key:
        """One post office, however its name is written in capitals."""
        key = (agency, office.casefold())
        said[key] = min(said.get(key, office), office)
        return key

    for agency, office, number in _came(scope, period, cut):
        figures[under(agency, office), CAME] += number
    for agency, number in statement.of_those("received", "return_by_post", scope, period, cut):
        figures[under(agency, NONE_YET), ASKED] += number
    for (agency, office), where in _letters(scope, period, cut):
        key = under(agency, office)
        figures[key, GIVEN] += 1
        figures[key, where] += 1
    if not figures:
        return
    keys = {key for key, _ in figures}
    found = Agency.objects.filter(pk__in={agency for agency, _ in keys}).order_by("path")
    names = {one.pk: one.name for one in found}
    place = {pk: number for number, pk in enumerate(names)}
    for key in sorted(keys, key=lambda one: (place[one[0]], one[1] == NONE_YET, fold(one[1]), one)):
        yield names[key[0]], {"office": said[key]} | _row(figures, {key})
    yield "Tổng số", _row(figures, keys) | {"is_total": True}


def _row(figures: Figures, keys: set[Key]) -> dict[str, int]:
    names = (CAME, ASKED, GIVEN, DELIVERED, FAILED, BACK, MOVING)
    return {name: sum(figures[key, name] for key in keys) for name in names}


def _within(scope: Scope, agency: str) -> dict[str, Any]:
    if scope.whole:
        return {f"{agency}__path__startswith": scope.path}
    return {agency: scope.agency_id}


def notes_in(scope: Scope, period: Period, cut: datetime) -> QuerySet[PostalLine]:
    """The dossiers on minutes that both signed in the period. Papers that follow an online dossier are
    none: that was received on the portal.
    """
    return PostalLine.objects.filter(
        procedure__isnull=False,
        note__way=PostalNote.Way.IN,
        note__signed_at__gte=period.start,
        note__signed_at__lt=period.end,
        note__signed_at__lte=cut,
        **_within(scope, "note__agency"),
    )


def _came(scope: Scope, period: Period, cut: datetime) -> Iterator[tuple[int, str, int]]:
    rows = notes_in(scope, period, cut).order_by().values_list("note__agency", "note__office")
    yield from rows.annotate(number=Count("pk"))


def letters_in(scope: Scope, period: Period, cut: datetime) -> QuerySet[PostalItem]:
    """Letters that were given in the period, also those taken back since."""
    return PostalItem.objects.filter(
        given_at__gte=period.start,
        given_at__lt=period.end,
        given_at__lte=cut,
        **_within(scope, "agency"),
    )


def _letters(scope: Scope, period: Period, cut: datetime) -> Iterator[tuple[Key, str]]:
    """Each letter that counts by the cut, and where it was by then."""
    rows = letters_in(scope, period, cut).order_by("pk")
    named = rows.values_list("pk", "dossier_id", "agency_id", "note__office")
    found = named.iterator(chunk_size=CHUNK)
    while part := list(islice(found, CHUNK)):
        known = stood([dossier for _, dossier, _, _ in part], cut)
        for pk, dossier, agency, office in part:
            told = known[dossier][1].rows.get(PostalItem.told_as[0], {}) if dossier in known else {}
            if pk in told and not told[pk].get("undone_at"):
                yield (agency, office), _where(told[pk])


def _where(row: dict[str, Any]) -> str:
    if row.get("delivered_at"):
        return DELIVERED
    if row.get("back_at"):
        return BACK
    return FAILED if row.get("failed_at") else MOVING


def rows_of(scope: Scope, period: Period, cut: datetime) -> tuple[QuerySet[Any], ...]:
    """What is gone through, by kind."""
    return notes_in(scope, period, cut), letters_in(scope, period, cut)
