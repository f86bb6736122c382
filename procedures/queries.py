"""What is asked of the catalogue: search while typing, the public list, the controller's queue."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from onestop.accounts.models import Agency
from onestop.folding import fold, tokens
from onestop.paging import Page, by_code
from procedures.common_names import LifeEvent, readings
from procedures.models import (
    Case,
    FocalPoint,
    Kind,
    ListLine,
    Method,
    Paper,
    ProcedureVersion,
    Status,
    Unpublished,
)
from procedures.models.catalogue import UNPUBLISHED_CODE, VersionQuerySet
from procedures.models.unpublished import is_code_of_unpublished
from procedures.searching import MOST_INITIALS

# Rows looked at before ranking; a whole ministry's catalogue matching one letter stays cheap.
CANDIDATES = 400
PAGE = 50
MOST_ON_TOP = 3
# A code has one version in such a list.
BY_CODE = by_code("procedure__code")

_CODE_LIKE = re.compile(r"^\d[\d.]*[a-z0-9.]*$")


def words_of(text: str) -> list[str]:
    """The words of a typed search: codes keep their dots ("1.0011"), everything else is folded into
    plain words.
    """
    words: list[str] = []
    for piece in fold(text).split():
        words.extend(
            [piece.strip(".")] if _CODE_LIKE.match(piece) and piece.strip(".") else tokens(piece)
        )
    return words[:12]


def search_procedures(
    text: str, *, on: date, limit: int = 20, only: Q | None = None
) -> list[ProcedureVersion]:
    """Versions in force on the day whose code begins with, or whose words all begin with, what was
    typed; best first. `only`: of these (procedures.listed.Listed.received).

    "khai sinh", "sinh khai", "1.0011", "001193", the initials "dkks" and the common name "giấy khai
    sinh" find "Đăng ký khai sinh".
    Two queries, on both engines; versions still waiting for their term are found too (their status
    says why they cannot be chosen).
    """
    words = words_of(text)
    if not words:
        return []
    versions = ProcedureVersion.objects.in_force(on)
    said = readings(words)
    rows = (
        _matching(versions if only is None else versions.filter(only), said)
        .order_by("id")
        .values_list("id", "search_text", "initials", "status")
    )
    ranked = sorted((_best(said, row[1], row[2], row[3]), row[0]) for row in rows[:CANDIDATES])
    best = [version_id for _, version_id in ranked[:limit]]
    found = {
        version.pk: version
        for version in ProcedureVersion.objects.filter(id__in=best).select_related(
            "procedure", "field"
        )
    }
    return [found[version_id] for version_id in best if version_id in found]


@dataclass(frozen=True, slots=True)
class Named:
    """A procedure as a list of suggestions names it."""

    code: str
    name: str
    field: str
    is_ready: bool


def suggest_procedures(text: str, *, on: date, limit: int = 6) -> list[Named]:
    """The same, best first, as names only; one query."""
    words = words_of(text)
    if not words:
        return []
    said = readings(words)
    rows = (
        _matching(ProcedureVersion.objects.in_force(on), said)
        .order_by("id")
        .values_list(
            "search_text", "initials", "status", "procedure__code", "name", "field__name", "id"
        )
    )
    ranked = sorted((_best(said, *row[:3]), row[-1], row) for row in rows[:CANDIDATES])
    return [
        Named(code, name, field, status == Status.READY)
        for _, _, (_, _, status, code, name, field, _) in ranked[:limit]
    ]


def _matching(versions: VersionQuerySet, said: Sequence[Sequence[str]]) -> VersionQuerySet:
    """Those that hold all words of one of the readings; of one word also those with these initials."""
    words = said[0]
    if len(words) == 1 and words[0].isalpha() and 2 <= len(words[0]) <= MOST_INITIALS:
        return versions.saying(said, initials=words[0])
    return versions.saying(said)


def _best(said: Sequence[Sequence[str]], text: str, first: str, status: int) -> tuple[int, ...]:
    """Of all readings. What holds the letters of a common name somewhere in its words stands behind
    what the name means.
    """
    literal, *meant = (_rank(words, text, first, status) for words in said)
    if meant and literal[0] in (2, 3):
        literal = (4, *literal[1:])
    return min([literal, *meant])


def _rank(words: Sequence[str], text: str, first_letters: str, status: int) -> tuple[int, ...]:
    """Smaller is better: code, whole phrase at the start of the name, whole phrase, words in any
    order, initials; then the words together and early in the name, the shorter name, the ready one.
    """
    code, _, name = text.strip().partition(" ")
    phrase = " ".join(words)
    name = re.sub(r"^(?:[\d.]+ )*(?:thu tuc )?", "", name)
    if code == phrase or code.startswith(phrase) or (len(words) == 1 and words[0].isdigit()):
        kind = 0
    elif name.startswith(phrase):
        kind = 1
    elif f" {phrase}" in f" {name}":
        kind = 2
    elif all(f" {word}" in f" {name}" for word in words):
        kind = 3
    else:
        kind = 4 if first_letters.startswith(phrase) else 5
    places = [f" {name}".find(f" {word}") for word in words]
    spread, last = (999, 999) if min(places) < 0 else (max(places) - min(places), max(places))
    return (kind, spread, last, len(name), 0 if status == Status.READY else 1)


def not_abolished(on: date) -> Q:
    """Versions that the lists in force do not abolish at every counter they speak of (R-133): for
    what everybody reads.
    """
    said = ListLine.objects.in_force(on).filter(procedure=OuterRef("procedure"))
    gone = Q(Exists(said.filter(kind=Kind.ABOLISHED)))
    return ~gone | Q(Exists(said.exclude(kind=Kind.ABOLISHED)))


def public_versions(on: date) -> QuerySet[ProcedureVersion]:
    """What the public pages list on a day."""
    return ProcedureVersion.objects.in_force(on).filter(not_abolished(on))


def versions_of_event(event: LifeEvent, on: date) -> list[ProcedureVersion]:
    """What somebody needs in that event: the named ones in their order, then all of its fields. One
    query.
    """
    wanted = Q(procedure__code__in=event.codes) | Q(field__name__in=event.fields)
    rows = public_versions(on).filter(wanted).select_related("procedure", "field")
    place = {code: number for number, code in enumerate(event.codes)}
    return sorted(rows, key=lambda one: (place.get(one.code, len(place)), one.code))


def ended_codes(on: date) -> set[str]:
    """What was abolished by a day, by its version or by a list at any counter. Two queries."""
    versions = ProcedureVersion.objects.filter(kind=Kind.ABOLISHED, effective_from__lte=on)
    lines = ListLine.objects.in_force(on).filter(kind=Kind.ABOLISHED)
    return {
        code
        for rows in (versions, lines)
        for code in rows.order_by().values_list("procedure__code", flat=True)
    }


def abolition(code: str, on: date) -> ProcedureVersion | ListLine | None:
    """What abolished a code by that day: the version that says so, or the list's line. None where it
    is unknown or expired by itself. Two queries at most.
    """
    versions = ProcedureVersion.objects.filter(procedure__code=code, kind=Kind.ABOLISHED)
    version = versions.filter(effective_from__lte=on).order_by("-effective_from").first()
    if version is not None:
        return version
    lines = ListLine.objects.in_force(on).filter(procedure__code=code, kind=Kind.ABOLISHED)
    return lines.select_related("decision").order_by("-effective_from", "-pk").first()


def public_page(
    *, on: date, after: str = "", field_id: int | None = None, size: int = PAGE
) -> Page[ProcedureVersion]:
    """The public list by code, keyset-paged; only versions in force (R-133). `after`: the last code
    of the page before. One query.
    """
    versions = public_versions(on).select_related("procedure", "field")
    if field_id:
        versions = versions.filter(field_id=field_id)
    return BY_CODE.page(versions, after=after, size=size)


def fields_in_force(on: date) -> list[tuple[int, str, int]]:
    """Fields with the number of procedures in force: id, name, count. One query."""
    rows = (
        public_versions(on)
        .order_by("field__folded")
        .values_list("field_id", "field__name")
        .annotate(number=Count("id"))
    )
    return [(field_id, name, number) for field_id, name, number in rows]


def whole(versions: QuerySet[ProcedureVersion]) -> QuerySet[ProcedureVersion]:
    """With procedure, field, cases, methods and papers: five queries whatever the number of papers."""
    cases = Case.objects.order_by("order").prefetch_related(
        Prefetch("methods", Method.objects.order_by("channel")),
        Prefetch("papers", Paper.objects.order_by("order")),
    )
    return versions.select_related("procedure", "field").prefetch_related(Prefetch("cases", cases))


def version_of_code(code: str, on: date) -> ProcedureVersion | None:
    """The version of a code in force on a day, whole; None when the code is unknown, expired or
    abolished.
    """
    found = public_versions(on).filter(procedure__code=code)
    return whole(found).order_by("-effective_from", "-number").first()


def published_as(code: str) -> str:
    """The code under which what waited for its publication was published; "" for all others."""
    if not is_code_of_unpublished(code):
        return ""
    rows = Unpublished.objects.filter(procedure__code=code)
    return rows.values_list("published_as__code", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class FeedbackTo:
    """Whom people tell what is wrong with a procedure (R-136)."""

    agency: str
    address: str
    phone: str
    email: str
    people: tuple[FocalPoint, ...]


def feedback_to(on: date) -> list[FeedbackTo]:
    """The agencies on top, with those of their focal points that are shown to everybody. Two
    queries.
    """
    tops = list(Agency.objects.open_on(on).filter(parent=None).order_by("path")[:MOST_ON_TOP])
    points = FocalPoint.objects.in_charge(on).filter(agency__in=tops, is_public=True)
    people = list(points.order_by("agency", "starts_on", "pk"))
    return [
        FeedbackTo(
            one.name,
            one.address,
            one.phone,
            one.email,
            tuple(point for point in people if point.agency_id == one.pk),
        )
        for one in tops
    ]


def waiting_versions(
    *, field_id: int | None = None, term_text: str = ""
) -> QuerySet[ProcedureVersion]:
    versions = ProcedureVersion.objects.waiting().filter(effective_to__isnull=True)
    if field_id:
        versions = versions.filter(field_id=field_id)
    if term_text:
        versions = versions.filter(
            id__in=Method.objects.filter(term_text=term_text).values("case__version_id")
        )
    return versions


def waiting_fields() -> list[tuple[int, str, int]]:
    """Fields of waiting versions: id, name, count. One query."""
    rows = (
        waiting_versions()
        .order_by("field__folded")
        .values_list("field_id", "field__name")
        .annotate(number=Count("id"))
    )
    return [(field_id, name, number) for field_id, name, number in rows]


def unverified_page(
    *, decision: str = "", after: str = "", size: int = PAGE
) -> Page[ProcedureVersion]:
    """Versions taken as effective since their import, by code; all of one decision number if one is
    named. One query.
    """
    versions = (
        ProcedureVersion.objects.unverified()
        .filter(effective_to=None)
        .select_related("procedure", "field")
    )
    if decision:
        versions = versions.filter(decision_number=decision)
    return BY_CODE.page(versions, after=after, size=size)


def unverified_decisions() -> list[tuple[str, int]]:
    """Decision numbers of unverified versions as their records give them, with counts, most
    frequent first. One query.
    """
    versions = ProcedureVersion.objects.unverified().filter(effective_to=None).order_by()
    rows = (
        versions.values_list("decision_number")
        .annotate(number=Count("id"))
        .order_by("-number", "decision_number")
    )
    return [(decision, number) for decision, number in rows]


@dataclass(frozen=True, slots=True)
class CatalogueCounts:
    ready: int
    waiting: int
    unverified: int
    no_fee: int


def catalogue_counts(on: date) -> CatalogueCounts:
    """The numbers above the controller's lists. One query."""
    unreadable = Method.objects.filter(fee_amount=None).values("case__version_id")
    numbers = ProcedureVersion.objects.aggregate(
        ready=Count(
            "id",
            filter=Q(status=Status.READY, effective_from__lte=on)
            & (Q(effective_to=None) | Q(effective_to__gt=on)),
        ),
        waiting=Count("id", filter=Q(status=Status.NEEDS_TERM, effective_to=None)),
        unverified=Count(
            "id", filter=Q(unverified=True, effective_to=None) & ~Q(kind=Kind.ABOLISHED)
        ),
        no_fee=Count("id", filter=Q(effective_to=None, status=Status.READY, id__in=unreadable)),
    )
    return CatalogueCounts(**numbers)


@dataclass(frozen=True, slots=True)
class Before:
    """What the version before says of one way to apply: the reading, and the record's words that it
    was made from.
    """

    term: str
    fee_amount: int | None
    term_text: str
    fee_text: str
    note: str

    def same_words(self, method: Method) -> bool:
        return (self.term_text, self.fee_text, self.note) == (
            method.term_text,
            method.fee_text,
            method.note,
        )


def previous_terms(
    versions: Iterable[ProcedureVersion],
) -> dict[int, dict[tuple[int, int], Before]]:
    """For new versions of known procedures: what their nearest predecessor with a term says, by
    (case order, channel). One query.
    """
    wanted = {version.procedure_id: version for version in versions if version.number > 1}
    if not wanted:
        return {}
    rows = (
        Method.objects.filter(case__version__procedure_id__in=wanted)
        .exclude(term="")
        .exclude(case__version__status=Status.TAKEN_BACK)
        .select_related("case__version")
    )
    found: dict[int, dict[tuple[int, int], Before]] = {}
    for row in rows.order_by("case__version__effective_from", "case__version__number"):
        version, told = wanted[row.case.version.procedure_id], row.case.version
        if told.number < version.number or told.effective_to == version.effective_from:
            before = Before(row.term, row.fee_amount, row.term_text, row.fee_text, row.note)
            found.setdefault(version.pk, {})[(row.case.order, row.channel)] = before
    return found


def names_of(procedure_ids: Iterable[int]) -> dict[int, str]:
    """The names of procedures, each as its newest version has it. One query."""
    rows = ProcedureVersion.objects.newest().filter(procedure__in=list(procedure_ids))
    return dict(rows.values_list("procedure_id", "name"))


def unlisted_page(
    *, on: date, agency: Agency | None, after: str = "", size: int = PAGE
) -> Page[ProcedureVersion]:
    """Versions in force on the day of which no list in force of an agency says anything, by code. One
    query.
    """
    said = ListLine.objects.in_force(on).filter(decision__agency=agency)
    versions = (
        ProcedureVersion.objects.in_force(on)
        .exclude(procedure__code__startswith=UNPUBLISHED_CODE)
        .exclude(Exists(said.filter(procedure=OuterRef("procedure"))))
        .select_related("procedure", "field")
    )
    return BY_CODE.page(versions, after=after, size=size)
