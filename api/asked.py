"""The dossiers and figures that are asked for: of a key's desk, or by the code of a slip."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from dossiers.models import Dossier
from dossiers.models.querysets import OPEN_NUMBERS, DossierQuerySet
from dossiers.states import State
from onestop.accounts.desk import Desk
from onestop.accounts.models import Agency
from onestop.paging import Page, by_instant
from reports.board import figures, tally
from reports.board.figures import Figure
from reports.board.moment import Moment

# Newest first, along dossier_agency_received, of open states along dossier_open_received.
LIST = by_instant("received_at", newest_first=True)
# The names of the figures in our answers. What is not over open work is counted beside them.
OPEN: dict[str, Figure] = {
    "open": figures.OPEN,
    "late": figures.LATE,
    "due_today": figures.TODAY,
    "due_soon": figures.SOON,
    "waiting_for_papers": figures.PAPERS,
    "waiting_for_payment": figures.MONEY,
}
BESIDE: dict[str, Figure] = {
    "uncollected": figures.TO_COLLECT,
    "received_today": figures.RECEIVED,
    "ended_today": figures.ENDED,
}


def agencies_of(desk: Desk, code: str = "") -> list[Agency]:
    """The agencies that the desk oversees, or those at and below one of them. One query."""
    rows = Agency.objects.under(*desk.subtree_paths).order_by("code", "pk")
    found = list(rows)
    if not code:
        return found
    top = next((one for one in found if one.code == code), None)
    return [one for one in found if top is not None and one.is_under(top.path)]


def dossier(desk: Desk, code: str) -> Dossier | None:
    """One query."""
    return _shown(Dossier.objects.visible_to(desk)).filter(code=code).first()


def dossier_of_code(code: str) -> Dossier | None:
    """Anybody's: whoever asks must prove to have its slip. One query."""
    return _shown(Dossier.objects.all()).filter(code=code).first()


def page(
    desk: Desk,
    agency: Agency,
    *,
    state: int | None,
    received: tuple[datetime | None, datetime | None],
    after: str,
    size: int,
) -> Page[Dossier]:
    """What an agency handles, received last first. `received`: from, before. One query."""
    rows = _shown(Dossier.objects.visible_to(desk)).filter(agency=agency)
    start, end = received
    if state is not None:
        rows = rows.filter(state=state)
    if state in OPEN_NUMBERS:
        # Named, or the index of open dossiers is not used and the list walks the archive.
        rows = rows.filter(ended_at=None)
    if start is not None:
        rows = rows.filter(received_at__gte=start)
    if end is not None:
        rows = rows.filter(received_at__lt=end)
    return LIST.page(rows, size=size, after=after)


def counts(agencies: Sequence[Agency], now: datetime) -> dict[int, dict[str, int]]:
    """For each agency the figures of the dashboard, by our names. Two queries."""
    moment, mine = Moment(now), Q(agency__in=[one.pk for one in agencies])
    opened = tally.open_work(mine, "agency", OPEN.values(), moment)
    beside = tally.of_the_day([(one, "agency", mine) for one in BESIDE.values()], moment)
    return {
        one.pk: {name: opened.get(one.pk, {}).get(figure.key, 0) for name, figure in OPEN.items()}
        | {name: beside.get(one.pk, {}).get(figure.key, 0) for name, figure in BESIDE.items()}
        for one in agencies
    }


def _shown(rows: DossierQuerySet[Dossier]) -> DossierQuerySet[Dossier]:
    """With what an answer names. A voided reception is no dossier (ADR 25)."""
    rows = rows.filter(state__lt=State.VOIDED)
    return rows.select_related("version__procedure", "agency", "received_by_agency")
