"""A decision that publishes a list, from the draft to its day: drafted, checked by somebody else,
published; in force on its date by itself (R-133).

    DRAFT ⇄ CHECKED → PUBLISHED
      └──── DROPPED

Two decisions may speak of one procedure: from its day on the later one holds; of two that take
effect on one day the one signed later, then the one with the higher number. What is published is
changed and undone only by another decision.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import groupby, pairwise

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from onestop.accounts.access import access
from onestop.accounts.desk import touch
from onestop.accounts.models import AccessKind, Agency, Officer
from onestop.changes.domain import add_all, update_all
from onestop.errors import DomainError
from onestop.files.domain import Kept, attach
from onestop.files.kinds import PDF
from onestop.folding import fold
from procedures.domain.telling import tell_controllers
from procedures.hooks import procedures_ended
from procedures.models import (
    CounterKind,
    Kind,
    Linkage,
    ListDecision,
    ListLine,
    Maker,
    Method,
    OnlineLevel,
    Procedure,
)
from procedures.shortened import why_not, written

Stage = ListDecision.Stage
MOST_LINES = 6_000
# Under which kind the decision's file is kept.
FILE = "list_decision"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on top of a decision."""

    number: str
    about: str
    signer: str
    signed_on: date
    effective_from: date
    corrects: ListDecision | None = None
    maker: int = Maker.PROVINCE
    no_file_reason: str = ""


@dataclass(frozen=True, slots=True)
class LineIn:
    """What a line is to say: of a code, at a kind of counter."""

    code: str
    counter: CounterKind
    kind: int = Kind.NEW
    at_counter: bool = True
    why_not: str = ""
    linkage: int = Linkage.NONE
    anywhere: bool = False
    online: int = OnlineLevel.NONE
    online_why: str = ""
    by_post: bool = True
    handled_by: str = ""
    coordinated_by: str = ""
    decided_by: str = ""
    shortened: str = ""
    note: str = ""


def draft(head: Head, *, agency: Agency, by: Officer, at: datetime) -> ListDecision:
    """A new draft. Errors: DomainError("procedures.no_decision", "effective_before_signed",
    "decision_twice", "list_corrects").
    """
    _check(head, agency)
    return ListDecision.objects.create(
        agency=agency, drafted_at=at, drafted_by=by, **_columns(head)
    )


def write_head(decision: ListDecision, head: Head, *, seen: int) -> ListDecision:
    """Another head for a draft; who checked it has to look again. Errors: those of draft and of
    _opened.
    """
    with transaction.atomic():
        mine = _opened(decision, seen)
        _check(head, mine.agency, but=mine.pk)
        for name, value in _columns(head).items():
            setattr(mine, name, value)
        return _touched(mine)


def put_lines(decision: ListDecision, lines: Sequence[LineIn], *, seen: int) -> ListDecision:
    """Adds lines to a draft, or says them anew. Errors: those of _opened, and
    DomainError("procedures.list_unknown_codes", "list_why_not", "list_online_why",
    "list_shortened", "list_too_long").
    """
    ids = dict(
        Procedure.objects.filter(
            code__in={one.code for one in lines}, unpublished=None
        ).values_list("code", "pk")
    )
    unknown = [one.code for one in lines if one.code not in ids]
    if unknown:
        raise DomainError(
            "procedures.list_unknown_codes", field="codes", codes=", ".join(dict.fromkeys(unknown))
        )
    _check_reasons(lines)
    _check_terms(lines)
    with transaction.atomic():
        mine = _opened(decision, seen)
        said = {(ids[one.code], one.counter): _says(one) for one in lines}
        known = {(row.procedure_id, row.counter): row for row in mine.lines.all()}
        if len(known.keys() | said.keys()) > MOST_LINES:
            raise DomainError("procedures.list_too_long", field="codes", most=MOST_LINES)
        # One statement a line that is said otherwise: few, beside those of a file that are new.
        for place_of, columns in said.items():
            row = known.get(place_of)
            if row is not None and columns != {name: getattr(row, name) for name in columns}:
                for name, value in columns.items():
                    setattr(row, name, value)
                row.save()
        fresh = [
            ListLine(decision=mine, procedure_id=procedure, counter=counter, **columns)
            for (procedure, counter), columns in said.items()
            if (procedure, counter) not in known
        ]
        add_all(ListLine, fresh)
        return _touched(mine)


def new_to(decision: ListDecision, lines: Sequence[LineIn]) -> list[LineIn]:
    """Those of which the draft says nothing yet: what stands in it was perhaps put right by hand, and no
    proposal says it anew.
    """
    stands = set(decision.lines.values_list("procedure__code", "counter"))
    return [one for one in lines if (one.code, one.counter) not in stands]


def statutory_terms(codes: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """By code: each case with the term of each of its ways, as the newest version says. One query."""
    # One chain of joins: with a subquery of versions beside it PostgreSQL, before it has counted the
    # rows of a fresh import, compared each with each for minutes.
    rows = Method.objects.filter(
        case__version__effective_to__isnull=True, case__version__procedure__code__in=codes
    ).order_by("case__version", "case__order", "channel")
    found: dict[str, list[tuple[str, str]]] = {}
    for code, *said in rows.values_list("case__version__procedure__code", "case__name", "term"):
        found.setdefault(code, []).append((said[0], said[1]))
    return found


def _check_reasons(lines: Sequence[LineIn]) -> None:
    """What is not at the counter, or on line only in part (R-94), says why. Errors:
    DomainError("procedures.list_why_not", "list_online_why") of the first that does not.
    """
    for one in lines:
        if not one.at_counter and not one.why_not.strip():
            raise DomainError("procedures.list_why_not", field="why_not", procedure=one.code)
        part = one.kind != Kind.ABOLISHED and one.online == OnlineLevel.PART
        if part and not one.online_why.strip():
            raise DomainError("procedures.list_online_why", field="online_why", procedure=one.code)


def _check_terms(lines: Sequence[LineIn]) -> None:
    """Errors: DomainError("procedures.list_shortened") of the first that is not shorter."""
    said = [one for one in lines if one.shortened.strip()]
    by_law = statutory_terms({one.code for one in said}) if said else {}
    for one in said:
        if why := why_not(one.shortened, by_law.get(one.code, ())):
            raise DomainError(
                "procedures.list_shortened", field="shortened", procedure=one.code, why=why
            )


def attach_file(
    decision: ListDecision, file: Kept, *, by: Officer, at: datetime, seen: int
) -> ListDecision:
    """The decision as it was signed; another one takes its place. Errors: those of _opened, and
    DomainError("procedures.list_file_pdf").
    """
    if file.content_type != PDF:
        raise DomainError("procedures.list_file_pdf", field="files", name=file.name)
    with transaction.atomic():
        mine = _opened(decision, seen)
        mine.file = attach(file, kind=FILE, object_id=mine.pk, by=by, at=at)
        return _touched(mine)


def note_entered(decision: ListDecision, on: date, *, by: Officer, today: date) -> ListDecision:
    """When a published decision was entered into the national database (R-134); said again, it is
    said anew, and the access log tells by whom and what stood before. Errors:
    DomainError("procedures.list_not_published", "list_entered_when").
    """
    with transaction.atomic():
        mine = ListDecision.objects.select_for_update().get(pk=decision.pk)
        if not mine.is_published:
            raise DomainError("procedures.list_not_published")
        if not mine.signed_on <= on <= today:
            raise DomainError("procedures.list_entered_when", field="entered_on")
        before = f"{mine.entered_on:%d/%m/%Y}" if mine.entered_on else "chưa ghi"
        mine.entered_on = on
        mine.save()
        detail = f"ngày nhập CSDL quốc gia: {before} → {on:%d/%m/%Y}"
        access(by, AccessKind.CATALOGUE_CHANGED, FILE, mine.pk, detail)
    return mine


def take_out(decision: ListDecision, line_ids: Collection[int], *, seen: int) -> ListDecision:
    """Lines of a draft go. Errors: those of _opened."""
    with transaction.atomic():
        mine = _opened(decision, seen)
        for row in mine.lines.filter(pk__in=line_ids):
            row.delete()
        return _touched(mine)


def check(decision: ListDecision, *, by: Officer, at: datetime, seen: int) -> ListDecision:
    """Somebody else looked through the draft as it stands. Errors: those of _opened, and
    DomainError("procedures.list_own_draft", "list_empty").
    """
    with transaction.atomic():
        mine = _opened(decision, seen)
        if mine.drafted_by_id == by.pk:
            raise DomainError("procedures.list_own_draft")
        if not mine.lines.exists():
            raise DomainError("procedures.list_empty")
        mine.stage, mine.checked_by, mine.checked_at = Stage.CHECKED, by, at
        mine.revision += 1
        mine.save()
    return mine


def publish(decision: ListDecision, *, by: Officer, at: datetime, seen: int) -> ListDecision:
    """The list holds from its day on. Errors: those of _opened, and
    DomainError("procedures.list_not_checked", "list_no_file").
    """
    with transaction.atomic():
        # One after the other: two decisions of a day must see each other's lines.
        Agency.objects.select_for_update().get(pk=decision.agency_id)
        mine = _opened(decision, seen)
        if mine.stage != Stage.CHECKED:
            raise DomainError("procedures.list_not_checked")
        if mine.file_id is None and not mine.no_file_reason:
            raise DomainError("procedures.list_no_file")
        mine.stage, mine.published_by, mine.published_at = Stage.PUBLISHED, by, at
        mine.revision += 1
        mine.save()
        place(mine.agency, set(mine.lines.values_list("procedure_id", flat=True)))
        under = Agency.objects.under(mine.agency.path).filter(has_lists=False)
        if under.update(has_lists=True):
            touch()  # desks that are held know the agencies as they were before
        gone = mine.lines.filter(kind=Kind.ABOLISHED)
        if codes := set(gone.values_list("procedure__code", flat=True)):
            procedures_ended.send(sender=None, codes=codes, on=mine.effective_from, at=at)
        tell_controllers(
            "list_published",
            key=f"list:{mine.pk}",
            link=reverse("procedures:list", args=[mine.pk]),
            by=by,
            at=at,
            decision=mine,
            lines=mine.lines.count(),
        )
    return mine


def drop(decision: ListDecision, *, seen: int) -> ListDecision:
    """The draft is given up; it stays to be read. Errors: those of _opened."""
    with transaction.atomic():
        mine = _opened(decision, seen)
        mine.stage = Stage.DROPPED
        mine.revision += 1
        mine.save()
    return mine


def place(agency: Agency, procedure_ids: Collection[int]) -> None:
    """Gives the published lines of these procedures their place in time, each until the next one
    takes effect.
    """
    rows = ListLine.objects.filter(
        decision__agency=agency, decision__stage=Stage.PUBLISHED, procedure__in=procedure_ids
    ).select_related("decision")
    spoken = sorted(rows, key=lambda row: (row.procedure_id, row.counter, *rank(row.decision)))
    places: dict[tuple[date, date | None], list[int]] = {}
    for _, same in groupby(spoken, key=lambda row: (row.procedure_id, row.counter)):
        for row, later in pairwise([*same, None]):
            assert row is not None
            begins = row.decision.effective_from
            ends = later.decision.effective_from if later is not None else None
            if (row.effective_from, row.effective_to) != (begins, ends):
                places.setdefault((begins, ends), []).append(row.pk)
    for (begins, ends), ids in places.items():
        update_all(ListLine.objects.filter(pk__in=ids), effective_from=begins, effective_to=ends)


def rank(decision: ListDecision) -> tuple[date, date, int, int]:
    """Which of two decisions speaks last: by its day, its signing, its number."""
    number = re.match(r"\s*(\d+)", decision.number)
    return (
        decision.effective_from,
        decision.signed_on,
        int(number.group(1)[:12]) if number else 0,
        decision.pk,
    )


def overlaps(decision: ListDecision) -> list[ListDecision]:
    """Published decisions that take effect on the same day or later and speak of the same procedures at
    the same counters, told before publishing; by their day. One query.
    """
    mine = decision.lines.filter(procedure=OuterRef("procedure"), counter=OuterRef("counter"))
    same = ListLine.objects.filter(
        Exists(mine),
        decision__agency=decision.agency_id,
        decision__stage=Stage.PUBLISHED,
        decision__effective_from__gte=decision.effective_from,
    ).exclude(decision=decision)
    rows = ListDecision.objects.filter(pk__in=same.values("decision"))
    return list(rows.order_by("effective_from", "pk"))


def before(decision: ListDecision) -> dict[tuple[int, int], ListLine]:
    """What is in force the day this decision takes effect without it, by procedure and counter. One
    query.
    """
    lines = ListLine.objects.in_force(decision.effective_from).filter(
        decision__agency=decision.agency_id,
        procedure__in=decision.lines.values("procedure"),
    )
    return {
        (row.procedure_id, row.counter): row
        for row in lines.exclude(decision=decision).select_related("decision")
    }


def _says(line: LineIn) -> dict[str, object]:
    """The columns of a line beside its place."""
    columns = {k: v for k, v in asdict(line).items() if k not in ("code", "counter")}
    why = line.online_why.strip(" .;") if line.online == OnlineLevel.PART else ""
    return columns | {"online_why": why, "shortened": written(line.shortened)}


def _check(head: Head, agency: Agency, but: int | None = None) -> None:
    if not head.number.strip():
        raise DomainError("procedures.no_decision", field="number")
    if head.effective_from < head.signed_on:
        raise DomainError("procedures.effective_before_signed", field="effective_from")
    # SQLite knows no upper case of "đ": a year's decisions are few enough to be compared here.
    of_year = ListDecision.objects.filter(agency=agency, signed_on__year=head.signed_on.year)
    others = of_year.exclude(stage=Stage.DROPPED).exclude(pk__in=[but] if but else [])
    if fold(head.number.strip()) in {fold(n) for n in others.values_list("number", flat=True)}:
        raise DomainError(
            "procedures.decision_twice",
            field="number",
            number=head.number.strip(),
            year=head.signed_on.year,
        )
    if head.corrects is not None and (
        head.corrects.agency_id != agency.pk or head.corrects.stage != Stage.PUBLISHED
    ):
        raise DomainError("procedures.list_corrects", field="corrects")


def _columns(head: Head) -> dict[str, object]:
    return {
        "number": head.number.strip(),
        "about": head.about.strip(),
        "signer": head.signer.strip(),
        "signed_on": head.signed_on,
        "effective_from": head.effective_from,
        "corrects": head.corrects,
        "maker": head.maker,
        "no_file_reason": head.no_file_reason.strip(),
    }


def _opened(decision: ListDecision, seen: int) -> ListDecision:
    """The draft, locked. Errors: DomainError("procedures.list_published", "list_dropped",
    "list_changed").
    """
    mine = (
        ListDecision.objects.select_for_update(of=("self",))
        .select_related("agency", "drafted_by")
        .get(pk=decision.pk)
    )
    if mine.is_published:
        raise DomainError("procedures.list_published")
    if mine.stage == Stage.DROPPED:
        raise DomainError("procedures.list_dropped")
    if mine.revision != seen:
        raise DomainError("procedures.list_changed")
    return mine


def _touched(mine: ListDecision) -> ListDecision:
    """Changed: checked again before it is published."""
    mine.stage, mine.checked_by, mine.checked_at = Stage.DRAFT, None, None
    mine.revision += 1
    mine.save()
    return mine
