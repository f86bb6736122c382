"""What goes by the public post: results that wait to be given, letters on their way and what became of
them, minutes with the post.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse

from dossiers.clock.uncollected import is_archived
from dossiers.desk.online import filings
from dossiers.models import Dossier, Result, Return
from dossiers.models.post import PostalItem, PostalLine, PostalNote, letter_number
from dossiers.reading_codes import readings
from dossiers.states import State
from onestop.accounts.models import Role
from onestop.paging import Page, by_id, by_instant
from procedures.channels import Channel

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dossiers.models.querysets import DossierQuerySet
    from onestop.accounts.desk import Desk

SIZE = 50
# How many results one page offers to give.
MOST_GIVEN = 100
OLDEST = by_instant("ended_at")
_ORDER = by_id(newest_first=True)
_OPEN = Q(delivered_at=None, back_at=None)
# By the word in the address: its label, which letters.
LISTS: dict[str, tuple[str, Q]] = {
    "": ("Đang chuyển", _OPEN & Q(failed_at=None)),
    "khong-phat": ("Phát không thành", _OPEN & Q(failed_at__isnull=False)),
    "da-phat": ("Đã phát", Q(delivered_at__isnull=False)),
    "chuyen-hoan": ("Đã chuyển hoàn", Q(back_at__isnull=False)),
}


def waiting(agency_id: int) -> DossierQuerySet[Dossier]:
    """Results of this counter that are to go by post and lie here, the oldest first."""
    mine = Q(agency=agency_id) | Q(received_by_agency=agency_id)
    rows = Dossier.objects.filter(mine, state=State.FINISHED, return_by_post=True)
    return rows.filter(~is_archived(), pending_department=None).order_by("ended_at", "pk")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A result that may be given: the dossier, what it is."""

    dossier: Dossier
    result: str


def to_give(agency_id: int, *, after: str = "") -> Page[Waiting]:
    """Some of them with their results, the oldest first; two queries."""
    found = (
        waiting(agency_id).select_related("version").defer("version__search_text", "secret", "salt")
    )
    page = OLDEST.page(found, size=MOST_GIVEN, after=after)
    rows = page.rows
    results = {
        pk: f"{title} {number}".strip()
        for pk, title, number in Result.objects.current()
        .filter(dossier__in=rows)
        .values_list("dossier_id", "title", "number")
    }
    return Page([Waiting(row, results.get(row.pk, "")) for row in rows], page.next, page.previous)


_GIVEN = Return.objects.filter(
    dossier=OuterRef("dossier"), way=Return.Way.POST, given_at=OuterRef("given_at")
)


def items(agency_ids: Sequence[int]) -> QuerySet[PostalItem]:
    """Every letter these agencies gave to the post, with its dossier; taken back ones too. `taker`: whom
    it was given for, the owner or somebody authorised.
    """
    rows = PostalItem.objects.filter(agency__in=agency_ids)
    named = rows.select_related("dossier__version", "note__agency")
    taker = Subquery(_GIVEN.order_by("-pk").values("taker_name")[:1])
    lean = named.defer("dossier__version__search_text", "dossier__secret", "dossier__salt")
    return lean.annotate(taker=taker)


def receiver(row: PostalItem) -> str:
    """Who is to take a letter of `items`."""
    return str(row.taker or row.dossier.owner_name)  # type: ignore[attr-defined]


def page(agency_id: int, which: str, text: str, after: str) -> Page[PostalItem]:
    """One page of a list, the newest first; one query, two for `text`: a phiếu gửi or a code."""
    rows = items([agency_id]).filter(undone_at=None)
    if text:
        # Both sides are found by an index.
        codes = readings(text.strip().upper())
        named = list(Dossier.objects.filter(code__in=codes).values_list("pk", flat=True))
        rows = rows.filter(Q(number=letter_number(text)) | Q(dossier__in=named))
    else:
        rows = rows.filter(LISTS[which][1])
    return _ORDER.page(rows, size=SIZE, after=after)


def counts(agency_id: int) -> dict[str, int]:
    """What waits, what is on its way, what failed; two queries. What is over is not counted: it only
    grows.
    """
    found = (
        PostalItem.objects.standing()
        .filter(_OPEN, agency=agency_id)
        .aggregate(
            moving=Count("pk", filter=LISTS[""][1]), failed=Count("pk", filter=LISTS["khong-phat"][1])
        )
    )  # fmt: skip
    return {
        "waiting": waiting(agency_id).order_by().count(),
        "": found["moving"],
        "khong-phat": found["failed"],
    }


def notes(agency_ids: Sequence[int]) -> QuerySet[PostalNote]:
    rows = PostalNote.objects.filter(agency__in=agency_ids)
    return rows.select_related("agency", "made_by", "signed_by")


def notes_page(agency_id: int, after: str) -> Page[PostalNote]:
    """One page of minutes with how much each lists, the newest first; one query."""
    rows = notes([agency_id]).annotate(
        letters=Count("items", filter=Q(items__undone_at=None), distinct=True),
        brought=Count("lines", distinct=True),
    )
    return _ORDER.page(rows, size=SIZE, after=after)


def lines_of(note: PostalNote) -> list[PostalLine]:
    """The dossiers that minutes list, in order; one query."""
    rows = note.lines.select_related("procedure", "dossier").defer(
        "dossier__secret", "dossier__salt"
    )
    return list(rows.order_by("position"))


def line_to_receive(desk: Desk, pk: int, code: str) -> PostalLine | None:
    """A signed line that no dossier stands for, at the own counter, of this procedure or of none."""
    mine = PostalLine.objects.filter(note__agency__in=desk.agency_ids_as(Role.CLERK), pk=pk)
    rows = mine.filter(PostalLine.IS_FREE, note__signed_at__isnull=False)
    return rows.filter(Q(procedure=None) | Q(procedure__code=code)).select_related("note").first()


def came_by(dossier: Dossier) -> PostalLine | None:
    """The line of the minutes that brought it; no query for what came otherwise."""
    if dossier.channel != Channel.POST:
        return None
    return PostalLine.objects.filter(dossier=dossier).select_related("note").first()


def with_links(desk: Desk, lines: Sequence[PostalLine]) -> list[tuple[PostalLine, str]]:
    """Each line with the page of the online dossier whose code it bears, for whoever may open it: the
    dossier, or what waits for the counter. Two queries where a line bears one, else none.
    """
    codes = {line.code.upper() for line in lines if line.code}
    found: dict[str, str] = {}
    if codes:
        for filing in filings(desk).filter(code__in=codes).only("code"):
            found[filing.code] = reverse("online_filing", args=[filing.pk])
        known = Dossier.objects.visible_to(desk).filter(code__in=codes).only("code")
        found |= {one.code: one.get_absolute_url() for one in known}
    return [(line, found.get(line.code.upper(), "")) for line in lines]


def letters_of(note: PostalNote) -> list[PostalItem]:
    """What minutes list, in order; one query."""
    rows = items([note.agency_id]).filter(note=note)
    return list(rows.order_by("position"))
