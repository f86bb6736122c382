"""A file is the list as it stood at one instant: what moves in the list while the file is read is in
it once, as it was.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from dossiers.desk import exporting
from dossiers.models import Dossier
from onestop.snapshots import one_instant
from tests.dossiers.work.test_other_lists import of_csv
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(transactional_db: None) -> Office:
    return make_office()


def elsewhere(act: Callable[[], Any]) -> None:
    """On a connection of its own."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()


def _moved(lines: Iterator[bytes], *acts: Callable[[], Any]) -> bytes:
    """The rest of a file, of which one part is read before somebody acts."""
    begun = [next(lines) for _ in range(3)]  # the mark of UTF-8, the heads, the first dossier
    for act in acts:
        elsewhere(act)
    return b"".join([*begun, *lines])


def test_a_row_that_moves_between_two_parts_is_in_the_file_once(
    office: Office, signed_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 2)
    case = make_case()
    made = [receive(office, case, at=MONDAY + timedelta(minutes=n)) for n in range(6)]
    rows = Dossier.objects.filter
    client = signed_in(office.clerk)
    address = "/viec/tep.csv?loai=dang-xu-ly&xep=nhan"
    answer = client.get(address)
    whole = _moved(
        iter(answer.streaming_content),
        # One that was read goes to the end, one that was not to the beginning; one goes, one comes.
        lambda: rows(pk=made[0].pk).update(received_at=MONDAY + timedelta(days=1)),
        lambda: rows(pk=made[5].pk).update(received_at=MONDAY - timedelta(days=1)),
        lambda: rows(pk=made[4].pk).update(ended_at=MONDAY, state=7),
        lambda: receive(office, case, at=MONDAY + timedelta(hours=1)),
    )
    answer.streaming_content = [whole]
    told = of_csv(answer)
    assert [line["Mã hồ sơ"] for line in told] == [one.code for one in made]
    now = [line["Mã hồ sơ"] for line in of_csv(client.get(address))]
    assert len(now) == 6
    assert (now[0], now[-1]) == (made[5].code, made[0].code)


def test_who_reads_at_one_instant_keeps_nobody_from_writing_and_leaves_nothing_behind(
    office: Office,
) -> None:
    one = receive(office, make_case())
    name = Dossier.objects.filter(pk=one.pk).values_list("owner_name", flat=True)
    with one_instant():
        assert name.get() == "Nguyễn Văn Ân"
        elsewhere(lambda: Dossier.objects.filter(pk=one.pk).update(owner_name="Lò Thị Mai"))
        assert name.get() == "Nguyễn Văn Ân"
    assert name.get() == "Lò Thị Mai"
    with pytest.raises(ZeroDivisionError), one_instant():
        assert 1 / 0
    with transaction.atomic(), one_instant():
        Dossier.objects.filter(pk=one.pk).update(owner_name="Lò Thị Hoa")
    assert name.get() == "Lò Thị Hoa"
    assert not connection.in_atomic_block
