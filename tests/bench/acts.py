"""What one more act costs the page of a dossier: its statements (the registry is read in memory)."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers import registry
from dossiers.models import Dossier
from dossiers.states import HANDLERS, State
from onestop.results import ALLOWED


def one_more() -> registry.Act:
    """An act as a module would declare it, told by rows that pages read and offered on the page."""
    return registry.register(
        registry.Act(
            "bench_new_act", "Việc mới", 99, frozenset(State), None, HANDLERS, lambda desk, dossier: ALLOWED,
            told_by=registry.Rows("apologies", ("reason", "promised_at", "late")),
            page=registry.Page("tasks", Dossier.get_absolute_url),
        )
    )  # fmt: skip


def page_with_one_more(dossier: Dossier, signed_in: str) -> dict[str, int]:
    """Statements of the dossier's page for whoever has this cookie, and with one more act."""
    few = _statements(dossier, signed_in)
    one_more()
    return {"few": few, "many": _statements(dossier, signed_in)}


def _statements(dossier: Dossier, signed_in: str) -> int:
    client = Client(headers={"cookie": signed_in, "host": "127.0.0.1"})
    for _ in range(3):  # the first ones warm what is kept
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(dossier.get_absolute_url())
        assert answer.status_code == 200
    return len(asked)
