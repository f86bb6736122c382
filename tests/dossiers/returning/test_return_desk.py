"""The return desk: what waits, who takes it, what goes home with it, and how it is taken back."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from dossiers.acts import endings
from dossiers.acts.many import Seen
from dossiers.acts.reception import receive as take_in
from dossiers.intake import secrets
from dossiers.intake.brought import Person
from dossiers.models import Dossier, DossierPaper, Result, Return
from dossiers.states import State
from onestop.accounts.models import AccessEvent, Department, Officer, Role
from procedures.models import Case, ProcedureVersion, Status
from tests.world import MONDAY, Office, an_intake, make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Officer], Any]


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(vn("07/12/2026 09:00"), tick=False):
        yield


@pytest.fixture
def office() -> Office:
    return make_office()


def finished(
    office: Office,
    *,
    owner: str = "Nguyễn Văn Ân",
    at: Any = MONDAY,
    case: Any = None,
    **changes: Any,
) -> Dossier:
    return finish(office, receive(office, case or make_case(), owner=owner, at=at, **changes), at)


def finish(office: Office, dossier: Dossier, at: Any) -> Dossier:
    clerk = office.desk(office.clerk, at)
    data = endings.ResultIn(
        title="Giấy xác nhận",
        number="12/GXN-UBND",
        issued_on=date(2026, 11, 24),
        signer="Hoàng Minh Tuấn",
    )
    endings.record_result(Seen(dossier.pk), data, by=clerk, at=at + timedelta(hours=1))
    return endings.finish(Seen(dossier.pk), by=clerk, at=at + timedelta(hours=2), note="Sở ký")


def answers(dossier: Dossier, **changes: Any) -> dict[str, Any]:
    papers = [p.pk for p in DossierPaper.objects.filter(dossier=dossier)]
    base = {
        "seen": dossier.row_version,
        "taker": 1,
        "name": "Nguyễn Văn Ân",
        "way": 1,
        "papers_back": papers,
        "signature": 1,
        "notice": 4,
    }
    return base | changes


def test_what_waits_longest_stands_first_and_is_marked_by_age(
    signed_in: SignedIn, office: Office
) -> None:
    new = finished(office, owner="Lê Thị Bé", at=vn("07/12/2026 07:30"))
    old = finished(office, at=vn("02/11/2026 09:00"))
    text = signed_in(office.clerk).get("/tra-ket-qua/").content.decode()
    assert text.index(old.code) < text.index(new.code)
    assert "đã 35 ngày" in text
    assert "left-late" in text
    assert "12/GXN-UBND" in text


def test_the_owner_takes_it_and_the_originals_and_the_next_one_is_ready(
    signed_in: SignedIn, office: Office
) -> None:
    dossier, other = finished(office), finished(office, owner="Lê Thị Bé")
    client = signed_in(office.clerk)
    form = client.get(f"/tra-ket-qua/{dossier.code}/").content.decode()
    assert "Giấy tờ thứ 1 của thủ tục (1 bản chính)" in form
    keep = list(DossierPaper.objects.filter(dossier=dossier))[:2]
    answer = client.post(
        f"/tra-ket-qua/{dossier.code}/", answers(dossier, papers_back=[p.pk for p in keep])
    )
    assert answer.headers["Location"] == "/tra-ket-qua/?xong=1"
    dossier.refresh_from_db()
    row = Return.objects.get(dossier=dossier)
    assert (dossier.state, row.taker_name, row.given_by, row.way) == (
        State.RETURNED,
        "Nguyễn Văn Ân",
        office.clerk,
        Return.Way.DIRECT,
    )
    assert [p.originals_returned for p in DossierPaper.objects.filter(dossier=dossier)] == [
        True,
        True,
        False,
    ]
    after = client.get("/tra-ket-qua/?xong=1").content.decode()
    assert dossier.code in after  # in the toast, with its undo
    assert f"/tra-ket-qua/{dossier.code}/hoan-tac/" in after
    assert f'href="/tra-ket-qua/{other.code}/"' in after.replace("\n", " ")
    assert "data-focus" in after


def proposed(page: str) -> dict[str, bool]:
    """The originals offered, and whether each is ticked already."""
    boxes = re.findall(r'<input ([^>]*name="papers_back"[^>]*)>\s*<label[^>]*>(.*?) \(', page)
    return {name: "checked" in attrs for attrs, name in boxes}


@pytest.fixture
def birth() -> Case:
    """A procedure with a declaration, a paper to hand in and one to show."""
    case = make_case(papers=0, status=Status.NEEDS_TERM)
    for order, (name, group) in enumerate(BIRTH, start=1):
        case.papers.create(order=order, name=name, group=group, originals=1)
    ProcedureVersion.objects.filter(pk=case.version_id).update(status=Status.READY)
    return case


BIRTH = (
    ("Tờ khai đăng ký khai sinh", "* Giấy tờ phải nộp:"),
    ("Giấy chứng sinh", "* Giấy tờ phải nộp:"),
    ("Thẻ căn cước hoặc hộ chiếu", "* Giấy tờ phải xuất trình:"),
)


def test_only_what_was_shown_is_ticked_to_go_home(
    signed_in: SignedIn, office: Office, birth: Case
) -> None:
    page = (
        signed_in(office.clerk)
        .get(f"/tra-ket-qua/{finished(office, case=birth).code}/")
        .content.decode()
    )
    assert proposed(page) == {
        "Tờ khai đăng ký khai sinh": False,
        "Giấy chứng sinh": False,
        "Thẻ căn cước hoặc hộ chiếu": True,
    }


def test_a_refused_dossier_goes_back_whole_but_for_the_request(
    signed_in: SignedIn, office: Office, birth: Case
) -> None:
    dossier = receive(office, birth)
    refused = endings.ResultIn(kind=Result.Kind.REFUSED, reason="Không đủ điều kiện")
    endings.record_result(
        Seen(dossier.pk),
        refused,
        by=office.desk(office.clerk, MONDAY),
        at=MONDAY + timedelta(hours=1),
    )
    endings.finish(
        Seen(dossier.pk),
        by=office.desk(office.clerk, MONDAY),
        at=MONDAY + timedelta(hours=2),
        note="Sở ký",
    )
    page = signed_in(office.clerk).get(f"/tra-ket-qua/{dossier.code}/").content.decode()
    assert proposed(page) == {
        "Tờ khai đăng ký khai sinh": False,
        "Giấy chứng sinh": True,
        "Thẻ căn cước hoặc hộ chiếu": True,
    }


def test_taking_it_back_puts_it_on_the_desk_again(signed_in: SignedIn, office: Office) -> None:
    dossier = finished(office)
    client = signed_in(office.clerk)
    client.post(f"/tra-ket-qua/{dossier.code}/", answers(dossier))
    answer = client.post(f"/tra-ket-qua/{dossier.code}/hoan-tac/")
    assert answer.headers["Location"] == f"/tra-ket-qua/{dossier.code}/"
    dossier.refresh_from_db()
    assert (dossier.state, dossier.returned_at) == (State.FINISHED, None)
    assert not DossierPaper.objects.filter(dossier=dossier, originals_returned=True).exists()


def test_somebody_else_needs_an_authorisation_and_post_a_number(
    signed_in: SignedIn, office: Office
) -> None:
    dossier = finished(office)
    client = signed_in(office.clerk)
    answer = client.post(
        f"/tra-ket-qua/{dossier.code}/", answers(dossier, taker=2, way=3, name="Lò Thị Pành")
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "hãy ghi giấy ủy quyền" in text
    assert "hãy ghi số phiếu gửi" in text
    assert "Lò Thị Pành" in text  # nothing typed is lost
    done = client.post(
        f"/tra-ket-qua/{dossier.code}/",
        answers(
            dossier,
            taker=2,
            way=3,
            name="Lò Thị Pành",
            authorisation="Giấy ủy quyền 01/12/2026",
            post_number="EB123456789VN",
            office="Bưu điện Bình Minh",
            postman="Vũ Văn Thư",
        ),
    )
    assert done.status_code == 302
    assert Return.objects.get(dossier=dossier).post_number == "EB123456789VN"


def test_a_stale_page_is_told_so_and_changes_nothing(signed_in: SignedIn, office: Office) -> None:
    dossier = finished(office)
    answer = signed_in(office.clerk).post(
        f"/tra-ket-qua/{dossier.code}/", answers(dossier, seen=dossier.row_version - 1)
    )
    assert answer.status_code == 422
    assert "Trang bạn đang xem đã cũ" in answer.content.decode()
    assert not Return.objects.exists()


def test_what_is_not_finished_cannot_be_returned_and_says_why(
    signed_in: SignedIn, office: Office
) -> None:
    dossier = receive(office, make_case())
    client = signed_in(office.clerk)
    page = client.get(f"/tra-ket-qua/{dossier.code}/").content.decode()
    assert "disabled" in page
    assert "Không thể trả kết quả khi hồ sơ ở trạng thái" in page
    assert client.post(f"/tra-ket-qua/{dossier.code}/", answers(dossier)).status_code == 422


def test_overdue_dossiers_are_returned_all_the_same(signed_in: SignedIn, office: Office) -> None:
    dossier = finished(office, case=make_case("1 ngày làm việc"), at=vn("02/11/2026 09:00"))
    assert (
        signed_in(office.clerk).post(f"/tra-ket-qua/{dossier.code}/", answers(dossier)).status_code
        == 302
    )


@pytest.mark.parametrize("typed", ["CODE", "code", "QR"])
def test_a_scanned_slip_opens_its_dossier(signed_in: SignedIn, office: Office, typed: str) -> None:
    dossier = finished(office)
    finished(office, owner="Lê Thị Bé")
    words = {"CODE": dossier.code, "code": dossier.code.lower(), "QR": secrets.lookup_url(dossier)}[
        typed
    ]
    answer = signed_in(office.clerk).get("/tra-ket-qua/", {"q": words})
    assert answer.headers["Location"] == f"/tra-ket-qua/{dossier.code}/"


@pytest.mark.parametrize("typed", ["le thi be", "thi be", "0912 345 678", "001087000123", "0002"])
def test_the_list_is_searched_by_name_number_and_end_of_code(
    signed_in: SignedIn, office: Office, typed: str
) -> None:
    wanted = [finished(office), finished(office, owner="Lê Thị Bé")][1]
    answer = signed_in(office.clerk).get("/tra-ket-qua/", {"q": typed}, follow=True)
    assert wanted.code in answer.content.decode()


def test_lists_by_age_and_by_post(signed_in: SignedIn, office: Office) -> None:
    by_post = finished(office, at=vn("07/12/2026 07:00"), return_by_post=True)
    old = finished(office, at=vn("02/11/2026 09:00"))
    client = signed_in(office.clerk)
    assert by_post.code not in (text := client.get("/tra-ket-qua/?loc=lau").content.decode())
    assert old.code in text
    assert old.code not in (text := client.get("/tra-ket-qua/?loc=buu-chinh").content.decode())
    assert by_post.code in text


def test_other_offices_see_nothing_of_it(signed_in: SignedIn, office: Office) -> None:
    dossier = finished(office)
    stranger = make_office("Ủy ban nhân dân xã Tân Lập").clerk
    client = signed_in(stranger)
    assert dossier.code not in client.get("/tra-ket-qua/").content.decode()
    assert client.get(f"/tra-ket-qua/{dossier.code}/").status_code == 404
    assert client.post(f"/tra-ket-qua/{dossier.code}/", answers(dossier)).status_code == 404


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("own", [True, False])
def test_matrix_of_roles(signed_in: SignedIn, office: Office, role: Role, own: bool) -> None:
    """Every address of the desk, every role, own and another office: who reads, who gives back."""
    dossier = finished(office, return_by_post=True)
    home = office if own else make_office("Ủy ban nhân dân xã Tân Lập")
    department: Department | None = (
        None if role in (Role.CONTROLLER, Role.ADMINISTRATOR) else home.counter
    )
    client = signed_in(make_officer("Vai Trò", home.agency, (role, department)))
    sees_desk = role in (Role.CLERK, Role.CASHIER, Role.POSTAL)
    listing = client.get("/tra-ket-qua/")
    assert listing.status_code == (200 if sees_desk else 403)
    assert (dossier.code in listing.content.decode()) == (sees_desk and own)
    reads = 403 if not sees_desk else 200 if own else 404
    assert client.get(f"/tra-ket-qua/{dossier.code}/").status_code == reads
    gives = 403 if not sees_desk else 404 if not own else 302 if role == Role.CLERK else 422
    assert client.post(f"/tra-ket-qua/{dossier.code}/", answers(dossier)).status_code == gives
    undoes = 302 if own and role == Role.CLERK else 404 if role == Role.CLERK else 403
    assert client.post(f"/tra-ket-qua/{dossier.code}/hoan-tac/").status_code == undoes


def test_a_stranger_is_sent_to_sign_in(client: Any, office: Office) -> None:
    dossier = finished(office)
    for address in ("/tra-ket-qua/", f"/tra-ket-qua/{dossier.code}/"):
        assert client.get(address).headers["Location"].startswith("/dang-nhap/")
    assert client.post(f"/tra-ket-qua/{dossier.code}/", answers(dossier)).status_code == 302
    assert not Return.objects.exists()


def test_reading_is_written_down_once(signed_in: SignedIn, office: Office) -> None:
    dossier = finished(office)
    signed_in(office.clerk).get(f"/tra-ket-qua/{dossier.code}/")
    assert (
        AccessEvent.objects.filter(
            kind="viewed", object_id=dossier.pk, officer=office.clerk
        ).count()
        == 1
    )


def test_counts_are_equal_for_1_and_50_rows_and_pages_follow(
    signed_in: SignedIn, office: Office, queries: Any
) -> None:
    case = make_case(papers=1)
    client = signed_in(office.clerk)
    finished(office, case=case)
    client.get("/tra-ket-qua/")
    with queries() as one:
        client.get("/tra-ket-qua/")
    for number in range(52):
        finished(office, case=case, at=MONDAY + timedelta(minutes=number))
    with queries() as many:
        page = client.get("/tra-ket-qua/")
    assert len(one) == len(many) <= 8
    assert len(page.context["rows"]) == 50
    assert len(client.get(page.context["next"]).context["rows"]) == 3


def test_the_forms_statements_do_not_grow_with_papers(
    signed_in: SignedIn, office: Office, queries: Any
) -> None:
    few, many = (
        finished(office, case=make_case(papers=1)),
        finished(office, case=make_case(papers=50)),
    )
    client = signed_in(office.clerk)
    client.get(f"/tra-ket-qua/{few.code}/")
    seen = []
    for dossier in (few, many):
        with queries() as count:
            client.get(f"/tra-ket-qua/{dossier.code}/")
        seen.append(len(count))
    assert seen[0] == seen[1] <= 10


@pytest.mark.parametrize(
    ("identity", "note", "sentence"),
    [
        ("abc", "", "Số hộ chiếu gồm 6 đến 9 chữ và số, “ABC” không đúng."),
        ("abc", "", "hãy ghi lý do ở ô “Ghi chú”"),
        ("02019077777", "", "Có phải thiếu số 0 ở đầu: 002019077777?"),
        ("020²90777777", "Giấy tờ cũ", "Ký tự “²” không phải chữ số."),
    ],
)
def test_the_takers_number_is_checked_as_at_intake(
    signed_in: SignedIn, office: Office, identity: str, note: str, sentence: str
) -> None:
    """R-78."""
    dossier = finished(office)
    page = signed_in(office.clerk).post(
        f"/tra-ket-qua/{dossier.code}/", answers(dossier, identity=identity, note=note)
    )
    assert sentence in page.content.decode()
    assert not Return.objects.exists()


@pytest.mark.parametrize(
    ("typed", "note", "stored"),
    [("020 190 777 777", "", "020190777777"), ("12 345", "Số cũ", "12345")],
)
def test_the_takers_number_is_stored_as_every_other(
    signed_in: SignedIn, office: Office, typed: str, note: str, stored: str
) -> None:
    dossier = finished(office)
    taking = answers(
        dossier, taker=2, name="Vừ A Páo", authorisation="Giấy ủy quyền", identity=typed, note=note
    )
    signed_in(office.clerk).post(f"/tra-ket-qua/{dossier.code}/", taking)
    assert Return.objects.get().taker_identity == stored


def test_the_owners_own_odd_number_was_judged_at_intake(
    signed_in: SignedIn, office: Office
) -> None:
    owner = Person(
        name="Nguyễn Văn Ân",
        identity_kind=9,
        identity_number="Thẻ nhà báo 12",
        identity_note="Không có giấy tờ khác",
    )
    dossier = take_in(
        replace(an_intake(office, make_case()), owner=owner),
        by=office.desk(office.clerk, MONDAY),
        at=MONDAY,
    )
    finish(office, dossier, MONDAY)
    dossier.refresh_from_db()
    signed_in(office.clerk).post(
        f"/tra-ket-qua/{dossier.code}/", answers(dossier, identity="Thẻ  nhà báo 12")
    )
    assert Return.objects.get().taker_identity == "Thẻ nhà báo 12"


def test_the_list_is_ordered_and_shows_the_columns_that_the_clerk_chose(
    office: Office, signed_in: SignedIn
) -> None:
    """The same heads, rows and panel as the lists of the desks, kept apart from theirs."""
    first, second = finished(office), finished(office)
    Dossier.objects.filter(pk=first.pk).update(owner_name="Trần Văn Yên", phone="0987654321")
    Dossier.objects.filter(pk=second.pk).update(owner_name="Lê Thị Ba")
    client = signed_in(office.clerk)
    page = client.get("/tra-ket-qua/?xep=-chu")
    assert [row.line.pk for row in page.context["rows"]] == [first.pk, second.pk]
    assert 'aria-sort="descending"' in page.content.decode()
    sent = {"danh-sach": "tra-ket-qua", "cot": ["dien-thoai"], "ve": "/tra-ket-qua/", "xep": "chu"}
    assert client.post("/viec/cot/", sent)["Location"] == "/tra-ket-qua/"
    page = client.get("/tra-ket-qua/")
    assert [row.line.pk for row in page.context["rows"]] == [second.pk, first.pk]
    assert "098 ••• 321" in page.content.decode()
    work = client.get("/viec/?loai=dang-xu-ly").content.decode()
    assert "Đang xử lý" in work
    assert client.get("/viec/?loai=dang-xu-ly&xep=xong").status_code == 200
