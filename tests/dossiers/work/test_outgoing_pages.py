"""The văn thư's pages: what waits for number and stamp, one key for all of it, the register."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dossiers.acts import endings
from dossiers.acts.endings import EndingIn, ResultIn
from dossiers.acts.many import Seen
from dossiers.models import Dossier, Result, Slip
from dossiers.models.outgoing import OutgoingCounter, OutgoingDocument
from dossiers.views import outgoing as outgoing_pages
from onestop.accounts.models import Department, DepartmentKind, Officer, Role
from tests.dossiers.domain.test_approvals import at_room, give, write
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def stamper(office: Office) -> Officer:
    room = Department.objects.create(
        agency=office.agency, name="Văn thư", kind=DepartmentKind.CLERICAL
    )
    return make_officer("Đào Thị Thư", office.agency, (Role.DOCUMENTS, room))


def stopped(office: Office) -> Slip:
    dossier = receive(office, make_case())
    said = EndingIn("", "Thôi", "", "12/QĐ", "Hoàng Minh Tuấn", "Không thu")
    endings.stop(Seen(dossier.pk), said, by=office.desk(office.leader), at=MONDAY)
    return Slip.objects.get(dossier=dossier, slug="dung")


def test_one_key_numbers_all_that_waits_and_one_takes_it_back(
    office: Office, stamper: Officer, signed_in: Callable[..., Client]
) -> None:
    slips, client = [stopped(office), stopped(office)], signed_in(stamper)
    page = text(client.get("/van-thu/"))
    assert page.count("Thông báo dừng giải quyết</label>") == 2
    assert "Hoàng Minh Tuấn" in page
    # What is signed lies on the table: the văn thư picks it, nothing is picked beforehand.
    assert " checked" not in page
    assert 'data-check-all aria-label="Chọn cả danh sách văn bản"' in page
    assert f'href="{address(slips[0])}"' in page  # the dossier itself need not lie with him
    answer = client.post("/van-thu/cap-so/", {"van-ban": [slip.pk for slip in slips]}, follow=True)
    assert "Đã cấp số văn bản của 2 hồ sơ." in text(answer)
    assert "Không có văn bản nào chờ cấp số" in text(answer)
    book = text(client.get("/van-thu/so-van-ban-di/"))
    assert "đến số 2" in book
    assert book.index("02/TB-UBND") < book.index("01/TB-UBND")
    press = OutgoingDocument.objects.first()
    assert press is not None
    undo = text(answer).split("/van-thu/cap-so/hoan-tac/")[1].split('"')[0].split("&quot;")[0]
    client.post(f"/van-thu/cap-so/hoan-tac/{undo}")
    assert not OutgoingDocument.objects.standing().exists()
    assert text(client.get("/van-thu/so-van-ban-di/")).count("đã hủy 23/11/2026") == 2


def test_nothing_chosen_or_what_is_not_mine_numbers_nothing(
    office: Office, stamper: Officer, signed_in: Callable[..., Client]
) -> None:
    other = stopped(make_office("Ủy ban nhân dân xã Khác"))
    client = signed_in(stamper)
    assert "Chưa chọn hồ sơ nào" in text(client.post("/van-thu/cap-so/", follow=True))
    for chosen in (other.pk, 999_999, "x"):
        client.post("/van-thu/cap-so/", {"van-ban": chosen})
    assert not OutgoingCounter.objects.exists()


def test_the_list_costs_the_same_with_one_letter_and_with_many(
    office: Office,
    stamper: Officer,
    signed_in: Callable[..., Client],
    django_assert_max_num_queries: Any,
) -> None:
    client = signed_in(stamper)
    stopped(office)
    client.get("/van-thu/")
    with django_assert_max_num_queries(30) as one:
        client.get("/van-thu/")
    for _ in range(4):
        stopped(office)
    with django_assert_max_num_queries(len(one)):
        client.get("/van-thu/")


def approved(office: Office, stamper: Officer) -> Dossier:
    dossier = write(office, at_room(office), office.specialist, ResultIn(title="Giấy xác nhận"))
    dossier = give(office, dossier, office.specialist, office.leadership, office.leader)
    assert stamper.department is not None
    return give(office, dossier, office.leader, stamper.department, stamper)


def test_both_lists_go_on_to_their_end(
    office: Office, stamper: Officer, signed_in: Callable[..., Client], monkeypatch: Any
) -> None:
    monkeypatch.setattr(outgoing_pages, "MOST", 2)
    slips = [stopped(office).pk for _ in range(3)]
    drafts = [approved(office, stamper).pk for _ in range(3)]
    client = signed_in(stamper)
    first = client.get("/van-thu/").context
    second = client.get(f"/van-thu/{first['next']}").context
    other = client.get(f"/van-thu/{first['next_results']}").context
    assert [[row["slip"].pk for row in one["rows"]] for one in (first, second)] == [slips[:2], slips[2:]]  # fmt: skip
    pages = [{row.pk for row in one["results"]} for one in (first, other)]
    assert (len(pages[0]), pages[0] | pages[1]) == (2, set(drafts))
    assert (second["next"], other["next_results"]) == ("", "")
    # Once the rest has its numbers, a further page says not that nothing waits: the list begins anew.
    client.post("/van-thu/cap-so/", {"van-ban": slips[2:]})
    assert client.get(f"/van-thu/{first['next']}")["Location"] == "/van-thu/"


def test_many_drafts_are_numbered_at_once_each_signed_by_who_approved(
    office: Office, stamper: Officer, signed_in: Callable[..., Client]
) -> None:
    made, client = [approved(office, stamper) for _ in range(2)], signed_in(stamper)
    unapproved = write(office, at_room(office), office.specialist, ResultIn(title="Giấy"))
    assert stamper.department is not None
    room = stamper.department
    unapproved = give(office, unapproved, office.specialist, room, stamper, note="Chưa ký")
    picked = {"chon": [dossier.pk for dossier in (*made, unapproved)], "loai": "GXN"}
    answer = text(client.post("/van-thu/ket-qua/", picked, follow=True))
    assert "Đã cấp số kết quả của 2/3 hồ sơ." in answer
    assert f"{unapproved.code}: Hãy ghi người đã ký kết quả." in answer
    rows = Result.objects.current().filter(dossier__in=made).order_by("number")
    assert list(rows.values_list("number", "signer")) == [
        ("01/GXN-UBND", "Hoàng Minh Tuấn"),
        ("02/GXN-UBND", "Hoàng Minh Tuấn"),
    ]
    for kind in ("", "X"):
        client.post("/van-thu/ket-qua/", picked | {"loai": kind})
    assert "Chưa chọn" in text(client.post("/van-thu/ket-qua/", {"loai": "TB"}, follow=True))
    assert OutgoingDocument.objects.count() == 2


def test_a_draft_is_numbered_on_its_own_page(
    office: Office, stamper: Officer, signed_in: Callable[..., Client]
) -> None:
    dossier = write(office, at_room(office), office.specialist, ResultIn(title="Giấy xác nhận"))
    dossier = give(office, dossier, office.specialist, office.leadership, office.leader)
    assert stamper.department is not None
    dossier = give(office, dossier, office.leader, stamper.department, stamper)
    client, here = signed_in(stamper), dossier.get_absolute_url()
    assert f'href="{here}cap-so/"' in text(client.get("/van-thu/"))
    assert f'href="{here}cap-so/"' in text(client.get(here))
    page = text(client.get(f"{here}cap-so/"))
    assert 'value="Hoàng Minh Tuấn"' in page
    refused = client.post(f"{here}cap-so/", {"kind": "", "own_number": "", "signer": "Tuấn"})
    assert refused.status_code == 422
    seen = {"signer": "Hoàng Minh Tuấn", "kind": "GXN", "seen": dossier.row_version}
    assert client.post(f"{here}cap-so/", seen).status_code == 302
    assert Result.objects.current().get().number == "01/GXN-UBND"
    assert client.get(f"{here}cap-so/").status_code == 403
    assert Dossier.objects.get(pk=dossier.pk).state == dossier.state


# --- a number that is chosen, one letter, numbers kept --------------------------------------------


def address(slip: Slip) -> str:
    assert slip.dossier is not None
    return f"/van-thu/van-ban/{slip.dossier.code}/{slip.pk}/"


def pdf_of(slip: Slip) -> str:
    return address(slip).rstrip("/") + ".pdf"


def test_the_letter_itself_is_read_and_its_number_chosen(
    office: Office, stamper: Officer, signed_in: Callable[..., Client]
) -> None:
    slip, client = stopped(office), signed_in(stamper)
    here = address(slip)
    listed = text(client.get("/van-thu/"))
    assert f'href="{here}"' in listed
    assert f'href="{pdf_of(slip)}"' in listed
    pdf = client.get(pdf_of(slip))
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    page = text(client.get(here))
    assert "Số tiếp theo là 1" in page
    refused = client.post(here, {"number": "3", "why": ""})
    assert refused.status_code == 422
    assert "để trống số 1–2" in text(refused)
    done = client.post(here, {"number": "3", "why": "Đã ghi sổ giấy"}, follow=True)
    assert "Đã cấp số 03/TB-UBND." in text(done)
    assert "Văn bản đã có số 03/TB-UBND" in text(client.get(here))
    book = text(client.get("/van-thu/so-van-ban-di/"))
    assert "chưa cấp cho văn bản nào: 2" in book
    assert "Số 1: Đã ghi sổ giấy (Đào Thị Thư" in book
    again = stopped(office)
    page = text(client.get(address(again)))
    assert "Số đang giữ: 1 (Đã ghi sổ giấy), 2 (Đã ghi sổ giấy)." in page
    client.post(address(again), {"number": "2"})
    assert OutgoingDocument.objects.get(slip=again).symbol == "02/TB-UBND"
    assert client.get(address(slip).replace(f"/{slip.pk}/", "/999999/")).status_code == 404


def test_letters_of_another_agency_are_nobodys_here(
    office: Office, stamper: Officer, signed_in: Callable[..., Client]
) -> None:
    other, client = stopped(make_office("Ủy ban nhân dân xã Khác")), signed_in(stamper)
    for asked in (address(other), pdf_of(other)):
        assert client.get(asked).status_code == 404
    assert client.post(address(other), {"number": ""}).status_code == 404


def test_numbers_are_kept_beforehand(
    office: Office, stamper: Officer, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(stamper)
    assert "Không có số nào đang giữ" in text(client.get("/van-thu/giu-so/"))
    refused = client.post("/van-thu/giu-so/", {"kind": "QĐ", "count": "2", "reason": ""})
    assert refused.status_code == 422
    typed = {"kind": "QĐ", "count": "2", "reason": "Trình ký chiều nay"}
    done = text(client.post("/van-thu/giu-so/", typed, follow=True))
    assert "Đã giữ số 1–2 của sổ Quyết định." in done
    assert done.count("Trình ký chiều nay") == 2
    assert "Quyết định, từ số 3" in done


def test_drafts_go_to_the_counter_by_the_press_that_numbers_them(
    office: Office, stamper: Officer, signed_in: Callable[..., Client]
) -> None:
    made, client = [approved(office, stamper) for _ in range(2)], signed_in(stamper)
    picked = {
        "chon": [f"{one.pk}.{one.row_version}" for one in made],
        "loai": "GXN",
        "ra-quay": "1",
    }
    answer = text(client.post("/van-thu/ket-qua/", picked, follow=True))
    assert "Đã cấp số và chuyển ra quầy kết quả của 2 hồ sơ." in answer
    rows = Dossier.objects.filter(pk__in=[one.pk for one in made])
    assert {row.pending_department_id for row in rows} == {office.counter.pk}
    undo = answer.split("/van-thu/cap-so/hoan-tac/")[1].split('"')[0].split("&quot;")[0]
    said = text(client.post(f"/van-thu/cap-so/hoan-tac/{undo}", follow=True))
    assert "Đã hủy số văn bản của 2 hồ sơ." in said
    assert {row.pending_department_id for row in rows.all()} == {None}
    one = made[0]
    here = f"{one.get_absolute_url()}cap-so/"
    page = text(client.get(here))
    assert "Sổ văn bản đi: Giấy xác nhận, số tiếp theo 3" in page
    one.refresh_from_db()
    typed = {"signer": "Tuấn", "kind": "GXN", "seen": one.row_version, "ra-quay": "1"}
    said = text(client.post(here, typed, follow=True))
    assert "Đã cấp số 03/GXN-UBND và chuyển ra quầy." in said


def test_a_book_is_a_file_with_its_void_and_kept_numbers(
    office: Office, stamper: Officer, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(stamper)
    assert client.get("/van-thu/so-van-ban-di.csv").status_code == 404
    first, second = stopped(office), stopped(office)
    client.post(address(first), {"number": "2", "why": "Sổ giấy"})
    client.post(address(second), {"number": ""})
    answer: Any = client.get("/van-thu/so-van-ban-di.csv")
    said = b"".join(answer.streaming_content).decode()
    heads, *lines = said.strip().splitlines()
    assert heads.startswith('\ufeffSTT,"Số, ký hiệu",Ngày ban hành,Trích yếu,Người ký')
    assert [line.split(",")[1] for line in lines] == ["1", "02/TB-UBND", "03/TB-UBND"]
    assert "Số đang giữ: Sổ giấy" in lines[0]
    answer = client.get("/van-thu/so-van-ban-di.csv?tu=3&den=9")
    assert b"".join(answer.streaming_content).decode().count("/TB-UBND") == 1
    part = text(client.get("/van-thu/so-van-ban-di/?tu=3"))
    assert "03/TB-UBND" in part
    assert 'ký hiệu">02/TB-UBND' not in part  # a toast tells of it still
    answer = client.get("/van-thu/so-van-ban-di.xlsx")
    assert b"".join(answer.streaming_content)[:2] == b"PK"
