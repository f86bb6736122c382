"""The register of a counter: one number a dossier through the year, volumes, the lock (R-85…R-87)."""

from __future__ import annotations

import pytest

from dossiers.acts import reception, registers
from dossiers.ledger import numbers
from dossiers.models import RegisterCounter, Slip
from dossiers.models.registers import RegisterMark
from onestop.accounts.models import Role
from onestop.errors import DomainError
from onestop.outbox.models import Message
from tests.world import Office, an_intake, make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db
JANUARY = vn("04/01/2027 09:00")
Kind = RegisterMark.Kind


@pytest.fixture
def office() -> Office:
    return make_office()


def refused(code: str):
    return pytest.raises(DomainError, match=f"^{code}$")


def test_numbers_run_on_across_volumes(office: Office) -> None:
    """R-85: the second volume goes on, never from 1; R-87: the slip names the volume."""
    case, desk = make_case(), office.desk(office.clerk)
    receive(office, case)
    at = vn("23/11/2026 10:00")
    mark = registers.open_volume(office.agency, 2026, seen=1, by=desk, at=at)
    assert (mark.kind, mark.volume, mark.number) == (Kind.VOLUME, 2, 2)
    second = receive(office, case, at=vn("23/11/2026 10:30"))
    assert (second.register_volume, second.register_number) == (2, 2)
    snapshot = Slip.objects.get(dossier=second, slug="tiep-nhan").snapshot
    assert (snapshot["volume"], snapshot["register_number"]) == (2, 2)
    assert list(numbers.of_registers(None)) == []


def test_a_volume_without_an_entry_gets_no_next_one(office: Office) -> None:
    case, desk, at = make_case(), office.desk(office.clerk), vn("23/11/2026 10:00")
    with refused("register_empty"):
        registers.open_volume(office.agency, 2026, seen=1, by=desk, at=at)
    receive(office, case)
    registers.open_volume(office.agency, 2026, seen=1, by=desk, at=at)
    with refused("register_empty"):
        registers.open_volume(office.agency, 2026, seen=2, by=desk, at=at)


def test_two_presses_begin_one_volume(office: Office) -> None:
    receive(office, make_case())
    desk, at = office.desk(office.clerk), vn("23/11/2026 10:00")
    registers.open_volume(office.agency, 2026, seen=1, by=desk, at=at)
    with refused("register_changed"):
        registers.open_volume(office.agency, 2026, seen=1, by=desk, at=at)


def test_after_the_lock_no_earlier_number_is_given(office: Office) -> None:
    """R-86: what is entered later though received before has its place behind, in the next book."""
    case = make_case()
    receive(office, case)
    mark = registers.lock(office.agency, 2026, by=office.desk(office.leader, JANUARY), at=JANUARY)
    assert (mark.kind, mark.number) == (Kind.LOCK, 1)
    late = reception.receive(
        an_intake(office, case),
        by=office.desk(office.clerk, JANUARY),
        at=vn("30/12/2026 09:00"),
        recorded_at=vn("04/01/2027 10:00"),
    )
    assert (late.register_year, late.register_number) == (2027, 1)
    assert RegisterCounter.objects.get(agency=office.agency, year=2026).last == 1
    assert list(numbers.of_registers(None)) == []


def test_a_register_is_locked_once_and_when_its_year_is_over(office: Office) -> None:
    receive(office, make_case())
    last_day = vn("31/12/2026 23:59")
    with refused("register_runs"):
        registers.lock(office.agency, 2026, by=office.desk(office.leader, last_day), at=last_day)
    desk = office.desk(office.leader, JANUARY)
    registers.lock(office.agency, 2026, by=desk, at=JANUARY)
    for act in (
        lambda: registers.lock(office.agency, 2026, by=desk, at=JANUARY),
        lambda: registers.open_volume(office.agency, 2026, seen=1, by=desk, at=JANUARY),
    ):
        with refused("register_locked"):
            act()


def test_who_locks(office: Office) -> None:
    """R-86: the head of the counter, who leads, or the administrator; nobody else."""
    receive(office, make_case())
    head = make_officer("Trần Thị Phụ Trách", office.agency, (Role.HEAD, office.counter))
    administrator = make_officer("Lý Quản Trị", office.agency, (Role.ADMINISTRATOR, None))
    for officer in (office.clerk, office.head, office.specialist, office.controller):
        with refused("register_lock_role"):
            registers.lock(office.agency, 2026, by=office.desk(officer, JANUARY), at=JANUARY)
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    with refused("register_lock_role"):
        registers.lock(office.agency, 2026, by=other.desk(other.leader, JANUARY), at=JANUARY)
    registers.lock(office.agency, 2026, by=office.desk(head, JANUARY), at=JANUARY)
    RegisterCounter.objects.update(locked=False)
    RegisterMark.objects.all().delete()
    registers.lock(office.agency, 2026, by=office.desk(administrator, JANUARY), at=JANUARY)


def test_the_lock_is_told(office: Office) -> None:
    receive(office, make_case())
    by = office.desk(office.leader, JANUARY)
    registers.lock(office.agency, 2026, by=by, at=JANUARY, link="/so-theo-doi/")
    told = Message.objects.filter(kind="register_locked")
    assert set(told.values_list("to_officer", flat=True)) == {
        office.clerk.pk,
        office.controller.pk,
    }
    assert "số cuối là 1" in told.first().body


def test_a_forged_mark_or_counter_is_noticed(office: Office) -> None:
    receive(office, make_case())
    RegisterCounter.objects.update(locked=True)
    [found] = numbers.of_registers(None)
    assert "quyển, số cuối khác với việc mở quyển, khóa sổ" in found.what
