"""The addresses of messages of other systems for the matrix of tests/matrix.py."""

from itertools import count
from typing import Any

from django.utils import timezone

from exchange.models import Mapping, Message
from exchange.views.inbox import READERS
from exchange.views.mappings import KEEPERS
from onestop.accounts.models import Agency, Role
from tests.dossiers.addresses import both
from tests.exchange.sent import a_door
from tests.matrix import Address, World

_NUMBERS = count(1)
CLERKS = frozenset({Role.CLERK})
READING, KEEPING = frozenset(READERS), frozenset(KEEPERS)


def _message(world: World, agency: Agency) -> dict[str, Any]:
    made = Message.objects.create(
        door=a_door(), service="NhanHSDVCQG", foreign_code="G99.01-261120-000001",
        sha256=f"{next(_NUMBERS):064x}", raw="{}", received_at=timezone.now(), agency=agency,
    )  # fmt: skip
    return {"pk": made.pk}


def _mapping(world: World) -> dict[str, Any]:
    row = Mapping.objects.create(door=a_door(), valid_from=timezone.localdate())
    return {"pk": row.pk}


ADDRESSES = [
    Address("exchange_messages", READING),
    Address("exchange_read_again", READING, method="post"),
    Address("exchange_message", READING, *both(_message)),
    Address("exchange_message_read", READING, *both(_message), "post"),
    Address("exchange_message_close", READING, *both(_message), "post"),
    Address("exchange_message_open", READING, *both(_message), "post"),
    Address("exchange_message_fetch", READING, *both(_message), "post"),
    # Where no system answers, nobody has the page.
    Address("exchange_ask", CLERKS, answered=frozenset({404})),
    Address("exchange_ask", CLERKS, method="post", answered=frozenset({404})),
    Address("exchange_ask_file", CLERKS, method="post", answered=frozenset({404})),
    Address("exchange_pull", KEEPING, answered=frozenset({403})),
    Address("exchange_pull", KEEPING, method="post", answered=frozenset({403})),
    Address("exchange_mappings", KEEPING),
    Address("exchange_mappings", KEEPING, method="post"),
    Address("exchange_mapping", KEEPING, _mapping),
    Address("exchange_mapping", KEEPING, _mapping, method="post"),
    # A peer, by an address that was made for it.
    Address(
        "exchange_file", own=lambda world: {"sha256": "0" * 64}, public=True,
        answered=frozenset({404}),
    ),
    # Another program: who it is, its signature says.
    Address(
        "exchange_door", own=lambda world: {"name": "cong"}, method="post", public=True,
        answered=frozenset({415}),
    ),
]  # fmt: skip
