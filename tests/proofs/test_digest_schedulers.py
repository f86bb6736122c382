"""Two schedulers at once, a worker killed in the middle: each officer has the morning's letter once."""

from __future__ import annotations

import pytest
from django.db.models import Count

from onestop.outbox.models import Message
from reports.digest import mailing
from reports.models import DigestDay
from tests.proofs.forks import killed_before
from tests.proofs.test_schedulers import at_once
from tests.reports.conftest import province, work
from tests.world import vn

pytestmark = pytest.mark.django_db(transaction=True)
MORNING = vn("27/11/2026 07:00")


def send() -> int:
    return mailing.send(MORNING)


def test_a_killed_worker_and_two_schedulers_tell_each_once() -> None:
    """Killed among the letters, before the day's row and after all of it: both exist or neither."""
    work(province().first)
    for number, of in ((1, "INSERT"), (2, "INSERT"), (1, 'UPDATE "reports_digestday"')):
        assert killed_before(number, send, of)
        assert not DigestDay.objects.exists()
        assert not Message.objects.filter(kind=mailing.KIND).exists()
    at_once(send, send)
    told = Message.objects.filter(kind=mailing.KIND)
    assert told.count() == DigestDay.objects.get().letters > 3
    assert set(told.values("to_officer").annotate(n=Count("pk")).values_list("n", flat=True)) == {1}
    assert send() == 0
