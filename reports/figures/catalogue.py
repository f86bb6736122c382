"""How many procedures are within authority, received at the one-stop desks and have an internal
process, by level (II.07b, R-116).

Once a province has published its lists, they say it: which procedures, at which level, and where
one is received. Until then, and of a level that no list names, the national records do, as its
counters receive the whole catalogue until then (procedures.listed). A procedure of two levels counts at each; the
count without repeats is told apart, with what makes the difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from onestop.accounts.models import Agency
from procedures.domain.published import Spoken, spoken
from procedures.listed import counter_kind
from procedures.models import (
    CounterKind,
    InternalProcess,
    ListDecision,
    ProcedureVersion,
    Status,
)
from reports.figures.scope import Scope

_LEVELS = {"province": "cấp tỉnh", "district": "cấp huyện", "commune": "cấp xã"}
_LEVEL_OF = {
    CounterKind.PROVINCE: "province",
    CounterKind.BRANCH: "province",
    CounterKind.COMMUNE: "commune",
}
# Whose counters an agency answers for, and so which levels are its own.
_COUNTERS = {
    CounterKind.PROVINCE: frozenset(CounterKind),
    CounterKind.BRANCH: frozenset({CounterKind.BRANCH}),
    CounterKind.COMMUNE: frozenset({CounterKind.COMMUNE}),
}
# What is told below the table, by name.
UNIQUE, UNIQUE_AT, TWICE, ELSEWHERE, DECISIONS, UNLISTED = (
    "unique", "unique_one_stop", "several_levels", "no_level", "list_decisions", "unlisted_levels",
)  # fmt: skip
LABELS = {
    UNIQUE: "Số thủ tục hành chính, không tính trùng giữa các cấp",
    UNIQUE_AT: "Trong đó thực hiện tại Bộ phận Một cửa, không tính trùng",
    TWICE: "Thủ tục thực hiện ở nhiều cấp, tính ở từng cấp",
    ELSEWHERE: "Thủ tục không ghi cấp nào của địa phương, không tính ở cột nào",
    DECISIONS: "Quyết định công bố danh mục đang được tính",
    UNLISTED: "Cấp chưa có trong danh mục công bố, đếm theo cơ sở dữ liệu quốc gia",
}
# A procedure's levels, as its id and one of the names above.
Pairs = set[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Counted:
    """The measures by name, and what is told below the table by name."""

    figures: Mapping[str, int]
    beside: Mapping[str, int]


@dataclass(slots=True)
class _Records:
    """The national records in force on a day, by the level that they name."""

    within: Pairs = field(default_factory=set)
    at_desk: Pairs = field(default_factory=set)
    elsewhere: int = 0


def count(scopes: Sequence[Scope], on: date, cut: datetime) -> list[Counted]:
    """The same of many agencies, in their order. At most five statements, however many they are."""
    lists, agencies = spoken(on, cut), Agency.objects.in_bulk({one.agency_id for one in scopes})
    shown = [agencies[one.agency_id] for one in scopes]
    records = _Records()
    if any(_unlisted(one, _published(one, lists)) for one in shown):
        records = _records(on)
    processes = _processes(on, cut)
    return [_count(one, lists, records, processes) for one in shown]


def _count(
    agency: Agency,
    lists: Mapping[int, Sequence[Spoken]],
    records: _Records,
    processes: Pairs,
) -> Counted:
    lines = _published(agency, lists)
    by_records = _unlisted(agency, lines)
    mine = _COUNTERS[counter_kind(agency)]
    listed = [one for one in lines or () if one.counter in mine]
    live = [one for one in listed if not one.is_abolished]
    within = {_pair(one) for one in live} | _at(records.within, by_records)
    at_desk = {_pair(one) for one in live if one.at_counter} | _at(records.at_desk, by_records)
    elsewhere = records.elsewhere if lines is None else 0
    own = frozenset(_LEVELS) if lines is None else _levels_of(mine)
    parts = {"procedures": within, "one_stop": at_desk, "processes": _at(processes, own)}
    figures = {
        name if level == "all" else f"{name}_{level}": number
        for name, pairs in parts.items()
        for level, number in _by_level(pairs).items()
    }
    levels = Counter(pk for pk, _ in within)
    beside = {
        UNIQUE: len(levels),
        UNIQUE_AT: len({pk for pk, _ in at_desk}),
        TWICE: sum(number > 1 for number in levels.values()),
        DECISIONS: len({one.decision_id for one in listed}),
    }
    more = {ELSEWHERE: elsewhere, UNLISTED: len(by_records) if lines is not None else 0}
    return Counted(figures, beside | {name: number for name, number in more.items() if number})


def _published(agency: Agency, lists: Mapping[int, Sequence[Spoken]]) -> list[Spoken] | None:
    """What the agencies above have published, or nothing yet."""
    above = [lists[pk] for pk in agency.lineage if pk in lists]
    return [one for lines in above for one in lines] if above else None


def _unlisted(agency: Agency, lines: Sequence[Spoken] | None) -> frozenset[str]:
    """The levels that the national records are asked for: all before anything was published, then
    the agency's own whose counters no list has named yet.
    """
    if lines is None:
        return frozenset(_LEVELS)
    mine = _COUNTERS[counter_kind(agency)]
    named = {_LEVEL_OF[CounterKind(one.counter)] for one in lines if one.counter in mine}
    return _levels_of(mine) - named


def _levels_of(counters: Iterable[CounterKind]) -> frozenset[str]:
    return frozenset(_LEVEL_OF[one] for one in counters)


def _at(pairs: Pairs, levels: frozenset[str]) -> Pairs:
    return {(pk, level) for pk, level in pairs if level in levels}


def _pair(line: Spoken) -> tuple[int, str]:
    return line.procedure_id, _LEVEL_OF[CounterKind(line.counter)]


def _processes(on: date, cut: datetime) -> Pairs:
    """Those issued by the day: by their own date where one is known, by the list that they were
    published with where there is one. Each once, whichever edition is in use today: what an import
    replaces later changes no figure of a period before.
    """
    dated = Q(decided_on=None) | Q(decided_on__lte=on)
    listed = Q(published_by=None) | Q(
        published_by__stage=ListDecision.Stage.PUBLISHED,
        published_by__published_at__lte=cut,
        published_by__effective_from__lte=on,
    )
    rows = InternalProcess.objects.filter(dated, listed, is_default=False).order_by()
    keys = rows.values_list("procedure_code", "decision", "province", "case_name", "level")
    # Numbered, as what is counted is pairs of a number and a level.
    return {
        (number, level) for number, key in enumerate(sorted(set(keys))) for level in _named(key[-1])
    }


def _records(on: date) -> _Records:
    found = _Records()
    # What waits for its publication has no level yet.
    versions = ProcedureVersion.objects.in_force(on).filter(procedure__unpublished=None).order_by()
    for pk, words, status in versions.values_list("procedure_id", "levels", "status"):
        levels = list(_named(words))
        found.within.update((pk, level) for level in levels)
        if status == Status.READY:
            found.at_desk.update((pk, level) for level in levels)
        found.elsewhere += not levels
    return found


def _by_level(pairs: Iterable[tuple[int, str]]) -> dict[str, int]:
    found = dict.fromkeys(_LEVELS, 0) | Counter(level for _, level in pairs)
    return {"all": sum(found.values())} | found


def _named(words: str) -> Iterator[str]:
    """The levels that a record names; one that names none is of the communes' catalogue."""
    named = [level for level, word in _LEVELS.items() if word in words.lower()]
    yield from named or ([] if words else ["commune"])


def notes(values: Mapping[str, object], beside: Mapping[str, int]) -> Iterator[str]:
    """How (3) and the count without repeats belong together, and where the figures come from; from
    the figures alone, so that a kept report says the same. `values`: by column number.
    """
    if TWICE in beside:
        parts = [values.get(number) for number in ("4", "5", "6")]
        sum_of = " + ".join(str(part) for part in parts)
        whole, unique, twice = values.get("3"), beside[UNIQUE], beside[TWICE]
        yield (
            f"Cột (3) cộng theo cấp: {sum_of} = {whole}; không tính trùng là {unique} thủ tục, vì "
            f"{twice} thủ tục thực hiện ở nhiều cấp. Cả hai số đều đúng."
            if twice
            else f"Cột (3) cộng theo cấp: {sum_of} = {whole}; không thủ tục nào tính ở hai cấp."
        )
    if DECISIONS in beside:
        yield (
            "Số thủ tục và nơi thực hiện theo danh mục đã công bố, có hiệu lực vào ngày cuối kỳ."
            if beside[DECISIONS] and UNLISTED not in beside
            else "Số thủ tục và nơi thực hiện theo danh mục đã công bố, có hiệu lực vào ngày cuối kỳ;"
            " cấp chưa danh mục nào nêu đếm theo cơ sở dữ liệu quốc gia."
            if beside[DECISIONS]
            else "Chưa có danh mục công bố nào có hiệu lực: đếm theo cấp ghi trong cơ sở dữ liệu"
            " quốc gia."
        )
