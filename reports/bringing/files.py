"""A brought table from the upload to its figures, and back.

    open → done → undone
         → dropped

Recording the same file again is refused; of two files of a unit the last one counts
(figures/brought.py), so that nothing is doubled either way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet

from onestop.accounts.models import Agency
from onestop.changes.domain import add_all
from onestop.columns import Columns
from onestop.errors import DomainError, say, sentence
from onestop.jobs import staged
from onestop.once import once
from onestop.tables import MOST_ROWS, TableRow, read_tables
from reports.bringing import FOLDER, lines
from reports.bringing.columns import CODE, MEASURES, UNIT, columns_of
from reports.bringing.units import Found, Units, key
from reports.figures import Scope, statement
from reports.models import BroughtFigures, BroughtFile
from reports.periods import Period

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from onestop.accounts.models import Officer

NEW, SAME, CHANGED, UNKNOWN, LEFT_OUT, HERE, REPEATED, REFUSED = OUTCOMES = (
    "new", "same", "changed", "unknown", "left_out", "here", "repeated", "refused",
)  # fmt: skip
WRITTEN = (NEW, SAME, CHANGED)
# So many of the lines that were not recorded are kept by name.
TOLD = 200
# How a choice says that a line is nobody's.
NOBODY = ""
Stage = BroughtFile.Stage


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one line, and why."""

    number: int
    label: str
    what: str
    reason: str = ""
    unit: Agency | None = None
    figures: Mapping[str, int] = field(default_factory=dict)
    alike: tuple[Agency, ...] = ()

    @property
    def key(self) -> str:
        return key(self.label)

    def told(self) -> dict[str, Any]:
        return {"line": self.number, "label": self.label, "what": self.what, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Preview:
    """What recording the file would do; `passed`: rows that name no unit."""

    outcomes: Sequence[Outcome]
    passed: int

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(one.what for one in self.outcomes)
        return {name: found[name] for name in OUTCOMES} | {"passed": self.passed}

    def of(self, *what: str) -> list[Outcome]:
        return [one for one in self.outcomes if one.what in what]

    @property
    def told(self) -> dict[str, Any]:
        """As it is kept with the file."""
        left = [one.told() for one in self.outcomes if one.what not in WRITTEN]
        return {"counts": self.counts, "left": left[:TOLD]}


# --- the file ---------------------------------------------------------------------------------------


def start(
    upload: UploadedFile[Any], *, agency: Agency, period: Period, by: Officer, at: datetime
) -> BroughtFile:
    """Keep an upload so that it can be looked through; one that is recorded already is that one.
    Errors: DomainError("brought_ahead") and those of tables.read_table.
    """
    if period.start > at:
        raise DomainError("brought_ahead", field="ky", first=f"{period.first:%d/%m/%Y}")
    sha256, kept = staged.keep_table(upload, FOLDER, read=read_tables)
    same = {"agency": agency, "first": period.first, "last": period.last, "sha256": sha256}
    done = BroughtFile.objects.filter(stage=Stage.DONE, **same).first()
    if done is not None:
        staged.let_go(kept)
        return done
    return BroughtFile.objects.create(
        **same, period=period.code, file_name=(upload.name or "")[:250], kept=kept, by=by, at=at
    )


def needed() -> QuerySet[BroughtFile, str]:
    """Where the uploads lie that are not dropped: each can be fetched for good."""
    return BroughtFile.objects.exclude(kept="").values_list("kept", flat=True)


def rows_of(row: BroughtFile) -> list[TableRow]:
    """Of the sheet whose head says most: our own workbook has one of dossiers beside the table.
    Errors: DomainError("brought_gone", "table_large").
    """
    kept = row.columns or _last_columns(row)
    tables = staged.kept_tables(row, gone="brought_gone")
    found = max(tables, key=lambda rows: len(columns_of(rows, kept).places))
    if len(found) > MOST_ROWS:
        raise DomainError("table_large", most=MOST_ROWS)
    return found


def columns_in(row: BroughtFile, rows: Sequence[TableRow]) -> Columns:
    """As somebody confirmed them, for this file or for the last one recorded; else guessed."""
    return columns_of(rows, row.columns or _last_columns(row))


def are_confirmed(row: BroughtFile, columns: Columns) -> bool:
    return columns.are(row.columns or _last_columns(row))


def _last_columns(row: BroughtFile) -> dict[str, str]:
    recorded = BroughtFile.objects.filter(agency=row.agency_id, stage=Stage.DONE)
    last = recorded.order_by("-recorded_at").values_list("columns", flat=True).first()
    return last or {}


def confirm_columns(row: BroughtFile, columns: Columns) -> None:
    """Errors: DomainError("brought_unsaid", "brought_over")."""
    _is_open(row)
    lines.completed({name: 0 for name in MEASURES if name in columns.places})
    row.columns = columns.named
    row.save(update_fields=["columns"])


def confirm_units(row: BroughtFile, choices: Mapping[str, str]) -> None:
    """Which unit a line is of, by its name; "" leaves it out. Errors: DomainError("brought_over")."""
    _is_open(row)
    row.units = row.units | {key(label): code for label, code in choices.items()}
    row.save(update_fields=["units"])


def _is_open(row: BroughtFile) -> None:
    if row.stage != Stage.OPEN:
        raise DomainError("brought_over")


# --- looking through --------------------------------------------------------------------------------


def preview(row: BroughtFile, columns: Columns, rows: Sequence[TableRow], now: datetime) -> Preview:
    """What the file says against what is known here. Four statements, however long it is."""
    chosen = _remembered(row) | row.units
    units = Units(row.agency)
    found: list[Outcome] = []
    passed = 0
    for line in columns.lines(rows):
        one = None if lines.names_nobody(line, columns) else _look(line, columns, units, chosen)
        if one is None:
            passed += 1
        else:
            found.append(one)
    return Preview(list(_against(found, row, now)), passed)


def _remembered(row: BroughtFile) -> dict[str, str]:
    """What was settled for the files before, the newest last."""
    earlier = BroughtFile.objects.filter(agency=row.agency_id, stage=Stage.DONE)
    found: dict[str, str] = {}
    for settled in earlier.order_by("recorded_at").values_list("units", flat=True):
        found |= settled
    return found


def _look(
    line: TableRow, columns: Columns, units: Units, chosen: Mapping[str, str]
) -> Outcome | None:
    """None where it is a total, a heading, a note or a signature."""
    label, code = (lines.text_of(line, columns, name)[:300] for name in (UNIT, CODE))
    seen = units.find(label, code)
    if seen.unit is None:
        seen = _settled(seen, chosen.get(key(label)), units)
    says = lines.says_figures(line, columns)
    if seen.unit is None and (not says or lines.is_total(line, columns)):
        return None
    if seen.unit is None:
        if chosen.get(key(label)) == NOBODY:
            return Outcome(line.number, label, LEFT_OUT)
        return Outcome(line.number, label, UNKNOWN, alike=seen.alike)
    if not says:
        return Outcome(line.number, label, REFUSED, say("brought_empty"), seen.unit)
    try:
        figures = lines.read(line, columns)
    except DomainError as error:
        return Outcome(line.number, label, REFUSED, sentence(error), seen.unit)
    return Outcome(line.number, label, NEW, "", seen.unit, figures)


def _settled(seen: Found, code: str | None, units: Units) -> Found:
    unit = units.by_code.get(code) if code else None
    return Found(unit) if unit is not None else seen


def _against(found: Sequence[Outcome], row: BroughtFile, now: datetime) -> Iterator[Outcome]:
    """With what stands in the way of each: its unit works here, comes twice, or was brought before."""
    period = row.days
    named: dict[int, list[int]] = defaultdict(list)
    for one in found:
        if one.unit is not None:
            named[one.unit.pk].append(one.number)
    here = _works_here(row.agency, period, now)
    rows = BroughtFigures.objects.standing(period, cut=now).filter(agency__in=named)
    before = {old.agency_id: old for old in rows.select_related("file")}
    for one in found:
        if one.what != NEW or one.unit is None:
            yield one
        elif one.unit.pk in here:
            reason = say("brought_here", {"count": here[one.unit.pk]})
            yield replace(one, what=HERE, reason=reason)
        elif len(numbers := named[one.unit.pk]) > 1:
            told = ", ".join(map(str, numbers))
            yield replace(one, what=REPEATED, reason=say("brought_repeated", {"lines": told}))
        else:
            yield _compared(one, before.get(one.unit.pk))


def _works_here(agency: Agency, period: Period, now: datetime) -> dict[int, int]:
    """How many dossiers each unit has here in the period."""
    scope = Scope.of(agency, whole=True)
    counted = statement.counts(["handled"], ("agency_id",), scope, period, now)
    return {
        row[0]: values[0] for side, row, values in counted if side == statement.OWN and values[0]
    }


def _compared(one: Outcome, before: BroughtFigures | None) -> Outcome:
    if before is None:
        return one
    what = SAME if before.measures == one.figures else CHANGED
    reason = say(f"brought_{what}", {"file": before.file.file_name})
    return replace(one, what=what, reason=reason)


# --- recording --------------------------------------------------------------------------------------


def record(row: BroughtFile, *, by: Officer, at: datetime) -> Preview:
    """The lines that are of a unit stand in the tables from now on.

    Effects in one transaction, looked through anew behind a lock: figures, the file's stage and what
    became of its lines. Errors: DomainError("brought_over", "brought_twice", "brought_nothing",
    "brought_gone", "brought_columns").
    """
    rows = rows_of(row)
    with once(DomainError("brought_twice")):
        # One after another for an agency: what one records the other sees.
        Agency.objects.select_for_update(no_key=True).get(pk=row.agency_id)
        row.refresh_from_db(fields=["stage", "columns", "units"])
        _is_open(row)
        columns = columns_in(row, rows)
        if not are_confirmed(row, columns):
            raise DomainError("brought_columns")
        found = preview(row, columns, rows, at)
        written = found.of(*WRITTEN)
        if not written:
            raise DomainError("brought_nothing")
        row.stage, row.told, row.recorded_at, row.recorded_by = Stage.DONE, found.told, at, by
        row.columns = columns.named
        row.save()
        add_all(
            BroughtFigures,
            [
                BroughtFigures(
                    file=row, agency=one.unit, line=one.number, label=one.label,
                    measures=dict(one.figures),
                )
                for one in written
                if one.unit is not None
            ],
        )  # fmt: skip
    return found


def drop(row: BroughtFile) -> None:
    """Nothing of it is recorded. Errors: DomainError("brought_over")."""
    kept = row.kept
    with transaction.atomic():
        row = _locked(row, Stage.OPEN)
        row.stage, row.kept = Stage.DROPPED, ""
        row.save(update_fields=["stage", "kept"])
    if kept:
        transaction.on_commit(lambda: staged.let_go(kept))


def undo(row: BroughtFile, *, by: Officer, at: datetime) -> None:
    """From now on its figures count no more; what was brought before it counts again. Reports with
    an earlier cut stay as they were. Errors: DomainError("brought_over").
    """
    with transaction.atomic():
        row = _locked(row, Stage.DONE)
        row.stage, row.undone_at, row.undone_by = Stage.UNDONE, at, by
        row.save(update_fields=["stage", "undone_at", "undone_by"])


def _locked(row: BroughtFile, stage: int) -> BroughtFile:
    rows = BroughtFile.objects.select_for_update(of=("self",))
    found = rows.filter(pk=row.pk, stage=stage).first()
    if found is None:
        raise DomainError("brought_over")
    return found
