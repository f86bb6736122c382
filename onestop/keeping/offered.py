"""What the apps above offer to backup and restore: rows that numbers run on from, and what has to
fit when all is back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

# (now, progress) -> what does not fit, each as a sentence.
Check = Callable[[datetime, Callable[[int], None]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Counter:
    """A table whose rows say what number was given last: `key` names the row, `last` the number."""

    table: str
    key: tuple[str, ...]
    last: str


counters: dict[str, Counter] = {}
checks: dict[str, Check] = {}
# Tables whose rows `migrate` makes: Django's own, and those that apps name. Rows in them alone do
# not make a database full.
made_anew = {"django_migrations", "django_content_type", "auth_permission"}
# What waits to be told to others is held by these at the end of a restore, by the table they change.
silenced: dict[str, str] = {}


def silence(table: str, statement: str) -> None:
    """`statement` runs in the transaction that brings the rows of `table` back."""
    silenced[table] = statement


def count_on(*found: Counter) -> None:
    """Listing the same again changes nothing."""
    counters.update({one.table: one for one in found})


def check_after(name: str, check: Check) -> None:
    """To be asked at the end of every restore."""
    checks[name] = check


def make_anew(table: str) -> None:
    """Every `migrate` puts rows of the program's own here."""
    made_anew.add(table)


def statement_of(counter: Counter) -> str:
    """What both engines answer alike: the key's columns, then the number."""
    columns = ", ".join(f'"{name}"' for name in (*counter.key, counter.last))
    return f'SELECT {columns} FROM "{counter.table}"'  # noqa: S608 (our own names)
