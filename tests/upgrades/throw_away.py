"""Migrations that no release may have: each breaks an upgrade in its own way, and the proof has to
notice. None is ever applied but to a copy of a base.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

NAME = "9999_throw_away"


@dataclass(frozen=True)
class Breaking:
    """What it does to which app, and the words by which the proof tells of it."""

    does: str
    app: str
    operations: list[Any]
    found_by: str


def _rows(app: str, model: str, change: Callable[[Any], Any]) -> Any:
    def work(apps: Any, _schema_editor: Any) -> None:
        change(apps.get_model(app, model)._default_manager)

    return migrations.RunPython(work, migrations.RunPython.noop)


BREAKING = [
    Breaking(
        "runs on empty tables only",
        "dossiers",
        [
            migrations.AddConstraint(
                "dossier", models.UniqueConstraint(fields=["state"], name="once_a_state")
            )
        ],
        "migrate: IntegrityError",
    ),
    Breaking(
        "loses rows",
        "dossiers",
        [_rows("dossiers", "namekey", lambda rows: rows.filter(pk__gt=3).delete())],
        "dossiers_namekey: ",
    ),
    Breaking(
        "changes what the ledger told",
        "dossiers",
        [_rows("dossiers", "dossier", lambda rows: rows.update(owner_name="Ai đó"))],
        "verify_events: ",
    ),
    Breaking(
        "takes a column that a page asks for",
        "outbox",
        [migrations.RenameField("message", "read_at", "seen_at")],
        ": 500 instead of 200",
    ),
]


@contextmanager
def put_behind(breaking: Breaking) -> Iterator[None]:
    """Inside, this process knows one migration more."""
    usual = MigrationLoader.load_disk

    def load_disk(self: MigrationLoader) -> None:
        usual(self)
        last = max(name for app, name in self.disk_migrations if app == breaking.app)
        made = migrations.Migration(NAME, breaking.app)
        made.operations, made.dependencies = breaking.operations, [(breaking.app, last)]
        self.disk_migrations[breaking.app, NAME] = made

    MigrationLoader.load_disk = load_disk  # type: ignore[method-assign]
    try:
        yield
    finally:
        MigrationLoader.load_disk = usual  # type: ignore[method-assign]
