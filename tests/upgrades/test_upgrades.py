"""A database with data of an earlier version is brought up to today's tables, on both engines."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from dossiers.states import State
from tests.upgrades import kept, named, throw_away

ROOT = Path(settings.BASE_DIR)
NEWEST = kept.bases()[-1]
# Django's groups of rights are used nowhere in the product.
EMPTY = {"auth_group", "auth_group_permissions"}
# Two belong to a portal; voiding came after the bases were made.
UNSEEN = {State.REGISTERED, State.NOT_RECEIVED, State.VOIDED}

Proof = Callable[..., subprocess.CompletedProcess[str]]


# Of the engine that this leg runs on; django_db gives each leg its own (tests/conftest.py).
@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.true_clock
@pytest.mark.parametrize("base", kept.bases())
def test_an_upgrade_keeps_every_row_and_every_page(proof: Proof, base: str) -> None:
    done = proof(base)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.true_clock
@pytest.mark.one_engine("what is found out is asked of both engines above")
def test_a_migration_that_breaks_something_is_found_out(proof: Proof) -> None:
    said = proof(NEWEST, "--breaking")
    found = dict(line.split("\t", 1) for line in said.stdout.splitlines() if "\t" in line)
    assert [*found] == [breaking.does for breaking in throw_away.BREAKING], said.stderr
    for breaking in throw_away.BREAKING:
        assert breaking.found_by in found[breaking.does]


def test_a_base_has_every_table_and_state() -> None:
    """Those of its own time: what came later is in the next base."""
    base = kept.read(NEWEST)
    applied = {(app, name) for app, name in base["migrations"]}
    then = MigrationLoader(None).project_state(
        [key for key in MigrationLoader(None).disk_migrations if key in applied]
    )
    tables = {
        model._meta.db_table
        for model in then.apps.get_models(include_auto_created=True)
        if model._meta.managed
    }
    assert tables - set(base["rows"]) == EMPTY
    dossiers = base["rows"]["dossiers_dossier"]
    states = {row[dossiers["columns"].index("state")] for row in dossiers["rows"]}
    assert states == set(State) - UNSEEN


def test_bases_stay_small() -> None:
    sizes = [(kept.DATA / f"{name}.json.xz").stat().st_size for name in kept.bases()]
    assert sum(sizes) < kept.MOST_BYTES


def test_what_is_named_says_why() -> None:
    assert all(len(why) > 10 for why in (named.TABLES | named.PAGES).values())


# --- rules for migrations that come after the first base (CONTRIBUTING) -------------------------


def later() -> list[tuple[str, str]]:
    first = {(app, name) for app, name in kept.read(kept.bases()[0])["migrations"]}
    ours = {app.label for app in apps.get_app_configs() if ROOT in Path(app.path).parents}
    found = MigrationLoader(None).disk_migrations
    return sorted(key for key in found if key not in first and key[0] in ours)


def test_a_migration_can_be_undone_or_says_why_not() -> None:
    found = MigrationLoader(None).disk_migrations
    wrong = {key: irreversible(found[key]) for key in later()}
    assert [key for key, what in wrong.items() if what] == []


def irreversible(migration: object) -> str:
    """The operation that cannot be undone, where the migration does not say why."""
    why = getattr(migration, "irreversible", "")
    operations = [one for one in getattr(migration, "operations", []) if not one.reversible]
    return "" if not operations or len(why) > 10 else operations[0].describe()


def test_one_that_says_nothing_is_noticed() -> None:
    from django.db import migrations

    made = migrations.Migration("9999_throw_away", "dossiers")
    made.operations = [migrations.RunPython(lambda apps, editor: None)]
    assert irreversible(made) != ""
    made.irreversible = "what was merged cannot be told apart again"  # type: ignore[attr-defined]
    assert irreversible(made) == ""


if os.environ.get("LONG"):

    @pytest.mark.slow
    @pytest.mark.django_db
    @pytest.mark.true_clock
    def test_the_kept_tables_are_those_that_the_migrations_make(proof: Proof) -> None:
        """Half a minute an engine."""
        kept_as = kept.read(NEWEST)["schema"][connection.vendor]
        made = proof(NEWEST, "--tables").stdout
        assert sorted(made.split()) == sorted(kept_as.split())
