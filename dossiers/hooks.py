"""Answers to the hooks of accounts: how much lies on a desk, and moving it when its officer leaves."""

from datetime import datetime
from typing import Any

from dossiers.domain.desks import count_desk, hand_desk_over
from onestop.accounts import hooks
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Officer
from onestop.errors import DomainError

LEAVING = "Thôi việc, bàn giao toàn bộ hồ sơ"


def connect() -> None:
    hooks.desk_counted.connect(_count, dispatch_uid="dossiers-desk-counted")
    hooks.desk_handed_over.connect(_hand_over, dispatch_uid="dossiers-desk-handed-over")


def _count(*, officer: Officer, **_: Any) -> int:
    return count_desk(officer)


def _hand_over(*, officer: Officer, successor: Officer | None, by: Officer, at: datetime, **_: Any) -> str | None:
    if successor is None:
        if count_desk(officer):
            raise DomainError("desk_successor_unfit", field="successor")
        return None
    if not count_desk(officer):
        return None
    batch = hand_desk_over(officer, successor, by=desk_of(by, at), at=at, reason=LEAVING)
    return f"/ban-giao/{batch.pk}/" if batch is not None else None
