"""Who waits for whom stands in the lists of dossiers: on the line, as a filter, on the head's
overview, in the file (R-60).
"""

from collections.abc import Callable
from typing import Any

import pytest

from dossiers.acts import legs
from dossiers.acts.legs import Part
from dossiers.acts.many import Seen
from dossiers.desk.filters import Filters
from dossiers.desk.work import work_page
from dossiers.models import Dossier
from dossiers.models.legs import LegKind
from onestop.accounts.models import Officer
from tests.dossiers.legs.office import Linked, make_linked
from tests.dossiers.work.conftest import in_room_of
from tests.world import MONDAY, make_case, receive

pytestmark = pytest.mark.django_db
SignIn = Callable[[Officer], Any]
MORE = ("open_legs", "first_asked")


@pytest.fixture
def linked() -> Linked:
    return make_linked(3)


def told(linked: Linked) -> str:
    rows = work_page(Dossier.objects.filter(pk=linked.dossier.pk), more=MORE).rows
    return rows[0].asked


def test_a_line_names_whom_it_waits_for_until_all_have_answered(linked: Linked) -> None:
    """On paper whose turn it is; sent to all at once, the first that has not answered."""
    assert told(linked) == ""
    first, second = (one.agency.name for one in linked.others[:2])
    rows = linked.send(0, 1, kind=LegKind.ORDERED)
    assert told(linked) == f"{first} và 1 cơ quan khác"
    linked.answer(linked.take(rows[0]))
    assert told(linked) == second
    rows += linked.send(2)
    assert told(linked) == f"{second} và 1 cơ quan khác"
    linked.answer(linked.take(rows[1]), outcome=None)
    assert told(linked) == linked.others[2].agency.name
    linked.answer(linked.take(rows[2]))
    assert told(linked) == ""


def test_what_waits_for_agencies_is_asked_for_and_counted(
    linked: Linked, signed_in: SignIn, queries: Callable[..., Any]
) -> None:
    """The counter's list: the chip, the filter, its word; no statement more than without legs."""
    other = receive(linked.lead, make_case())
    client, address = signed_in(linked.lead.clerk), "/viec/?loai=dang-xu-ly"
    client.get(address)
    with queries() as without:
        client.get(address)
    linked.send(0, 1)
    client.get(address)
    with queries() as asked:
        page = client.get(address).content.decode()
    assert len(asked) == len(without)
    assert page.count("chờ 2 cơ quan") == 1
    found = client.get(f"{address}&phoihop=1").content.decode()
    assert linked.dossier.code in found
    assert other.code not in found
    assert "Chờ cơ quan phối hợp" in found
    wanted = Filters(linked=True).apply(Dossier.objects.open(), MONDAY)
    assert [one.pk for one in wanted] == [linked.dossier.pk]


def test_the_head_sees_who_waits_for_other_agencies(linked: Linked, signed_in: SignIn) -> None:
    """The number of the overview opens exactly what it counts."""
    at_room = in_room_of(linked.lead)
    linked.dossier, other = at_room(), at_room()
    parts = [Part(linked.others[0].agency, "Xác nhận", 8)]
    by = linked.lead.desk(linked.lead.specialist)
    legs.open_legs(Seen(linked.dossier.pk), LegKind.PARALLEL, parts, by=by, at=MONDAY)
    head = signed_in(linked.lead.head)
    page = head.get("/viec/?loai=phong")
    cells = {cell.figure.key: cell for cell in page.context["people"][0].cells}
    assert (cells["linked"].number, cells["working"].number) == (1, 2)
    opened = head.get(cells["linked"].url).content.decode()
    assert linked.dossier.code in opened
    assert other.code not in opened
