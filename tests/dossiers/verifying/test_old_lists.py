"""Hand-over lists of the time before they had numbers, brought up with the data around them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from dossiers.acts import approval, handovers, taking_back
from dossiers.acts.many import Seen
from dossiers.ledger import events
from dossiers.ledger.verifying import verify
from dossiers.models import Batch, Dossier, SlipCounter
from dossiers.models.handover import LIST_SLUG
from tests.dossiers.work.conftest import approved_by
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db(transaction=True)

LATER = MONDAY + timedelta(hours=1)
# Tables as they are today, but that a list may have no number and no year.
WITHOUT_NUMBERS = [
    migrations.AlterField("batch", "number", models.PositiveIntegerField(null=True)),
    migrations.AlterField("batch", "year", models.PositiveSmallIntegerField(null=True)),
]
NUMBERING = import_module("dossiers.migrations.0014_number_old_lists")
ALWAYS = import_module("dossiers.migrations.0015_list_numbers_always").Migration


@dataclass
class Old:
    """Three lists of one agency as a version without numbers told and kept them, the second of the
    year before. The ledger of today cannot go back to that version whole: its tables are made as
    they were where it matters, and the migrations' own steps bring them up.
    """

    office: Office
    made: list[Batch]
    state: ProjectState

    @property
    def apps(self) -> Any:
        """Models of the old tables."""
        return self.state.apps

    def upgrade(self) -> None:
        NUMBERING.number(self.apps, None)
        self.alter(ALWAYS.operations)

    def alter(self, operations: Sequence[Any]) -> None:
        with connection.schema_editor() as editor:
            for step in operations:
                before = self.state.clone()
                step.state_forwards("dossiers", self.state)
                step.database_forwards("dossiers", editor, before, self.state)


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch) -> Iterator[Old]:
    office, case = make_office(), make_case()
    at = [vn("30/12/2025 09:00"), vn("05/01/2026 09:00"), MONDAY]
    with monkeypatch.context() as patched:
        patched.setattr(events, "seal", _sealed_without_numbers)
        made = [give(office, receive(office, case, at=when), when) for when in at]
    old = Old(office, made, MigrationLoader(connection).project_state())
    try:
        old.alter(WITHOUT_NUMBERS)
        old.apps.get_model("dossiers", "Batch").objects.update(number=None, year=None)
        old.apps.get_model("dossiers", "SlipCounter").objects.filter(slug=LIST_SLUG).delete()
        yield old
    finally:
        old.upgrade()


_SEAL = events.seal


def _sealed_without_numbers(event: Any, dossier: Dossier, data: Any, said: Any) -> None:
    for row in said.get("rows", {}).get("batches", ()):
        for column in ("number", "year"):
            row["new"].pop(column)
    _SEAL(event, dossier, data, said)


def give(office: Office, dossier: Dossier, at: datetime) -> Batch:
    by = office.desk(office.clerk, at)
    handovers.hand_over(dossier, to=office.room, by=by, at=at)
    return Batch.objects.latest("pk")


def test_each_gets_the_number_of_its_year_and_the_counter_goes_on(old: Old) -> None:
    office, made = old.office, old.made
    old.upgrade()
    serials = dict(Batch.objects.values_list("pk", "number"))
    assert [serials[batch.pk] for batch in made] == [1, 1, 2]
    years = dict(Batch.objects.values_list("pk", "year"))
    assert [years[batch.pk] for batch in made] == [2025, 2026, 2026]
    counters = SlipCounter.objects.filter(slug=LIST_SLUG, agency=office.agency)
    assert dict(counters.values_list("year", "last")) == {2025: 1, 2026: 2}
    assert verify(now=LATER).misfits == []

    new = give(office, receive(office, make_case(), at=MONDAY), LATER)
    assert new.serial == "3/2026"
    assert verify(now=LATER).misfits == []


def test_what_was_numbered_meanwhile_keeps_its_number(old: Old) -> None:
    """A paper with 1 was signed: the older lists come after it."""
    made = old.made
    old.apps.get_model("dossiers", "Batch").objects.filter(pk=made[2].pk).update(
        number=1, year=2026
    )
    old.apps.get_model("dossiers", "SlipCounter").objects.create(
        agency_id=old.office.agency.pk, slug=LIST_SLUG, year=2026, last=1
    )
    old.upgrade()
    numbers = dict(Batch.objects.values_list("pk", "number"))
    assert [numbers[batch.pk] for batch in made] == [1, 2, 1]
    assert SlipCounter.objects.get(slug=LIST_SLUG, year=2026).last == 2


def test_an_approval_of_that_time_can_still_be_taken_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its list has a number now of which its event says nothing."""
    office = make_office()
    dossier = receive(office, make_case())
    give(office, dossier, MONDAY)
    specialist, leader = office.desk(office.specialist), office.desk(office.leader)
    handovers.confirm(Seen(dossier.pk), by=specialist, at=MONDAY)
    dossier.refresh_from_db()
    approved_by(office, dossier, MONDAY)
    with monkeypatch.context() as patched:
        patched.setattr(events, "seal", _sealed_without_numbers)
        approval.send_back(Seen(dossier.pk), reason="Sai tên", by=leader, at=MONDAY)
    assert verify(now=LATER).misfits == []
    taking_back.take_back(Seen(dossier.pk), by=leader, at=LATER)
    assert verify(now=LATER).misfits == []


def test_a_number_that_was_told_is_still_proven(old: Old) -> None:
    old.upgrade()
    told = give(old.office, receive(old.office, make_case(), at=MONDAY), LATER)
    Batch.objects.filter(pk=told.pk).update(number=7)
    said = [misfit.what for misfit in verify(now=LATER).misfits]
    assert any(f"phiên bàn giao: dòng số {told.pk} bị sửa: number" in one for one in said)
    assert any("Phiếu bàn giao hồ sơ năm 2026 thiếu số 3" in one for one in said)


def test_no_list_is_kept_without_a_number(old: Old) -> None:
    """Nothing can print 0 in its place."""
    old.upgrade()
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.update(number=None)
