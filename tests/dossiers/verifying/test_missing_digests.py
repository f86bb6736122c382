"""Worked and invented dossiers fit what is told of them; digests that are missing are found."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dossiers.acts import endings
from dossiers.acts.many import Seen
from dossiers.generating import generate
from dossiers.ledger import digests
from dossiers.ledger.verifying import verify
from dossiers.models import AgencyDigest
from onestop.guards import unguarded
from onestop.jobs.models import TaskRun
from onestop.outbox.models import Message
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=2)


@pytest.fixture
def office() -> Office:
    return make_office()


def test_worked_and_invented_dossiers_fit(office: Office) -> None:
    for term in ("trả ngay", "7 ngày làm việc", "20 ngày làm việc", "8 giờ làm việc"):
        make_case(term, name=f"Thủ tục {term}")
    generate(count=300, now=MONDAY, seed=5)
    for number in range(3):
        dossier = receive(office, make_case(), at=MONDAY)
        if number:
            endings.withdraw(
                Seen(dossier.pk),
                endings.EndingIn("", "Đổi ý"),
                by=office.desk(office.clerk),
                at=LATER,
            )
    done = verify(now=LATER)
    assert (done.misfit, done.dossiers) == (None, 303)
    digests.daily_digest(LATER)
    assert verify(now=LATER).misfit is None


def forget_digests(office: Office) -> None:
    with unguarded():
        AgencyDigest.objects.filter(agency=office.agency)._raw_delete("default")


@pytest.mark.parametrize(
    "left", ["another agency's digests", "the record of the run", "the letters"]
)
def test_an_agency_without_any_digest_is_found(office: Office, left: str) -> None:
    """Whichever of the traces of the nightly work was left behind."""
    receive(office, make_case())
    if left == "another agency's digests":
        receive(make_office("Ủy ban nhân dân xã Tân Lập"), make_case())
    digests.daily_digest(LATER)
    if left != "the letters":
        Message.objects.all().delete()
    if left == "the record of the run":
        TaskRun.objects.create(
            name=digests.TASK, started_at=LATER, ended_at=LATER, detail="chốt mã băm 1 ngày"
        )
    assert verify(now=LATER).misfit is None
    forget_digests(office)
    found = verify(now=LATER).misfit
    assert found is not None
    assert (found.agency, found.day) == (office.agency.code, "23/11/2026")
    assert found.what == "có sự kiện nhưng không có mã băm của ngày"


def test_the_last_digests_removed_are_found(office: Office) -> None:
    receive(office, make_case())
    receive(office, make_case(), at=MONDAY + timedelta(days=1))
    digests.daily_digest(LATER)
    with unguarded():
        AgencyDigest.objects.order_by("-day")[:1].get().delete()
    found = verify(now=LATER).misfit
    assert found is not None
    assert found.day == "24/11/2026"


def test_before_the_first_night_nothing_is_missed(office: Office) -> None:
    receive(office, make_case())
    assert verify(now=timezone.now() + timedelta(days=400)).misfit is None
