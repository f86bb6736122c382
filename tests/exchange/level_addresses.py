"""The addresses of what other systems hold, for the matrix of tests/matrix.py."""

from typing import Any

from django.utils import timezone

from exchange.models.outbox import Line
from exchange.outbox.level import READERS
from onestop.accounts.models import Agency
from tests.matrix import Address, World

WHO = frozenset(READERS)


def _line(agency: Agency) -> dict[str, Any]:
    count = Line.objects.count()
    line = Line.objects.create(
        peer="cong", code=f"H99.1-{count}", agency=agency, day=timezone.localdate()
    )
    return {"pk": line.pk}


def _own(world: World) -> dict[str, Any]:
    return _line(world.own)


def _other(world: World) -> dict[str, Any]:
    return _line(world.other)


ADDRESSES = [
    Address("level", WHO),
    # No list of one day or unit is named, or no system is connected.
    Address("level_again_many", WHO, method="post", answered=frozenset({404})),
    Address("level_give_up_many", WHO, method="post", answered=frozenset({404})),
    Address("level_ask_many", WHO, method="post", answered=frozenset({404})),
    Address("level_untold", WHO, method="post", answered=frozenset({404})),
    Address("level_national", WHO, method="post", answered=frozenset({404})),
    Address("level_line", WHO, _own, _other),
    Address("level_ask", WHO, _own, _other, method="post"),
    Address("level_again", WHO, _own, _other, method="post"),
    Address("level_give_up", WHO, _own, _other, method="post"),
]
