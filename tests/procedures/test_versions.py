"""A published version never changes: not by its model, not in bulk, not in the database."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from onestop.errors import DomainError
from procedures.models import Case, Method, Paper, ProcedureVersion, Status
from tests.procedures.conftest import method, record, run, version_of


def refuses(act) -> None:
    with pytest.raises(DomainError) as refused:
        act()
    assert refused.value.code == "procedures.published"


def test_saving_a_changed_ready_version_is_refused(db: None) -> None:
    run(record())
    version = version_of()
    version.name = "Tên khác"
    refuses(version.save)
    refuses(lambda: version.save(update_fields=["name"]))
    refuses(lambda: ProcedureVersion.objects.update(name="Tên khác"))
    assert version_of().name == "Thủ tục cấp giấy phép thử nghiệm"


def test_its_parts_are_frozen_too(db: None) -> None:
    run(record())
    case, row, paper = Case.objects.get(), Method.objects.first(), Paper.objects.first()
    assert row is not None
    assert paper is not None
    row.term = "9 ngày"
    paper.name = "Giấy khác"
    for part in (case, row, paper):
        refuses(part.save)
        refuses(part.delete)


def test_the_database_itself_refuses_a_changed_name(db: None) -> None:
    run(record())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE procedures_procedureversion SET name = 'Tên khác'")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procedures_versionsource")


def test_only_its_place_in_time_may_move(db: None) -> None:
    run(record())
    version = version_of()
    version.effective_to = date(2027, 1, 1)
    version.save(update_fields=["effective_to"])
    assert version_of().last_day == date(2026, 12, 31)


@pytest.mark.parametrize(("day", "expected"), [(22, False), (23, True), (24, True), (25, False)])
def test_in_force_from_the_first_day_until_the_day_before_the_end(
    db: None, day: int, expected: bool
) -> None:
    run(record())
    version = version_of()
    version.effective_to = date(2026, 11, 25)
    version.save(update_fields=["effective_to"])
    on = date(2026, 11, day)
    assert version.is_in_force(on) is expected
    assert version.receivable_on(on) is expected
    assert ProcedureVersion.objects.in_force(on).exists() is expected


def test_a_waiting_version_is_in_force_but_not_receivable(db: None) -> None:
    run(record(methods=[method(time_text="1")]))
    version = version_of()
    assert version.status == Status.NEEDS_TERM
    assert version.is_in_force(date(2026, 11, 23))
    assert not version.receivable_on(date(2026, 11, 23))
