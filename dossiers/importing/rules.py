"""Status and times of an imported dossier must say the same (the contract of `import_dossiers`)."""

from __future__ import annotations

from collections.abc import Callable

from dossiers.importing.rows import Row
from dossiers.importing.trouble import LineRefused
from dossiers.states import ENDED, WAITING, State

_NEVER_HERE = frozenset({State.REGISTERED, State.NOT_RECEIVED, State.VOIDED})


def check_times(row: Row) -> None:
    """Errors: LineRefused at the first thing that does not fit."""
    for check in (_check_status, _check_waits, _check_end, _check_order):
        check(row)


def _check_status(row: Row) -> None:
    if row.status in _NEVER_HERE:
        raise LineRefused("status", "import_never_received", label=row.status.label)


def _check_waits(row: Row) -> None:
    open_wait = row.open_wait
    if row.status in WAITING and open_wait is None:
        raise LineRefused("waiting_from_1", "import_wait_missing", label=row.status.label)
    if row.status not in WAITING | ENDED and open_wait is not None:
        raise LineRefused("status", "import_wait_open", label=row.status.label)


def _check_end(row: Row) -> None:
    label = row.status.label
    if row.status not in ENDED:
        for column, at in (("finished_at", row.finished_at), ("returned_at", row.returned_at)):
            if at is not None:
                raise LineRefused(column, "import_not_ended", label=label, column=column)
        return
    if row.finished_at is None:
        raise LineRefused("finished_at", "import_no_end", label=label)
    if row.status == State.RETURNED and row.returned_at is None:
        raise LineRefused("returned_at", "import_no_return", label=label)
    if row.status != State.RETURNED and row.returned_at is not None:
        raise LineRefused("returned_at", "import_returned", label=label)


def _check_order(row: Row) -> None:
    ended = row.finished_at
    tests: list[tuple[str, str, Callable[[], bool]]] = [
        (
            "due_at",
            "import_due_before",
            lambda: row.due_at is None or row.due_at >= row.received_at,
        ),
        ("finished_at", "import_end_before", lambda: ended is None or ended >= row.received_at),
        (
            "returned_at",
            "import_return_before",
            lambda: row.returned_at is None or ended is None or row.returned_at >= ended,
        ),
        (
            "waiting_from_1",
            "import_wait_before",
            lambda: all(wait.start >= row.received_at for wait in row.waits),
        ),
        (
            "waiting_to_1",
            "import_wait_after",
            lambda: ended is None or all((wait.end or wait.start) <= ended for wait in row.waits),
        ),
    ]
    for column, code, holds in tests:
        if not holds():
            raise LineRefused(column, code)
