"""Every form of dossiers counts what a plain fold over the events counts: for an office and for the
province above it, for every row and every cell (R-106, R-108, R-109, R-111, R-112); and what adds up
from period to period adds up (R-107).
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from dossiers.acts.apology import apologise
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.models import Dossier, Event
from onestop.accounts.models import Agency
from onestop.changes.domain import add_all
from onestop.errors import DomainError
from reports.figures import Scope, carried, checks, dossiers_behind, statement, table
from reports.figures.measures import OUTSIDE, SHARES
from reports.form_data import form_on
from reports.models import LateCause, ReportForm, Source
from reports.periods import Period, parse
from tests.reports import naive
from tests.reports.histories import MOMENT, PERIODS, History, live, start
from tests.world import vn

pytestmark = pytest.mark.django_db
LONG = bool(os.environ.get("LONG"))
BESIDE = ("ended_withdrawn", "ended_stopped", "ended_refused", "open_waiting")
LAST_CUT = vn("05/12/2026 09:00")
Chains = dict[int, list[dict[str, Any]]]
Said = dict[int, list[tuple[datetime, str]]]


def say_causes(history: History) -> Said:
    """Causes said of some dossiers, of some twice, at instants that cuts fall on."""
    dice, office, made = history.dice, history.office, []
    said: Said = {}
    for pk in history.dossiers:
        times = sorted(dice.sample(history.instants, dice.choice([0, 1, 1, 2])))
        said[pk] = [(at, dice.choice(LateCause.Cause.values)) for at in times]
        ends = [*times[1:], None] if times else []
        made += [
            LateCause(
                dossier_id=pk, cause=cause, department=office.room, recorded_by=office.head,
                recorded_at=at, replaced_at=end,
            )
            for (at, cause), end in zip(said[pk], ends, strict=True)
        ]  # fmt: skip
    add_all(LateCause, made)
    return said


def apologise_some(history: History) -> None:
    """Some are apologised for after all else, where there is something to; of a few it is taken
    back.
    """
    dice = history.dice
    for pk in dice.sample(history.dossiers, len(history.dossiers) // 2):
        dossier = Dossier.objects.get(pk=pk)
        office = next(o for o in history.offices if o.agency.pk == dossier.agency_id)
        last = Event.objects.filter(dossier=pk).latest("seq")
        at = max(last.at, last.recorded_at) + timedelta(minutes=1)
        by = office.desk(office.leader, at)
        with suppress(DomainError):
            apologise(Seen(pk), reason="Chờ xác minh", by=by, at=at)
            history.instants.append(at)
            if dice.random() < 0.3:
                take_back(Seen(pk), by=by, at=at + timedelta(hours=1))
                history.instants.append(at + timedelta(hours=1))


def places(
    chains: Chains, said: Said, period: Period, cut: datetime
) -> dict[int, tuple[int, int, set[str]]]:
    """Agency, field and measures of every dossier that a table of any agency counts."""
    found = {}
    for pk, payloads in chains.items():
        columns = naive.standing(payloads, period.end, cut)
        if columns:
            known = [cause for at, cause in said.get(pk, ()) if at <= cut]
            measures = naive.measured(columns, period, cut, known[-1] if known else None)
            if measures:
                found[pk] = (columns["agency_id"], columns["field_id"], measures)
    return found


def forms(period: Period, codes: Iterable[str] = ()) -> list[ReportForm]:
    known = [
        one for one in ReportForm.objects.in_force(period.last) if one.source == Source.DOSSIERS
    ]
    plain = [one for one in known if not codes or one.code in codes]
    worn = [one.worn(slug) for one in plain for slug in one.variants]
    return plain if codes else [*plain, *worn]


def compare(form: ReportForm, agency: Agency, period: Period, cut: datetime, counted: Any) -> None:
    """One table: its rows, its total, what stands beside it, and one cell's dossiers."""
    scope = Scope.for_form(form, agency)
    below = Agency.objects.filter(path__startswith=agency.path).values_list("pk", flat=True)
    whose = set(below) if scope.whole else {agency.pk}
    mine = {pk: place for pk, place in counted.items() if place[0] in whose}
    wanted = naive.rows(form, mine.values(), LEVELS)
    filled = table(form, scope, period, cut)
    assert filled.total is not None
    found = {
        row.key: {n: v for n, v in row.values.items() if v is not None}
        for row in (*filled.rows, filled.total)
        if row.has_figures
    }
    where = (form.code, form.variant, period.code, cut)
    assert found == wanted, where
    assert list(checks.problems(filled)) == [], where
    beside = {one.name: one.value for one in filled.beside}
    for name in BESIDE:
        assert beside[name] == sum(name in place[2] for place in mine.values()), where
    click_through(form, scope, period, cut, mine, found)


def click_through(
    form: ReportForm, scope: Scope, period: Period, cut: datetime, mine: Any, found: Any
) -> None:
    """The cell that counts most: exactly the dossiers that the fold finds for it."""
    cells = [
        (n, number, key)
        for key, row in found.items()
        for number, n in row.items()
        if isinstance(n, int) and n
    ]
    for _, number, key in sorted(cells)[-1:]:
        measure = next(one.measure for one in form.columns_of() if one.number == number)
        wanted = {
            pk
            for pk, place in mine.items()
            if measure in place[2] and key in naive.rows(form, [place], LEVELS)
        }
        got = dossiers_behind(form, scope, period, cut, key, number)
        assert sorted(got) == sorted(wanted), (form.code, key, number)


LEVELS: dict[int, str] = {}


@pytest.fixture(autouse=True)
def levels() -> Any:
    yield
    LEVELS.clear()


def lived(seed: int, number: int, offices: int = 2, **more: Any) -> tuple[History, Said, Chains]:
    history = start(seed, offices, **more)
    for _ in range(number):
        live(history)
    LEVELS.update(Agency.objects.values_list("pk", "level"))
    apologise_some(history)
    return history, say_causes(history), naive.chains(history.dossiers)


@pytest.mark.parametrize("seed", [3])
def test_every_form_is_the_plain_fold(seed: int) -> None:
    history, said, chains = lived(seed, 14)
    cuts = [history.dice.choice(history.instants), LAST_CUT]
    for code, cut in zip(history.dice.sample(PERIODS, 2), cuts, strict=True):
        period = parse(code)
        counted = places(chains, said, period, cut)
        for form in forms(period):
            for agency in (history.office.agency, history.province):
                compare(form, agency, period, cut, counted)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40 if LONG else 1))
def test_every_form_of_many_histories(seed: int) -> None:
    history, said, chains = lived(100 + seed, 12)
    for cut in history.cuts():
        period = parse(history.dice.choice(PERIODS))
        counted = places(chains, said, period, cut)
        for form in history.dice.sample(forms(period), 4):
            for agency in (history.office.agency, history.other.agency, history.province):
                compare(form, agency, period, cut, counted)


ADDS_UP = ("4", "5", "7", "8", "9", "10")
LAST = ("11", "12", "13")


def whole(history: History, code: str, cut: datetime) -> dict[str, int]:
    period = parse(code)
    form = form_on("II.06b", period.last)
    filled = table(form, Scope.for_form(form, history.province), period, cut)
    assert filled.total is not None
    return {number: int(value or 0) for number, value in filled.total.values.items()}  # type: ignore[call-overload]


PARTS = {
    "2026Q3": ("2026M7", "2026M8", "2026M9"),
    "2026H2": ("2026Q3", "2026Q4"),
    "2026Y": ("2026Q1", "2026Q2", "2026Q3", "2026Q4"),
    "2026-Q3": ("2026-07", "2026-08", "2026-09"),
}


def test_what_adds_up_adds_up() -> None:
    """R-107: of one cut; (6) is the first one's, what is open the last one's."""
    history, _, _ = lived(5, 10)
    for long, parts in PARTS.items():
        adds_up(history, long, parts)


def adds_up(history: History, long: str, parts: tuple[str, ...]) -> None:
    # Of a period that still runs, what is late is judged by the cut.
    for cut in (LAST_CUT, vn("16/12/2026 09:00")):
        year, of_parts = whole(history, long, cut), [whole(history, one, cut) for one in parts]
        for number in ADDS_UP:
            assert year[number] == sum(one[number] for one in of_parts), (number, cut)
        assert year["6"] == of_parts[0]["6"]
        assert all(year[number] == of_parts[-1][number] for number in LAST)
        for before, after in itertools.pairwise(of_parts):
            assert after["6"] == before["11"]


@pytest.mark.parametrize("seed", [11, 13])
def test_signed_open_ones_are_carried_over_with_their_adjustments(seed: int) -> None:
    """R-107: (6) = the signed (11) ± adjustments ± transfers, whatever was recorded since."""
    history, _, _ = lived(seed, 12)
    first, second = parse("2026M9"), parse("2026M10")
    form = form_on("II.06a", first.last)
    adjusted = 0
    for cut in [*[at for at in history.instants if at >= first.end][:4], first.end]:
        for office in history.offices:
            scope = Scope.of(office.agency)
            signed, then, now = (
                carried.places(form, scope, period, at)
                for period, at in ((first, cut), (first, LAST_CUT), (second, LAST_CUT))
            )
            over = carried.bridge(signed, then, now, since=cut)
            assert over.holds, over.problem
            for one in over.adjustments:
                assert one.recorded_at is None or one.recorded_at > cut
            adjusted += len(over.adjustments)
    assert adjusted


@pytest.mark.slow
def test_a_hundred_offices_over_twenty_four_months() -> None:
    """Every office's II.06a of every month, and the province's tables by every cut; a few of each
    where there is no time for all.
    """
    periods = [parse(f"{year}M{month}") for year in (2025, 2026) for month in range(1, 13)]
    number, offices = (2400, 100) if LONG else (16, 3)
    edges = tuple(period.start for period in periods)
    history, said, chains = lived(
        24, number, offices, edges=edges, first=periods[0].start, days=700
    )
    last = vn("20/12/2026 09:00")
    for period in periods if LONG else history.dice.sample(periods, 3):
        known = [at for at in history.instants if at >= period.start]
        cuts = [
            history.dice.choice(known) + history.dice.choice([-MOMENT, MOMENT]),
            period.end,
            last,
        ]
        for cut in cuts:
            counted = places(chains, said, period, cut)
            for form in forms(period, ("II.06b", "II.06c", "II.06-don-vi", "07a/BTP")):
                compare(form, history.province, period, cut, counted)
        for office in history.offices:
            for form in forms(period, ("II.06a", "late-causes")):
                compare(form, office.agency, period, last, counted)


def test_a_measure_of_the_fold_for_every_measure_of_the_product() -> None:
    """What the fold cannot name would be compared with nothing."""
    period = parse("2026Q4")
    used = {one.measure for form in forms(period) for one in form.columns_of() if one.measure}
    assert used <= statement.MEASURES.keys() | OUTSIDE.keys() | SHARES.keys()
    assert {"handled", "carried", "late_unsaid", "ended_on_time_of_all"} <= used
    named: set[str] = set()
    for columns, cause in itertools.product(_stood(), (None, *LateCause.Cause.values)):
        more_of: list[dict[str, Any]] = [{"filer": one} for one in ("citizen", "helped", "own")]
        for more in ({}, {"apologised": True, "out_of_area": True}, *more_of):
            named |= naive.measured(columns | more, period, period.end, cause)
    assert named == statement.MEASURES.keys()


def _stood() -> Iterator[dict[str, Any]]:
    """Dossiers received before and in the fourth quarter, by each channel: waiting, late or not,
    and ended in each way with each verdict.
    """
    waiting = [{"state": 5, "late": late} for late in (True, False)]
    ends: list[dict[str, Any]] = [
        {"state": 7, "cut_short": True}, {"state": 8, "cut_short": True},
        {"state": 9, "refused": True}, {"state": 9},
    ]  # fmt: skip
    ended = [
        end | {"ended_at": "2026-11-02T09:00:00+07:00", "verdict": verdict}
        for end in ends
        for verdict in (1, 2, 3)
    ]
    for received, channel in itertools.product(("2026-09-01", "2026-11-01"), naive.CHANNELS):
        at = {"received_at": f"{received}T09:00:00+07:00", "channel": channel}
        yield from (at | columns for columns in (*waiting, *ended))
