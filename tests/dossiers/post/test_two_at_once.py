"""Two clerks of one counter type one phiếu gửi for two people at the same time (R-120)."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from dossiers.acts import post_desk, post_out
from dossiers.acts.many import Seen
from dossiers.acts.returning import Taking
from dossiers.models import Dossier
from dossiers.models.post import PostalItem
from tests.dossiers.own.post import POSTMAN
from tests.dossiers.post.office import AFTERNOON, make_counter
from tests.proofs.test_one_portal_code import in_threads
from tests.world import IN_PERSON

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_one_number_is_given_to_one_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """They meet where it is closest: when each has found the number free."""
    counter = make_counter()
    one, two = counter.ready("Nguyễn Văn Ân"), counter.ready("Lò Thị Bình")
    Dossier.objects.filter(pk=two.pk).update(identity_number="001187000124")
    meet, check = Barrier(2), post_out.check_number

    def checked(*said: Any) -> None:
        check(*said)
        with suppress(BrokenBarrierError):  # nobody else comes so far
            meet.wait(1)

    monkeypatch.setattr(post_desk, "check_number", checked)
    by = counter.office.desk(counter.office.clerk, AFTERNOON)

    def send(dossier: Dossier) -> PostalItem:
        taking = Taking(dossier.owner_name, post_number="EB1", told=IN_PERSON)
        return post_desk.send(Seen(dossier.pk), taking, 0, POSTMAN, by=by, at=AFTERNOON)

    told = in_threads(lambda: send(one), lambda: send(two))
    assert sorted(told) == ["", "post_number_twice"]
    assert PostalItem.objects.filter(number="EB1").count() == 1
