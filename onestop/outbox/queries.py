"""What every page asks of the bell."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from onestop.outbox import hooks
from onestop.outbox.models import Message


def unread_count(officer: AbstractBaseUser) -> int:
    """The number on an officer's bell; one indexed query."""
    return Message.objects.filter(to_officer_id=officer.pk).unread().count()


def close_lost(notices: Iterable[Message], officer: AbstractBaseUser, *, at: datetime) -> None:
    """Sets `closed` on notices about objects their reader may no longer open; one question a kind
    of object.
    """
    wanted: dict[str, set[int]] = {}
    for notice in notices:
        notice.closed = False  # type: ignore[attr-defined]
        if notice.object_kind and notice.object_id is not None:
            wanted.setdefault(notice.object_kind, set()).add(notice.object_id)
    for kind, ids in wanted.items():
        answers: list[tuple[Any, Any]] = hooks.objects_opened.send(
            sender=Message, kind=kind, ids=ids, officer=officer, at=at
        )
        for lost in (ids - found for _, found in answers if found is not None):
            for notice in notices:
                if notice.object_kind == kind and notice.object_id in lost:
                    notice.closed = True  # type: ignore[attr-defined]
