"""The board of a waiting room: codes of results that lie ready at the counter, and nothing else of them
(R-91). Its address is signed: a wrong one asks the database nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from dossiers.clock.uncollected import is_archived
from dossiers.models import Dossier
from dossiers.states import State
from onestop.accounts.access import access
from onestop.accounts.desk import Desk
from onestop.accounts.models import AccessKind, Agency, DepartmentKind
from onestop.errors import DomainError
from reports.models import WallBoard

KIND = "wall_board"
# Screens ask every thirty seconds: all of a counter's share one answer.
# Each process may keep its own: a board that was ended is shown no longer than that.
KEPT = 20
# As many as a screen shows in a few minutes, the newest first.
MOST = 120
_signer = Signer(salt="reports.wall")


@dataclass(frozen=True, slots=True)
class Shown:
    """`at`: when the codes were read. `has_more`: older ones are asked for at the counter."""

    place: str
    name: str
    codes: tuple[str, ...]
    has_more: bool
    at: datetime


def address(board: WallBoard) -> str:
    return reverse("wall", args=(board.pk, _signer.signature(str(board.pk))))


def shown(pk: int, key: str, now: datetime) -> Shown | None:
    """What a board shows; None for an address that was not given or was taken back. No query while
    the last answer is fresh, else one for the codes of a counter and one for the board's name.
    """
    try:
        _signer.unsign(f"{pk}:{key}")
    except BadSignature:
        return None
    board: tuple[int, str, str] | None = cache.get(_name_key(pk))
    if board is None:
        row = WallBoard.objects.filter(pk=pk, ended_at=None).select_related("agency").first()
        if row is None:
            return None
        board = (row.agency_id, row.agency.name, row.name)
        cache.set(_name_key(pk), board, KEPT)
    agency, place, name = board
    found: tuple[tuple[str, ...], datetime] | None = cache.get(_codes_key(agency))
    if found is None:
        found = (tuple(_ready(agency)), now)
        cache.set(_codes_key(agency), found, KEPT)
    codes, at = found
    return Shown(place, name, codes[:MOST], len(codes) > MOST, at)


def _ready(agency: int) -> list[str]:
    """Of results that lie at this counter to be fetched there; not of those that another agency or a
    leader still has. One query.
    """
    rows = Dossier.objects.filter(
        received_by_agency=agency,
        state=State.FINISHED,
        holder_department__agency=agency,
        holder_department__kind=DepartmentKind.ONE_STOP,
        pending_department=None,
        return_by_post=False,
    )
    rows = rows.filter(~is_archived())
    return list(rows.order_by("-ended_at", "-pk").values_list("code", flat=True)[: MOST + 1])


def _name_key(pk: int) -> str:
    return f"wall:board:{pk}"


def _codes_key(agency: int) -> str:
    return f"wall:codes:{agency}"


def make(agency: Agency, name: str, *, by: Desk, at: datetime) -> WallBoard:
    """Errors: DomainError("wall_not_yours")."""
    _allowed(agency, by)
    with transaction.atomic():
        board = WallBoard.objects.create(agency=agency, name=name, made_by=by.officer, made_at=at)
        access(by.officer, AccessKind.CATALOGUE_CHANGED, KIND, board.pk, f"lập màn hình: {name}")
    return board


def end(board: WallBoard, *, by: Desk, at: datetime) -> None:
    """Its address shows nothing any more, at the latest after `KEPT` seconds. Ending it again
    changes nothing. Errors: DomainError("wall_not_yours").
    """
    _allowed(board.agency, by)
    with transaction.atomic():
        row = WallBoard.objects.select_for_update().get(pk=board.pk)
        if row.ended_at is not None:
            return
        row.ended_by, row.ended_at = by.officer, at
        row.save(update_fields=["ended_by", "ended_at"])
        said = f"ngừng màn hình: {row.name}"
        access(by.officer, AccessKind.CATALOGUE_CHANGED, KIND, row.pk, said)
    transaction.on_commit(lambda: cache.delete(_name_key(board.pk)))


def _allowed(agency: Agency, by: Desk) -> None:
    if not by.administers(agency):
        raise DomainError("wall_not_yours", agency=agency.name)
