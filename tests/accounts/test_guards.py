"""The access log only grows: the database itself refuses anything else, on both engines."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from onestop import guards
from onestop.accounts.models import AccessEvent, AccessKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(db):
    return AccessEvent.objects.create(at=timezone.now(), kind=AccessKind.LOGIN, username="an")


def refused(statement, *values):
    if (
        connection.vendor == "postgresql"
    ):  # pending foreign key checks would refuse TRUNCATE before our guard does
        connection.check_constraints()
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)


def test_no_row_of_the_log_is_changed(event):
    refused("UPDATE accounts_accessevent SET username = %s WHERE id = %s", "khac", event.pk)


def test_no_row_of_the_log_is_deleted(event):
    refused("DELETE FROM accounts_accessevent WHERE id = %s", event.pk)


def test_the_log_is_not_emptied_at_once(event):
    refused(
        "TRUNCATE accounts_accessevent CASCADE"
        if connection.vendor == "postgresql"
        else "DELETE FROM accounts_accessevent"
    )


def test_no_row_of_the_log_is_replaced(event):
    if connection.vendor == "sqlite":
        refused(
            "INSERT OR REPLACE INTO accounts_accessevent SELECT * FROM accounts_accessevent WHERE id = %s",
            event.pk,
        )
    else:
        again = "INSERT INTO accounts_accessevent SELECT * FROM accounts_accessevent WHERE id = %s"
        refused(f"{again} ON CONFLICT (id) DO UPDATE SET username = 'khac'", event.pk)


def test_the_model_itself_refuses_a_second_save(event):
    with pytest.raises(TypeError):
        event.save()


def test_tests_have_one_door(event):
    with guards.unguarded():
        AccessEvent.objects.filter(pk=event.pk).update(username="khac")
    assert AccessEvent.objects.get().username == "khac"
    refused("UPDATE accounts_accessevent SET username = %s", "lai")


def test_the_door_closes_after_an_error_too(event):
    with pytest.raises(RuntimeError), guards.unguarded():
        raise RuntimeError
    refused("DELETE FROM accounts_accessevent")


def test_the_door_is_locked_outside_tests(event, settings):
    settings.TESTING = False
    with pytest.raises(RuntimeError, match="only in tests"), guards.unguarded():
        pass


def test_triggers_of_production_have_no_door(settings):
    settings.TESTING = False
    statements = " ".join(guards._statements(connection, AccessEvent, ()))
    assert "unguarded" not in statements
    assert "append-only" in statements


def test_allowed_columns_may_change_and_no_other(event):
    guards._guarded[AccessEvent] = ("detail",)
    try:
        guards.install()
        AccessEvent.objects.filter(pk=event.pk).update(detail="ghi thêm")
        refused("UPDATE accounts_accessevent SET detail = %s, username = %s", "x", "khac")
        refused("DELETE FROM accounts_accessevent")
    finally:
        guards._guarded[AccessEvent] = ()
        guards.install()


def test_an_unknown_allowed_column_is_a_mistake():
    with pytest.raises(ValueError, match="no columns"):
        guards._statements(connection, AccessEvent, ("nothing",))


def test_migrate_puts_lost_triggers_back(event):
    with connection.cursor() as cursor:
        on_table = " ON accounts_accessevent" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER guard_accounts_accessevent_update{on_table}")
    call_command("migrate", verbosity=0, interactive=False)
    refused("UPDATE accounts_accessevent SET username = %s", "khac")


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_may_leave_rows_behind():
    AccessEvent.objects.create(at=timezone.now(), kind=AccessKind.LOGIN)


@pytest.mark.django_db(transaction=True)
def test_and_the_next_one_starts_empty_with_the_guard_in_place():
    assert not AccessEvent.objects.exists()
    AccessEvent.objects.create(at=timezone.now(), kind=AccessKind.LOGIN)
    refused("DELETE FROM accounts_accessevent")
