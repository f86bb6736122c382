"""Lateness shared out on the dashboard: by agency, field, procedure, or by the unit, officer and step
that caused it; apologies due, made and missing of the same dossiers (R-57, R-58, R-77).

What is late now, and what ended late in the days of the address; in as many queries whatever it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from dossiers.clock.apportioning import Step
from dossiers.desk.late_parts import (
    ENDED_LATE,
    STANDS,
    Late,
    open_late,
    shared_out,
    together,
)
from dossiers.models import Dossier, Span
from onestop.accounts.models import Officer
from onestop.folding import fold
from onestop.worktime import start_of_day
from procedures.models import Field, ProcedureVersion
from reports import apologies
from reports.board.asked import Asked
from reports.board.figures import Figure
from reports.board.moment import Moment
from reports.board.page import Cell
from reports.board.whose import Whose
from reports.figures.late_shares import NOBODY, REST, Group, added_up, tenths
from reports.shares import share

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# What an address says of the row that no step explains.
WITHOUT = "con-lai"


def _figure(key: str, label: str, hint: str = "", tone: str = "quiet") -> Figure:
    return Figure(key, label, lambda moment: Q(), hint, tone)


ALL = _figure("tat-ca", "Phải xin lỗi", "Mọi hồ sơ đang quá hạn, hoặc kết thúc quá hạn trong kỳ.")
OPEN = _figure("dang-tre", "Đang quá hạn", "Đã quá hạn và chưa kết thúc.", "late")
ENDED = _figure("ket-thuc-tre", "Kết thúc quá hạn", "Trong những ngày của kỳ.", "late")
IN_TIME = _figure("xin-loi-dung-han", "Đã xin lỗi trước hạn")
AFTER = _figure("xin-loi-muon", "Đã xin lỗi, sau hạn")
MADE = _figure("da-xin-loi", "Đã xin lỗi")
MISSING = _figure("chua-xin-loi", "Chưa xin lỗi", "Chưa lần nào xin lỗi.", "late")
FIGURES = {one.key: one for one in (ALL, OPEN, ENDED, IN_TIME, AFTER, MADE, MISSING)}


@dataclass(frozen=True, slots=True)
class By:
    """`of_steps`: by what caused it, else by whose dossiers they are; `key`: of a row;
    `of_persons`: stand by their names, never by how late.
    """

    slug: str
    title: str
    word: str
    narrows: str
    key: Callable[[Late, Step | None], Any]
    of_steps: bool = False
    of_persons: bool = False


WAYS = {
    one.slug: one
    for one in (
        By("co-quan", "cơ quan", "Cơ quan", "coquan", lambda late, step: late.case.agency),
        By("linh-vuc", "lĩnh vực", "Lĩnh vực", "linhvuc", lambda late, step: late.case.field),
        By("thu-tuc", "thủ tục", "Thủ tục", "thutuc", lambda late, step: late.case.procedure),
        By("don-vi", "đơn vị", "Đơn vị", "phong", lambda late, step: step and step.unit, of_steps=True),
        By(
            "can-bo", "cán bộ", "Cán bộ", "canbo", lambda late, step: step and step.officer,
            of_steps=True, of_persons=True,
        ),
        By("buoc", "bước", "Bước", "buoc", lambda late, step: step and step.name, of_steps=True),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    text: str
    sort: str
    code: Any
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `days`: of work; `share`: of the days of all."""

    name: str
    sub: str
    url: str
    cells: list[Cell]
    days: Decimal
    share: Decimal | None
    order: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class LateBoard:
    by: By
    lines: list[Line]
    total: Line
    cards: list[Cell]


@dataclass(frozen=True, slots=True)
class Population:
    """What is late, of whom: `sets` of intervals, shared out in `found`; `sorry`: whether an apology
    came in time, of those that were apologised for.
    """

    asked: Asked
    whose: Whose
    found: list[Late]
    sorry: Mapping[int, bool]

    def keeps(self, step: Step | None) -> bool:
        """Whether a piece belongs to whom the address names; a rest belongs to nobody of them."""
        person, named = self.asked.get("canbo"), self.asked.get("buoc")
        if self.whose.rooms is None and person is None and named is None:
            return True
        if step is None:
            return False
        return (
            (self.whose.rooms is None or step.unit in self.whose.rooms)
            and (person is None or step.officer == person)
            and (named is None or step.name == named)
        )

    def groups(self, key: Callable[[Late, Step | None], Any]) -> dict[Any, Group]:
        return added_up(self.found, key, self.keeps)

    def whole(self) -> Group:
        """Of all pieces that belong."""
        return self.groups(lambda late, step: "all").get("all", Group())

    def of_figure(self, figure: Figure, group: Group) -> set[int]:
        """The dossiers of a group that a figure counts."""
        if figure is OPEN:
            return group.open
        if figure is ENDED:
            return group.ended
        every = group.dossiers
        if figure is ALL:
            return every
        made = {pk for pk in every if pk in self.sorry}
        if figure is MISSING:
            return every - made
        if figure is MADE:
            return made
        return {pk for pk in made if self.sorry[pk] is (figure is IN_TIME)}


def population(whose: Whose, asked: Asked, moment: Moment, desk: Desk) -> Population:
    """Six queries at most, and those of the filters. `moment`: about the days of what has ended."""
    sets = sets_of(whose, asked, moment, desk)
    found = shared_out(sets, moment.at)
    return Population(asked, whose, found, _sorry(sets) if found else {})


def sets_of(whose: Whose, asked: Asked, moment: Moment, desk: Desk) -> list[QuerySet[Span]]:
    """The intervals of what is late now, and of what ended late in the days, each by its own index. A
    head is told of what the head may open.
    """
    wanted = whose.wide & asked.narrowed(of_work=False, dossier="dossier__")
    if whose.agencies is None:
        wanted &= Q(dossier__in=Dossier.objects.visible_to(desk).values("pk"))
    begin = start_of_day(moment.first or moment.day)
    end = start_of_day((moment.last or moment.day) + timedelta(days=1))
    in_days = Q(ended_at__gte=begin, ended_at__lt=end)
    return [
        Span.objects.filter(wanted & STANDS & open_late(moment.at)),
        Span.objects.filter(wanted & STANDS & ENDED_LATE & in_days),
    ]


def _sorry(sets: list[QuerySet[Span]]) -> dict[int, bool]:
    """Those that were apologised for, and whether in time. One query."""
    rows = Dossier.objects.filter(apologies.apologised(), pk__in=together(sets, "dossier"))
    in_time = ExpressionWrapper(apologies.in_time(), output_field=BooleanField())
    return dict(rows.order_by().annotate(was_in_time=in_time).values_list("pk", "was_in_time"))


def usual(whose: Whose) -> By:
    """What a page is broken down by unless its address says otherwise."""
    if whose.room is not None:
        return WAYS["can-bo"]
    return WAYS["don-vi" if whose.agency is not None or whose.agencies is None else "co-quan"]


def behind(found: Population, figure: Figure, *, without: bool) -> set[int]:
    """The dossiers of a figure. `without`: of the row that no step explains."""
    if without:
        groups = found.groups(lambda late, step: step is None)
        return found.of_figure(figure, groups.get(True, Group()))
    return found.of_figure(figure, found.whole())


COLUMNS = (OPEN, ENDED, MADE, MISSING)
# The first two are of lateness, the others of apologies.
CARDS = (OPEN, ENDED, ALL, IN_TIME, AFTER, MISSING)


def build(by: By, found: Population, here: str, there: str, kept: dict[str, str]) -> LateBoard:
    """Two queries at most, for names. `here`, `there`: the page and its list; `kept`: what goes along
    into their addresses beside the filters.
    """
    groups = found.groups(by.key)
    whole = found.whole()
    names = _names(by, found, groups)
    asked = found.asked
    days = dict(zip(groups, tenths([one.days for one in groups.values()]), strict=True))

    def cell(figure: Figure, group: Group, **narrowed: Any) -> Cell:
        many = len(found.of_figure(figure, group))
        url = asked.address(there, **narrowed, **kept, muc=figure.key, xep=None) if many else ""
        return Cell(figure, many, url)

    def line(name: Name, group: Group, number: Decimal, **narrowed: Any) -> Line:
        cells = [cell(figure, group, **narrowed) for figure in COLUMNS]
        part = share(round(group.days * 10_000), round(whole.days * 10_000))
        worst = () if asked.by_name or by.of_persons else (-group.days,)
        own = {key: value for key, value in narrowed.items() if key != "phan"}
        url = asked.address(here, **own, **_without_way(kept)) if own and not by.of_persons else ""
        return Line(name.text, name.sub, url, cells, number, part, (*worst, name.sort, str(name.code)))  # fmt: skip

    lines = []
    rest: list[Line] = []
    for key, group in groups.items():
        if by.of_steps and key is None:
            rest.append(line(Name(REST, "~", ""), group, days[key], phan=WITHOUT))
        else:
            name = names.get(key, Name(NOBODY, "~", key))
            lines.append(line(name, group, days[key], **{by.narrows: name.code}))
    lines.sort(key=lambda one: one.order)
    total = line(Name("Cộng", "", ""), whole, sum(days.values(), Decimal(0)))
    cards = [cell(figure, whole) for figure in CARDS]
    return LateBoard(by, lines + rest, total, cards)


def _without_way(kept: dict[str, str]) -> dict[str, str]:
    """A page of one row alone is broken down by what is usual there."""
    return {name: value for name, value in kept.items() if name != "theo"}


def _names(by: By, found: Population, keys: Iterable[Any]) -> dict[Any, Name]:
    """How each row is called. One query."""
    ids = [key for key in keys if key]
    if by.narrows == "coquan":
        mine = found.whose.agencies or ()
        return {one.pk: Name(one.label, one.folded, one.code) for one in mine}
    if by.narrows == "linhvuc":
        rows = Field.objects.filter(pk__in=ids)
        return {one.pk: Name(one.name, one.folded, one.name) for one in rows}
    if by.narrows == "thutuc":
        versions = ProcedureVersion.objects.filter(procedure__code__in=ids).order_by("number")
        named = dict(versions.values_list("procedure__code", "name"))
        return {code: Name(name, fold(name), code, code) for code, name in named.items()}
    if by.narrows == "phong":
        own = found.whose.agency
        return {
            pk: Name(
                one.name if own is not None and one.agency == own.pk else f"{one.name} ({one.agency_name})",
                fold(one.name), pk,
            )
            for pk, one in (found.found[0].rooms if found.found else {}).items()
        }  # fmt: skip
    if by.narrows == "canbo":
        people = Officer.objects.filter(pk__in=ids)
        return {one.pk: Name(one.full_name, one.sort_name, one.pk, one.title) for one in people}
    return {name: Name(name, fold(name), name) for name in ids}
