"""A mixed selection goes to the place of each dossier's own next step: one batch and one list for
each receiver (R-66).
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from dossiers.acts import handovers
from dossiers.acts.many import Seen
from dossiers.models import Batch, Dossier, HandOver
from onestop.accounts.models import Role, RoleGrant
from tests.dossiers.work.test_handing_over import picked
from tests.world import MONDAY, Office, make_case, receive, vn

FIELDS = ("Hộ tịch", "Đất đai")


@pytest.fixture
def mixed(office: Office) -> list[Dossier]:
    """Six of two fields, whose last ones went to two rooms, and one of a field that never went
    anywhere.
    """
    rooms = {FIELDS[0]: office.room, FIELDS[1]: office.second_room}
    cases = {name: make_case(field=name) for name in FIELDS}
    clerk = office.desk(office.clerk)
    for name, room in rooms.items():
        handovers.hand_over(receive(office, cases[name]), to=room, by=clerk, at=MONDAY)
    return [receive(office, cases[FIELDS[number % 2]]) for number in range(6)] + [
        receive(office, make_case(field="Đất lạ"))
    ]


def sent(page: Any, **changes: Any) -> dict[str, Any]:
    """What the page sends as it stands."""
    html = page.content.decode()
    data: dict[str, Any] = {
        name: re.findall(rf'name="{name}"\s+value="([^"]*)"', html)
        for name in ("chon", "hang", "noi", "hoi")
    }
    data["to"] = page.context["form"]["to"].value()
    return data | {"giao": "1", "step": "quy-trinh"} | changes


def test_each_goes_to_its_own_next_step_with_a_list_for_each_receiver(
    office: Office, signed_in: Callable[..., Any], mixed: list[Dossier]
) -> None:
    client = signed_in(office.clerk)
    page = client.post("/ban-giao/giao/", {"chon": picked(*mixed)})
    html = page.content.decode()
    assert page.context["form"]["to"].value() == "tung-ho-so"
    assert "Theo từng hồ sơ: 2 nơi nhận" in html
    assert html.index("Chưa rõ nơi nhận") < html.index(
        mixed[6].code
    )  # shown before anything is given
    before = Batch.objects.count()
    done = client.post("/ban-giao/giao/", sent(page))
    assert Batch.objects.count() == before + 2
    for number, dossier in enumerate(mixed[:6]):
        dossier.refresh_from_db()
        assert dossier.pending_department == (
            office.room if number % 2 == 0 else office.second_room
        )
    mixed[6].refresh_from_db()
    assert mixed[6].pending_department is None
    told = done.content.decode()
    assert "Đã giao 6/7 hồ sơ" in told
    assert told.count("Xem phiếu bàn giao") == 2
    assert told.count("In phiếu bàn giao để ký") == 1
    assert mixed[6].code in told
    assert "Hãy chọn phòng hoặc người nhận" in told


def test_all_to_one_place_is_asked_again_and_then_done(
    office: Office, signed_in: Callable[..., Any], mixed: list[Dossier]
) -> None:
    client = signed_in(office.clerk)
    page = client.post("/ban-giao/giao/", {"chon": picked(*mixed[:6])})
    given = HandOver.objects.count()
    refused = client.post("/ban-giao/giao/", sent(page, to=str(office.room.pk)))
    assert refused.status_code == 422
    assert "3 hồ sơ có bước tiếp theo ở nơi khác" in refused.content.decode()
    assert "Vẫn giao tất cả cho nơi đã chọn" in refused.content.decode()
    assert HandOver.objects.count() == given
    client.post("/ban-giao/giao/", sent(page, to=str(office.room.pk), all_to_one="on"))
    assert HandOver.objects.count() == given + 6
    assert not Dossier.objects.filter(
        pending_department=office.second_room, pk__in=[d.pk for d in mixed]
    ).exists()


def test_it_goes_where_the_page_said_though_others_gave_elsewhere_meanwhile(
    office: Office, signed_in: Callable[..., Any], mixed: list[Dossier]
) -> None:
    client = signed_in(office.clerk)
    page = client.post("/ban-giao/giao/", {"chon": picked(*mixed[:2])})
    other = Dossier.objects.get(pk=mixed[2].pk)
    handovers.hand_over(
        other, to=office.second_room, by=office.desk(office.clerk), at=vn("23/11/2026 10:00")
    )
    client.post("/ban-giao/giao/", sent(page))
    mixed[0].refresh_from_db()
    assert mixed[0].pending_department == office.room


def test_one_kind_is_given_as_before(
    office: Office, signed_in: Callable[..., Any], mixed: list[Dossier]
) -> None:
    page = signed_in(office.clerk).post("/ban-giao/giao/", {"chon": picked(mixed[0], mixed[2])})
    assert page.context["form"]["to"].value() == str(office.room.pk)
    assert 'name="hoi"' not in page.content.decode()


def test_what_lies_at_two_places_is_two_batches(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    """A printed list names one giving place: that of all its rows."""
    case, clerk = make_case(), office.desk(office.clerk)
    there, here = receive(office, case), receive(office, case)
    handovers.hand_over(there, to=office.room, by=clerk, at=MONDAY)
    handovers.confirm(Seen(there.pk), by=office.desk(office.specialist), at=MONDAY)
    make_role(office)
    there.refresh_from_db()
    client = signed_in(office.clerk)
    client.post(
        "/ban-giao/giao/",
        {
            "chon": picked(there, here),
            "to": str(office.second_room.pk),
            "giao": "1",
            "step": "quy-trinh",
        },
    )
    rows = HandOver.objects.filter(receiver_department=office.second_room).select_related("batch")
    assert {
        (row.dossier_id, row.batch.giver_department_id, row.giver_department_id) for row in rows
    } == {
        (there.pk, office.room.pk, office.room.pk),
        (here.pk, office.counter.pk, office.counter.pk),
    }


def make_role(office: Office) -> None:
    """The clerk heads the room too: both places lie on one desk."""
    RoleGrant.objects.create(
        officer=office.clerk,
        role=Role.HEAD,
        agency=office.agency,
        department=office.room,
        valid_from=date(2018, 1, 1),
    )
