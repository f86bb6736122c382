"""Forms that no module feeds: what controllers typed, and what the agencies below signed of it.

A form of one office (`Reach.OWN`) is what was typed for it. One that also rolls up (`Reach.WHOLE`)
adds the signed tables of the agencies below, on each branch the topmost; one that is `fed_by`
another form is nothing but the signed tables of that form, of the agency itself and of all below.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from onestop.accounts.models import Agency
from onestop.folding import fold
from reports.models import Column, Duty, EnteredFigures, ReportForm, RowKind, SignedReport
from reports.models.form import Reach
from reports.periods import Period

if TYPE_CHECKING:
    from reports.figures.scope import Scope

# What a column may be beside its number: the figure carried over, and the one that the next period
# carries over.
CARRIED, OPEN = "carried", "open"
MARKS = {CARRIED: "từ kỳ trước", OPEN: "còn cuối kỳ"}
UNTYPED = "Chưa nhập số liệu của kỳ này. Hãy bấm Nhập số liệu; không phát sinh thì vẫn bấm Lưu."
# The kinds of rows that can be typed, and the first column of figures: before it the order and the name.
KINDS = (RowKind.FIELD, RowKind.UNIT, RowKind.FIXED, RowKind.FREE)
FIRST = 3
# Agencies that are named one by one in a note.
NAMED = 10
# So many scopes are asked for one by one.
FEW = 5
Values = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One row; `key` names it from period to period: "field:3", "agency:7", "fixed:1:…", "free:…"."""

    key: str
    label: str
    values: Values
    code: str = ""

    @property
    def is_empty(self) -> bool:
        return all(value is None for value in self.values.values())


@dataclass(frozen=True, slots=True)
class Wrong:
    """What does not hold of one row, and in which of its cells."""

    key: str
    numbers: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Filled:
    """`problems` stand in the way of the signature; `said` is printed below the table."""

    lines: Sequence[Line]
    total: Values
    problems: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def fill(form: ReportForm, scope: Scope, period: Period, cut: datetime) -> Filled:
    """As fill_all(), of one."""
    return fill_all(form, [scope], period, cut)[0]


def fill_all(
    form: ReportForm, scopes: Sequence[Scope], period: Period, cut: datetime
) -> list[Filled]:
    """The same form of many agencies, in their order. One statement for what was typed, one for what
    was signed below, two for who is missing.
    """
    facts = _Facts.read(form, scopes, period, cut)
    return [facts.filled(scope) for scope in scopes]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the database knows of a form and period by the cut."""

    form: ReportForm
    period: Period
    columns: tuple[Column, ...]
    # The last saving of an agency and period.
    typed: Mapping[tuple[int, str], EnteredFigures]
    # One an agency, by its name.
    signed: Sequence[SignedReport]
    # The agencies that owe it.
    owing: Sequence[Agency]

    @classmethod
    def read(
        cls, form: ReportForm, scopes: Sequence[Scope], period: Period, cut: datetime
    ) -> _Facts:
        """One that is not kept yet knows of nothing."""
        rolls_up = bool(form.pk) and bool(form.fed_by or form.reach == Reach.WHOLE)
        return cls(
            form,
            period,
            form.columns_of(),
            _typed(form, scopes, period, cut) if form.pk and form.is_entered else {},
            _signed(form, scopes, period, cut) if rolls_up else (),
            _owing(form, scopes, period) if rolls_up else (),
        )

    def filled(self, scope: Scope) -> Filled:
        form, columns = self.form, self.columns
        own = self._own(scope) if form.is_entered else Filled((), {})
        signed = self._below(scope)
        problems, said = list(own.problems), list(own.said)
        if form.fed_by and form.pk and not signed:
            problems.append(
                f"Chưa có cơ quan nào ký biểu {form.fed_by} của kỳ này nên chưa có số để cộng."
            )
        if form.fed_by or signed:
            said += self._whose(scope, signed)
        lines = _together(form, own.lines, signed, columns)
        unsaid = _unsaid(columns, signed)
        if signed:
            added = (one for line in lines for one in _unequal(form, line, unsaid.keys()))
            problems += [one.words for one in added]
            said += _lacking(columns, unsaid)
        is_typed = bool(form.is_entered and form.pk and not own.problems)
        known = {
            one.number
            for one in columns
            if is_typed or len(unsaid.get(one.number, ())) < len(signed)
        }
        total = _total(lines, columns, known)
        return Filled(lines, total, tuple(dict.fromkeys(problems)), tuple(said))

    def _own(self, scope: Scope) -> Filled:
        """What was typed, with what is wrong of it; its total follows from all rows together."""
        kept = self.typed.get((scope.agency_id, self.period.code))
        if kept is None:
            missing = (UNTYPED,) if self.form.pk else ()
            return Filled(_blank(self.form, self.columns), {}, missing)
        typed = lines_of(kept, self.columns)
        lines = _laid(self.form, typed, self.columns)
        before = self.typed.get((scope.agency_id, self.period.previous().code))
        carried = not_carried(self.columns, lines, before)
        problems = (*_dropped(typed, lines), *(one.words for one in wrong(self.form, lines)))
        return Filled(lines, {}, problems, tuple(one.words for one in carried))

    def _below(self, scope: Scope) -> list[SignedReport]:
        """What is added up: a table that has those below in it stands for them."""
        found = [one for one in self.signed if one.agency.path.startswith(scope.path)]
        if not self.form.fed_by:
            found = [one for one in found if one.agency_id != scope.agency_id]
        paths = {one.agency.path for one in found if one.form.reach == Reach.WHOLE}
        return [one for one in found if not _is_under(one.agency.path, paths)]

    def _whose(self, scope: Scope, signed: Sequence[SignedReport]) -> Iterator[str]:
        code = self.form.fed_by or self.form.code
        if signed:
            names = _names(one.agency for one in signed)
            yield f"Cộng biểu {code} đã ký của {len(signed)} cơ quan: {names}."
        done = {one.agency_id for one in self.signed}
        if not self.form.fed_by:
            done.add(scope.agency_id)
        missing = [
            one for one in self.owing if one.pk not in done and one.path.startswith(scope.path)
        ]
        if missing:
            yield f"Chưa có biểu {code} đã ký của {len(missing)} cơ quan: {_names(missing)}."


def _typed(
    form: ReportForm, scopes: Sequence[Scope], period: Period, cut: datetime
) -> dict[tuple[int, str], EnteredFigures]:
    codes = (period.code, period.previous().code)
    rows = EnteredFigures.objects.filter(
        form__code=form.code,
        agency__in=[one.agency_id for one in scopes],
        period__in=codes,
        at__lte=cut,
    )
    return {(one.agency_id, one.period): one for one in rows.order_by("version")}


def _signed(
    form: ReportForm, scopes: Sequence[Scope], period: Period, cut: datetime
) -> list[SignedReport]:
    """Of two editions of the form that an agency signed, the one that it signed last."""
    rows = SignedReport.objects.filter(
        Q(closed_at=None) | Q(closed_at__gt=cut),
        _under(scopes, "agency__"),
        form__code=form.fed_by or form.code,
        period=period.code,
        signed_at__lte=cut,
    )
    wide = ("dossiers", "adjustments")
    found = rows.select_related("agency", "form").defer(*wide)
    found = found.order_by("agency__folded", "agency__code", "signed_at", "pk")
    return list({one.agency_id: one for one in found}.values())


def _owing(form: ReportForm, scopes: Sequence[Scope], period: Period) -> list[Agency]:
    """None where nobody decided who owes it."""
    duties = Duty.objects.filter(form_code=form.fed_by or form.code)
    known = [one for one in duties if one.is_in_force(period)]
    if not known:
        return []
    below = Agency.objects.filter(_under(scopes, "")).order_by("folded", "code")
    return [
        one
        for one in below
        if any(duty.is_of(one) for duty in known)
        and not one.has_ended(period.first)
        and (one.opened_on is None or one.opened_on <= period.last)
    ]


def _under(scopes: Sequence[Scope], prefix: str) -> Q:
    """The agencies of these scopes and all below; of many scopes all there are."""
    if len(scopes) > FEW:
        return Q()
    found = Q(pk__in=())
    for one in scopes:
        found |= Q((f"{prefix}path__startswith", one.path))
    return found


def _is_under(path: str, paths: set[str]) -> bool:
    """Whether one of these stands above it."""
    return any(path != other and path.startswith(other) for other in paths)


def _names(agencies: Iterable[Agency]) -> str:
    known = [one.name for one in agencies]
    more = f" và {len(known) - NAMED} cơ quan khác" if len(known) > NAMED else ""
    return ", ".join(known[:NAMED]) + more


def last_saved(
    form: ReportForm, agency_id: int, period: Period, cut: datetime
) -> EnteredFigures | None:
    """What a page of entry goes on from. One statement."""
    return EnteredFigures.objects.known(form, agency_id, period.code, cut).first()


def lines_of(kept: EnteredFigures | None, columns: Sequence[Column]) -> list[Line]:
    rows: list[dict[str, Any]] = kept.rows if kept is not None else []
    return [
        Line(
            one["key"],
            one["label"],
            {column.number: one["values"].get(column.number) for column in columns},
        )
        for one in rows
    ]


def _blank(form: ReportForm, columns: Iterable[Column]) -> list[Line]:
    """The rows that stand there before anybody typed a figure."""
    if form.row_kind != RowKind.FIXED:
        return []
    nothing = dict.fromkeys(column.number for column in columns)
    return [
        Line(fixed_key(number, label), label, nothing)
        for number, label in enumerate(form.fixed_rows, start=1)
    ]


def _laid(form: ReportForm, typed: Sequence[Line], columns: Sequence[Column]) -> Sequence[Line]:
    """Where rows are fixed these and no others, also of what an earlier edition was filled in with."""
    if form.row_kind != RowKind.FIXED:
        return typed
    there = {one.key: one for one in typed}
    return [there.get(one.key, one) for one in _blank(form, columns)]


def _dropped(typed: Iterable[Line], lines: Iterable[Line]) -> Iterator[str]:
    """Figures of rows that the edition of the form in force does not have; saved again they are gone."""
    kept = {one.key for one in lines}
    for one in typed:
        if one.key not in kept and not one.is_empty:
            yield (
                f"Dòng “{one.label}” đã nhập theo bản biểu trước, bản này không có dòng đó. "
                "Hãy bấm Nhập số liệu, ghi số vào dòng của bản này rồi Lưu."
            )


def wrong(form: ReportForm, lines: Iterable[Line]) -> Iterator[Wrong]:
    """Cells that nobody filled, and identities that do not hold, row by row."""
    columns = form.columns_of()
    for line in lines:
        if is_left_out(form, line):
            continue
        missing = [one for one in columns if line.values[one.number] is None]
        if missing:
            named = ", ".join(f"({one.number}) {one.label}" for one in missing)
            numbers = tuple(one.number for one in missing)
            yield Wrong(line.key, numbers, f"Dòng “{line.label}”: chưa nhập cột {named}.")
        yield from _unequal(form, line)


def _unequal(
    form: ReportForm, line: Line, unsaid: Collection[str] = frozenset()
) -> Iterator[Wrong]:
    """`unsaid`: columns that are not said by all; a sum of one cannot be checked."""
    labels = {one.number: one.label for one in form.columns_of()}
    for whole, parts in form.identities:
        said = line.values.get(whole)
        told = [line.values.get(part) for part in parts]
        added = sum(value for value in told if value is not None)
        is_open = said is None or None in told or any(one in unsaid for one in (whole, *parts))
        if is_open or said == added:
            continue
        plus = " + ".join(f"({part})" for part in parts)
        yield Wrong(
            line.key,
            (whole, *parts),
            f"Dòng “{line.label}”: cột ({whole}) {labels[whole]} ghi {said}, nhưng {plus} là {added}.",
        )


def marked(columns: Iterable[Column], mark: str) -> str:
    """The number of the column that is carried over, or that will be; empty without one."""
    return next((one.number for one in columns if one.measure == mark), "")


def not_carried(
    columns: Sequence[Column], lines: Sequence[Line], kept: EnteredFigures | None
) -> Iterator[Wrong]:
    """Rows that say otherwise than what was kept of the period before; none where nothing was. One in
    which nothing happened left nothing.
    """
    carried, left = marked(columns, CARRIED), marked(columns, OPEN)
    if not (carried and left) or kept is None:
        return
    before = lines_of(kept, columns)
    then = {one.key: one.values[left] or 0 for one in before}
    now = {one.key: one.values[carried] for one in lines}
    for line in (*lines, *(one for one in before if one.key not in now)):
        left_over, here = then.get(line.key, 0), now.get(line.key, 0)
        if here is not None and here != left_over:
            yield Wrong(
                line.key,
                (carried,),
                f"Dòng “{line.label}”: cột ({carried}) từ kỳ trước ghi {here}, "
                f"nhưng cột ({left}) của kỳ trước là {left_over}.",
            )


def _together(
    form: ReportForm,
    own: Sequence[Line],
    signed: Iterable[SignedReport],
    columns: Sequence[Column],
) -> list[Line]:
    """Rows of the same name as one; of a form whose rows are units, one a signed table."""
    found: dict[str, Line] = {one.key: one for one in own if not is_left_out(form, one)}
    for report in signed:
        figures = report.figures
        if form.row_kind == RowKind.UNIT:
            agency = report.agency
            key = f"agency:{agency.pk}"
            found[key] = Line(key, agency.name, _values(figures["total"], columns), agency.code)
            continue
        for row in figures["rows"]:
            there = found.get(row["key"])
            line = Line(row["key"], row["label"], _values(row, columns))
            found[line.key] = line if there is None else _added(there, line)
    lines = list(found.values())
    if form.row_kind in (RowKind.FIELD, RowKind.UNIT):
        lines.sort(key=lambda one: (fold(one.label), one.key))
    elif form.row_kind == RowKind.FIXED:
        order = {one.key: place for place, one in enumerate(_blank(form, columns))}
        lines.sort(key=lambda one: order.get(one.key, len(order)))
    return lines


def _unsaid(
    columns: Iterable[Column], signed: Iterable[SignedReport]
) -> dict[str, list[SignedReport]]:
    """By the number of a column the tables that say nothing of it: signed of an earlier edition."""
    found: dict[str, list[SignedReport]] = {}
    for report in signed:
        for one in columns:
            if report.figures["total"].get(one.number) is None:
                found.setdefault(one.number, []).append(report)
    return found


def _lacking(
    columns: Iterable[Column], unsaid: Mapping[str, Sequence[SignedReport]]
) -> Iterator[str]:
    for one in columns:
        if reports := unsaid.get(one.number):
            names = _names(report.agency for report in reports)
            yield (
                f"Cột ({one.number}) {one.label}: biểu đã ký của {len(reports)} cơ quan "
                f"không có số của cột này: {names}."
            )


def is_left_out(form: ReportForm, line: Line) -> bool:
    """A row without any figure is none, but where rows are fixed."""
    return line.is_empty and form.row_kind != RowKind.FIXED


def _values(told: Mapping[str, Any], columns: Iterable[Column]) -> dict[str, int | None]:
    return {one.number: told.get(one.number) for one in columns}


def _added(one: Line, other: Line) -> Line:
    """What only one of them says is its."""
    values = {number: _sum([value, other.values[number]]) for number, value in one.values.items()}
    return replace(one, values=values)


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _total(lines: Sequence[Line], columns: Iterable[Column], known: Collection[str]) -> Values:
    """Nothing happened, 0, is something else than nobody said anything. `known`: columns that
    somebody told of.
    """
    found = {one.number: _sum(line.values[one.number] for line in lines) for one in columns}
    return {
        number: 0 if value is None and number in known else value for number, value in found.items()
    }


def fixed_key(number: int, label: str) -> str:
    """A row that was renamed or moved in a newer edition of the form is another one."""
    return f"fixed:{number}:{fold(label)}"


def free_key(label: str) -> str:
    """How a row that is named by hand is known from period to period."""
    return f"free:{fold(label)}"
