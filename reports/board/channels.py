"""How dossiers came in, and how much of them is there in electronic form: of an agency what was
received in the last days, of a department what lies in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse

from dossiers.intake.online import CHANNELS
from onestop.accounts.desk import Desk
from onestop.accounts.models import Role
from procedures.channels import Channel
from reports.board import figures, flows, tally
from reports.board.asked import Asked
from reports.board.bars import Part, parts
from reports.board.moment import Moment
from reports.board.page import Cell, Layout
from reports.board.whose import Whose
from reports.shares import share

DAYS = 30


def filers_address(desk: Desk) -> str:
    """The report of who filed on line, of the home agency this month; "" for who reads no reports."""
    agency = desk.agency
    if agency is None or not desk.has(Role.LEADER, Role.CONTROLLER):
        return ""
    return reverse("report_page", args=["online-filers", agency.code, f"{desk.on:%Y-%m}"])


@dataclass(frozen=True, slots=True)
class Way:
    """One channel, or all of them: how many, which share of all, how many with files."""

    label: str
    cell: Cell
    share: Decimal | None
    files: Cell
    files_share: Decimal | None
    bar: list[Part]


@dataclass(frozen=True, slots=True)
class Unit:
    """One agency: how many it received, how many of them with files."""

    label: str
    cell: Cell
    files: Cell
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Channels:
    first: date | None
    ways: list[Way]
    all: Way
    online: int
    online_share: Decimal | None
    results: Cell | None
    result_files: Cell | None
    result_share: Decimal | None
    units: list[Unit]


def build(whose: Whose, asked: Asked, moment: Moment) -> Channels:
    """Two queries, and those of the filters; one more for who oversees several agencies."""
    layout = Layout(asked, moment)
    if whose.rooms is not None:
        wanted, days = whose.held & asked.narrowed(), {}
        figure, scanned, first = figures.OPEN, figures.SCANNED_OPEN, None
    else:
        first = moment.day - timedelta(days=DAYS)
        moment = moment.about(first, moment.day)
        wanted = whose.wide & asked.narrowed(of_work=False, dossier="dossier__")
        days = {"tu": first.isoformat(), "den": moment.day.isoformat()}
        figure, scanned = figures.RECEIVED_IN, figures.SCANNED_IN
    count = flows.by_channel if first is not None else tally.by_channel
    found = count(wanted, figure, scanned.files, moment)
    whole = sum(n for n, _ in found.values())
    most = max((n for n, _ in found.values()), default=0)

    def way(label: str, number: int, files: int, **more: object) -> Way:
        cell = layout.cell(figure, number, **days, **more)
        bar = parts([("con-lai", label, number, cell.url)], most) if more else []
        return Way(
            label,
            cell,
            share(number, whole),
            layout.cell(scanned, files, **days, **more),
            share(files, number),
            bar,
        )

    ways = [way(one.label, *found.get(one, (0, 0)), kenh=one.value) for one in Channel]
    every = way("Cộng", whole, sum(files for _, files in found.values()))
    online = sum(found.get(one, (0, 0))[0] for one in CHANNELS)
    results = files = None
    part = None
    if first is not None:
        by = flows.by_channel(wanted, figures.DONE_IN, figures.RESULT_FILE_IN.files, moment)
        done, made = sum(n for n, _ in by.values()), sum(n for _, n in by.values())
        results = layout.cell(figures.DONE_IN, done, **days)
        files = layout.cell(figures.RESULT_FILE_IN, made, **days)
        part = share(made, done)
    units = _units(whose, layout, wanted, days, moment) if first is not None else []
    return Channels(first, ways, every, online, share(online, whole), results, files, part, units)


def _units(
    whose: Whose, layout: Layout, wanted: Q, days: dict[str, str], moment: Moment
) -> list[Unit]:
    """The same figures as of the channels, agency by agency; those that received nothing are left
    out. One query where there are several.
    """
    if whose.agencies is None or len(whose.agencies) < 2:
        return []
    figure, scanned = figures.RECEIVED_IN, figures.SCANNED_IN
    found = flows.by_agency(wanted, figure, scanned.files, moment)
    return [
        Unit(
            agency.name,
            layout.cell(figure, found[agency.pk][0], **days, coquan=agency.code),
            layout.cell(scanned, found[agency.pk][1], **days, coquan=agency.code),
            share(found[agency.pk][1], found[agency.pk][0]),
        )
        for agency in whose.agencies
        if agency.pk in found
    ]
