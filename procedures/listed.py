"""The one question: what does an agency receive on a day (R-133)? Asked by intake, search, the
online door, public pages.

Where nobody published a list above an agency, nothing is asked and the whole catalogue is received,
as before; from the first published decision that names its kind of counter on, only what is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Subquery

from onestop.accounts.models import Agency, AgencyKind, Level
from onestop.results import ALLOWED, Answer, Denied
from onestop.speed import Prepared
from onestop.worktime import Term
from procedures.channels import Channel
from procedures.models import CounterKind, Kind, ListLine, Method, OnlineLevel, Unpublished
from procedures.models.catalogue import UNPUBLISHED_CODE
from procedures.models.unpublished import is_code_of_unpublished
from procedures.shortened import Shortened, is_shorter, term_of


def counter_kind(agency: Agency) -> CounterKind:
    """Which counter of the lists an agency's is."""
    if agency.level != Level.PROVINCE:
        return CounterKind.COMMUNE
    return CounterKind.BRANCH if agency.kind == AgencyKind.DEPARTMENT else CounterKind.PROVINCE


def lines_at(agency: Agency, on: date) -> QuerySet[ListLine]:
    """The lines in force for an agency's counter."""
    return _lines(agency.lineage, (counter_kind(agency),), on)


def _lines(lineage: tuple[int, ...], counters: tuple[int, ...], on: date) -> QuerySet[ListLine]:
    # The one kind of counter comes in a tuple: what `Prepared` marks its place by is larger than the
    # column holds, which "=" would answer with no row.
    return ListLine.objects.in_force(on).filter(decision__agency__in=lineage, counter__in=counters)


def counters_of(procedure_id: int, on: date) -> list[ListLine]:
    """What the lists in force say of one procedure, counter by counter, with their decisions: where
    it is received. One query.
    """
    lines = ListLine.objects.in_force(on).filter(procedure=procedure_id)
    return list(lines.select_related("decision__agency").order_by("decision__agency", "counter"))


def way_words(method: Method, lines: Iterable[ListLine]) -> str:
    """What a way to apply is called. How far a service is on line is what the lists in force say of it
    (R-94); the national record, which knows only “toàn trình”, where they say nothing. `lines`: those of
    the counters that are asked about.
    """
    levels = {line.online for line in lines if not line.is_abolished}
    if method.channel != Channel.ONLINE_FULL or not levels:
        return str(method.get_channel_display())
    if levels == {OnlineLevel.NONE}:
        return "Trực tuyến – chưa có trong danh mục"
    said = {
        OnlineLevel.WHOLE.value: "toàn trình",
        OnlineLevel.PART.value: "một phần",
    }
    words = " hoặc ".join(word for level, word in said.items() if level in levels)
    return f"Trực tuyến {words}{', tùy nơi nộp' if len(levels) > 1 else ''}"


@dataclass(frozen=True, slots=True)
class Listed:
    """What the lists say of an agency's counter on a day. `lines` None: no list binds it. A line:
    kind, at the counter, why not, by post, shortened terms, the decision's number. What is not
    published yet is received where its entry names the counter, whatever the lists say.
    """

    counter: CounterKind
    lines: Mapping[int, tuple[int, bool, str, bool, str, str]] | None = None
    # The agency and those above it.
    lineage: tuple[int, ...] = ()

    @property
    def received(self) -> Q | None:
        """Which versions are received at the counter, as a filter; None where no list binds it."""
        if self.lines is None:
            return None
        lines = self.lines.items()
        ids = [pk for pk, (kind, at, *_) in lines if at and kind != Kind.ABOLISHED]
        return Q(procedure__in=ids) | Q(procedure__in=self._unpublished.values("procedure"))

    @property
    def shown(self) -> Q:
        """What a notice board of the counter has: where no list binds it, all but what is not published
        yet and received only elsewhere.
        """
        if (received := self.received) is not None:
            return received
        published = ~Q(procedure__code__startswith=UNPUBLISHED_CODE)
        return published | Q(procedure__in=self._unpublished.values("procedure"))

    @property
    def away(self) -> Q:
        """Beside what is shown: what the lists have and not at the counter."""
        lines = (self.lines or {}).items()
        away = [pk for pk, (kind, at, *_) in lines if not at and kind != Kind.ABOLISHED]
        return Q(procedure__in=away)

    @property
    def _unpublished(self) -> QuerySet[Unpublished]:
        return Unpublished.objects.received_at(self.counter, self.lineage)

    def answer(self, procedure_id: int, *, code: str, channel: int | None = None) -> Answer:
        """Denied with procedures.not_listed, list_abolished, not_at_counter, no_post or
        unpublished_elsewhere. No query but for what is not published yet: one.
        """
        about = {"procedure": code, "counter": self.counter.label}
        if is_code_of_unpublished(code):
            if self._unpublished.filter(procedure=procedure_id).exists():
                return ALLOWED
            return Denied("procedures.unpublished_elsewhere", about)
        if self.lines is None:
            return ALLOWED
        line = self.lines.get(procedure_id)
        if line is None:
            return Denied("procedures.not_listed", about)
        kind, at_counter, why_not, by_post, *_ = line
        if kind == Kind.ABOLISHED:
            return Denied("procedures.list_abolished", about)
        if channel == Channel.POST and not by_post:
            return Denied("procedures.no_post", about)
        # Who files online or by post does not come to the counter.
        if not at_counter and channel in (None, Channel.DIRECT):
            why = why_not or "quyết định không nêu lý do"
            return Denied("procedures.not_at_counter", about | {"why": why})
        return ALLOWED

    def shortened(self, procedure_id: int, case: str, statutory: Term) -> Shortened | None:
        """The province's term for a case, where the lists say a shorter one than the statutory."""
        line = (self.lines or {}).get(procedure_id)
        if line is None or not line[4]:
            return None
        term = term_of(line[4], case)
        return Shortened(term, line[5]) if term and is_shorter(term, statutory) else None


def listed(agency: Agency, on: date, procedure_ids: Iterable[int] | None = None) -> Listed:
    """What the lists say, of these procedures or (None) of all. One query; none where no list binds
    the agency.
    """
    counter = counter_kind(agency)
    if not agency.has_lists:
        return Listed(counter, lineage=agency.lineage)
    if procedure_ids is None:
        rows: Iterable[tuple[Any, ...]] = lines_at(agency, on).values_list(*_COLUMNS)
    else:
        rows = _said_of(agency.lineage, (counter,), on, tuple(procedure_ids))
    found = {pk: tuple(said) for pk, *said in rows}
    return Listed(counter, found or None, agency.lineage)


_COLUMNS = (
    "procedure_id", "kind", "at_counter", "why_not", "by_post", "shortened", "decision__number",
)  # fmt: skip


def _build(
    lineage: tuple[int, ...], counters: tuple[int, ...], on: date, procedures: tuple[int, ...]
) -> QuerySet[ListLine, Any]:
    """Of these procedures; one line more tells whether any list binds the counter at all."""
    lines = _lines(lineage, counters, on).order_by()
    wanted = Q(procedure__in=procedures) | Q(pk=Subquery(lines.values("pk")[:1]))
    return lines.filter(wanted).values_list(*_COLUMNS)


_said_of = Prepared("lists", _build)
