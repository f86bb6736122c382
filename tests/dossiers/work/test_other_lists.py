"""What a search found, results that wait, late requests and the dossiers behind a figure are lists
as any other: columns that the officer chooses, the same list as a file.
"""

import csv
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from dossiers.acts import endings
from dossiers.acts.endings import EndingIn, ResultIn
from dossiers.acts.many import Seen
from dossiers.desk import search as queries
from dossiers.desk.handover import places_now
from dossiers.models import Dossier
from onestop.accounts.models import AccessEvent, AccessKind
from tests.clock import Clock
from tests.dossiers.work.test_requests import AFTER, ask_late
from tests.world import IN_PERSON, MONDAY, Office, make_case, receive

PHONE = "0912345678"


def of_csv(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def codes(page: Any) -> list[str]:
    return [row.line.code for row in page.context["rows"]]


@pytest.fixture
def several(office: Office) -> list[Dossier]:
    """Of one person, a minute apart; the first is withdrawn."""
    case = make_case()
    made = [
        receive(office, case, at=MONDAY + timedelta(minutes=n), owner="Trần Thị Ánh")
        for n in range(3)
    ]
    Dossier.objects.filter(pk__in=[one.pk for one in made]).update(phone=PHONE)
    endings.withdraw(
        Seen(made[0].pk),
        EndingIn(reason="Tự rút", requested_by="Ánh"),
        by=office.desk(office.clerk),
        at=MONDAY + timedelta(hours=1),
    )
    return made


def test_what_a_search_found_says_what_has_ended_and_shows_chosen_columns(
    office: Office, several: list[Dossier], signed_in: Callable[..., Any]
) -> None:
    client = signed_in(office.clerk)
    page = client.get("/tim/?q=tran+thi+anh")
    text = page.content.decode()
    assert len(codes(page)) == 3
    assert text.count("đã kết thúc") == 1
    assert "Công dân yêu cầu rút hồ sơ" in text
    assert 'class="c-kenh"' not in text
    client.post("/viec/cot/", {"danh-sach": "tim", "cot": ["kenh"], "ve": "/tim/?q=tran+thi+anh"})
    chosen = client.get("/tim/?q=tran+thi+anh").content.decode()
    assert 'class="c-kenh"' in chosen
    assert 'class="c-trang-thai"' not in chosen
    # Another kind of list keeps its own.
    assert 'class="c-kenh"' not in client.get("/viec/?loai=dang-xu-ly").content.decode()


def test_the_file_of_a_search_has_its_rows_and_says_nobodys_name_in_the_log(
    office: Office, several: list[Dossier], signed_in: Callable[..., Any]
) -> None:
    client = signed_in(office.clerk)
    page = client.get("/tim/?q=tran+thi+anh")
    told = of_csv(client.get("/tim/tep.csv?q=tran+thi+anh"))
    assert [line["Mã hồ sơ"] for line in told] == codes(page)
    ended = {line["Mã hồ sơ"]: line for line in told}[several[0].code]
    assert ended["Còn lại"] == "đã kết thúc"
    assert ended["Trạng thái"] == "Công dân yêu cầu rút hồ sơ"
    event = AccessEvent.objects.filter(kind=AccessKind.DOWNLOADED).latest("pk")
    assert event.detail == "Hồ sơ tìm theo tên, csv"


def test_what_was_found_is_with_somebody_until_it_is_collected_or_ends_otherwise(
    office: Office, several: list[Dossier], signed_in: Callable[..., Any]
) -> None:
    desk = office.desk(office.clerk)
    for one in several[1:]:
        signed = ResultIn(number="12", issued_on=MONDAY.date(), signer="Tuấn")
        endings.record_result(Seen(one.pk), signed, by=desk, at=MONDAY + timedelta(hours=1))
        endings.finish(Seen(one.pk), by=desk, at=MONDAY + timedelta(hours=1), note="Sở ký")
    taken = endings.Taking(name="Ánh", told=IN_PERSON)
    endings.give_back(Seen(several[1].pk), taken, by=desk, at=MONDAY + timedelta(hours=2))
    Dossier.objects.filter(pk__in=[one.pk for one in several]).update(step_name="Trả kết quả")
    client = signed_in(office.clerk)
    columns = ["trang-thai", "dang-o", "buoc"]
    client.post("/viec/cot/", {"danh-sach": "tim", "cot": columns, "ve": "/tim/"})
    page = client.get("/tim/?q=tran+thi+anh")
    names = (office.clerk.full_name, office.counter.name)
    cells = re.findall(r'data-label="Đang ở">(.*?)</td>', page.content.decode())
    assert [all(name in cell for name in names) for cell in cells] == [True]
    told = {row["Mã hồ sơ"]: row for row in of_csv(client.get("/tim/tep.csv?q=tran+thi+anh"))}
    where = [
        [told[one.code][head] for head in ("Đang giữ", "Phòng, bộ phận", "Bước đang làm")]
        for one in several
    ]
    assert where == [[""] * 3, [""] * 3, [*names, "Trả kết quả"]]
    now = places_now(desk, [one.code for one in several])
    nowhere = "không còn ở phòng nào"
    assert [now[one.code].where for one in several] == [nowhere, nowhere, ", ".join(names)]


def test_a_number_with_more_dossiers_than_a_page_goes_on(
    office: Office,
    several: list[Dossier],
    signed_in: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    desk = office.desk(office.clerk)
    first = queries.search(desk, PHONE, on=MONDAY.date(), size=2)
    assert first.pks == [several[2].pk, several[1].pk]
    rest = queries.search(desk, PHONE, on=MONDAY.date(), size=2, after=first.next)
    assert (rest.pks, rest.next, rest.kind) == ([several[0].pk], "", "number")
    monkeypatch.setattr(queries, "SCAN", 2)  # so many are looked through for one page
    few = queries.search(desk, PHONE, on=MONDAY.date(), size=2)
    assert (few.pks, bool(few.next)) == (first.pks, True)
    whole = of_csv(signed_in(office.clerk).get(f"/tim/tep.csv?q={PHONE}"))
    assert len(whole) == 3


def test_results_that_wait_are_a_file_of_what_the_page_shows(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    made = [finished(office, at=MONDAY + timedelta(minutes=n)) for n in range(2)]
    client = signed_in(office.clerk)
    page = client.get("/tra-ket-qua/?xep=-ma")
    told = of_csv(client.get("/tra-ket-qua/tep.csv?xep=-ma"))
    assert [line["Mã hồ sơ"] for line in told] == codes(page) == [made[1].code, made[0].code]
    assert {line["Kết quả"] for line in told} == {"12"}
    assert of_csv(client.get("/tra-ket-qua/tep.csv?loc=lau")) == []
    event = AccessEvent.objects.filter(kind=AccessKind.DOWNLOADED).latest("pk")
    assert event.detail == f"Trả kết quả: 0 hồ sơ, csv; Chờ từ {10} ngày"


def finished(office: Office, at: datetime) -> Dossier:
    dossier, desk = receive(office, make_case(), at=at), office.desk(office.clerk, at)
    signed = ResultIn(number="12", issued_on=at.date(), signer="Tuấn")
    endings.record_result(Seen(dossier.pk), signed, by=desk, at=at)
    dossier.refresh_from_db()
    return endings.finish(Seen(dossier.pk), by=desk, at=at, note="Sở ký")


def test_late_requests_tell_who_approved_by_title_and_place_and_are_a_file(
    office: Office, signed_in: Callable[..., Any], clock: Clock
) -> None:
    office.leader.title = "Chủ tịch"
    office.leader.department = office.leadership
    office.leader.save()
    dossier = receive(office, make_case())
    ask_late(office, dossier)
    clock.now = AFTER
    client = signed_in(office.controller)
    who = f"{office.leader.full_name} – Chủ tịch, {office.leadership.name}"
    page = client.get("/thu-tuc/quan-ly/bo-sung-muon/")
    assert who in page.content.decode()
    assert 'class="c-kenh"' not in page.content.decode()
    [line] = of_csv(client.get("/thu-tuc/quan-ly/bo-sung-muon/tep.csv"))
    assert line["Mã hồ sơ"] == dossier.code
    assert line["Người duyệt"] == who
    assert line["Căn cứ"] == "Điều 19 Luật Hộ tịch"
    address = "/thu-tuc/quan-ly/bo-sung-muon/"
    client.post("/viec/cot/", {"danh-sach": "bo-sung-muon", "cot": ["kenh"], "ve": address})
    assert 'class="c-kenh"' in client.get(address).content.decode()


def test_choices_of_people_tell_two_of_one_name_apart(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any], clock: Clock
) -> None:
    office.leader.title, office.leader.department = "Chủ tịch", office.leadership
    office.leader.save()
    dossier = at_room()
    clock.now = AFTER
    page = signed_in(office.clerk).get(f"{dossier.get_absolute_url()}yeu-cau-bo-sung/")
    assert (
        f"{office.leader.full_name} – Chủ tịch, {office.leadership.name}</option>"
        in page.content.decode()
    )
