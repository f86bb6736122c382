"""The two public lists (R-122, QĐ 45/2016 Điều 13): done by post, not done by post, at one counter."""

from datetime import date

import pytest
from django.test import Client

from onestop.accounts.models import Agency
from procedures.channels import Channel
from procedures.domain.lists import LineIn
from procedures.domain.notices import board
from procedures.domain.posted import Posted, posted
from procedures.listed import listed
from procedures.models import CounterKind, Field, Kind, ProcedureVersion
from procedures.rules import receivable
from tests.procedures.conftest import method, record, run
from tests.procedures.test_public_names import html, publish
from tests.world import MONDAY, make_agency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
TODAY = date(2026, 11, 23)
BY_POST = [method(), method("post")]


@pytest.fixture
def monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def place() -> Agency:
    """Two with a way by post, one without; no list binds yet."""
    run(
        record("1.000001", name="Cấp giấy phép một", methods=BY_POST),
        record("1.000002", name="Cấp giấy phép hai"),
        record("1.000003", name="Đăng ký ba", field="Đăng ký", methods=BY_POST),
        record("1.000004", name="Đăng ký bốn", field="Đăng ký", methods=BY_POST),
    )
    return make_agency()


def codes(lists: Posted) -> tuple[list[str], list[str]]:
    done, left = (
        [one.code for of in part for one in of.procedures]
        for part in (lists.by_post, lists.not_by_post)
    )
    return done, left


def test_without_lists_the_records_say_which_way(place: Agency, queries) -> None:
    with queries() as seen:
        lists = posted(place, TODAY)
    assert len(seen) == 1
    assert codes(lists) == (["1.000003", "1.000004", "1.000001"], ["1.000002"])
    assert [of.name for of in lists.by_post] == ["Đăng ký", "Thử nghiệm"]
    assert (lists.done, lists.left) == (3, 1)


def test_the_lists_of_a_counter_say_what_the_intake_does(place: Agency, queries) -> None:
    """What a list keeps from the post, what is received by post alone or neither way, what is received
    elsewhere; and the notice board says of each what these lists say.
    """
    publish(
        place,
        LineIn("1.000001", CounterKind.COMMUNE, by_post=False),
        LineIn("1.000002", CounterKind.COMMUNE),
        LineIn("1.000003", CounterKind.COMMUNE, at_counter=False, why_not="qua bưu chính"),
        LineIn("1.000004", CounterKind.PROVINCE),
    )
    place.refresh_from_db()
    with queries() as seen:
        lists = posted(place, TODAY)
    assert len(seen) == 2
    assert codes(lists) == (["1.000003"], ["1.000001", "1.000002"])
    says = listed(place, TODAY)
    for version in ProcedureVersion.objects.in_force(TODAY).select_related("procedure"):
        by_list = says.answer(version.procedure_id, code=version.code, channel=Channel.POST)
        does = bool(by_list) and bool(receivable(version, TODAY, Channel.POST))
        assert does == (version.code in codes(lists)[0]), version.code
    assert [(entry.code, entry.where) for entry in board(place, TODAY).entries] == [
        ("1.000001", "Tại quầy"),
        ("1.000002", "Tại quầy"),
    ]
    online = LineIn(
        "1.000003", CounterKind.COMMUNE, at_counter=False, by_post=False, why_not="trực tuyến"
    )
    publish(place, online, number="8/QĐ-UBND")
    assert codes(posted(place, TODAY)) == ([], ["1.000003", "1.000001", "1.000002"])
    assert len(board(place, TODAY).entries) == 2
    gone = LineIn("1.000003", CounterKind.COMMUNE, kind=Kind.ABOLISHED)
    publish(place, gone, number="9/QĐ-UBND")
    assert codes(posted(place, TODAY)) == ([], ["1.000001", "1.000002"])


def test_everybody_reads_both_lists(place: Agency, client: Client) -> None:
    address = f"/niem-yet/{place.code}/buu-chinh/"
    assert address in html(client.get(f"/niem-yet/{place.code}/"))
    page = html(client.get(address))
    done, left = page.split('id="khong-qua-buu-chinh"')
    assert "Thực hiện qua bưu chính (3)" in done
    assert "/thu-tuc/1.000001/" in done
    assert "/thu-tuc/1.000002/" not in done
    assert "Không thực hiện qua bưu chính (1)" in left
    assert "/thu-tuc/1.000002/" in left
    assert "<script" not in page
    assert "sessionid" not in client.cookies
    run(record("1.000002", name="Cấp giấy phép hai", methods=BY_POST))
    assert "đều thực hiện qua bưu chính" in html(client.get(address))
    Agency.objects.filter(pk=place.pk).update(closed_on=date(2026, 11, 22))
    assert client.get(address).status_code == 404


def test_many_begin_with_their_fields(place: Agency, client: Client, monkeypatch) -> None:
    monkeypatch.setattr("procedures.views.notices.MOST_AT_ONCE", 3)
    address = f"/niem-yet/{place.code}/buu-chinh/"
    page = html(client.get(address))
    assert "/thu-tuc/1.000001/" not in page
    field = Field.objects.get(name="Thử nghiệm")
    assert f'href="?linh_vuc={field.pk}#qua-buu-chinh"' in page
    part = html(client.get(address, {"linh_vuc": field.pk}))
    done, left = part.split('id="khong-qua-buu-chinh"')
    assert "/thu-tuc/1.000001/" in done
    assert "/thu-tuc/1.000002/" in left
    assert "/thu-tuc/1.000003/" not in part
    assert client.get(address, {"linh_vuc": 999_999}).status_code == 404
    whole = html(client.get(address, {"ca": "1"}))
    assert whole.count("/thu-tuc/1.00000") == 4
