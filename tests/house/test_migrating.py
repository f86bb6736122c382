"""`manage.py migrate` on PostgreSQL: it gives up behind a lock instead of letting all pages queue
behind it.
"""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.commands import migrate as djangos
from django.db import connection, transaction

from onestop.commands import Refused
from onestop.management.commands import migrate

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def waits() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return str(cursor.fetchone()[0])


def test_it_waits_so_long_and_nobody_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(djangos.Command, "handle", lambda *args, **options: seen.append(waits()))
    call_command("migrate", verbosity=0)
    assert seen == [migrate.LOCK_TIMEOUT]
    assert waits() == "0"


def test_behind_a_lock_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "200ms")

    def change(*args: Any, **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE jobs_heartbeat ADD COLUMN throw_away integer")

    monkeypatch.setattr(djangos.Command, "handle", change)
    at = connection.settings_dict
    where = {"host": at["HOST"], "port": at["PORT"], "user": at["USER"], "dbname": at["NAME"]}
    if at["PASSWORD"]:
        where["password"] = at["PASSWORD"]
    with psycopg.connect(**where) as other:
        other.execute("LOCK TABLE jobs_heartbeat IN ACCESS SHARE MODE")
        with pytest.raises(Refused, match="Chưa nâng được cơ sở dữ liệu"):
            call_command("migrate", verbosity=0)
        other.rollback()
    assert waits() == "0"
