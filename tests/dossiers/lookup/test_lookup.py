"""What a citizen reads by code, what by the secret of the slip, and what a stranger never learns."""

import logging
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from dossiers.acts import endings, handovers, supplements
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.intake import secrets
from dossiers.intake.brought import SubmitterIn
from dossiers.intake.wanted import declared
from dossiers.models import Dossier, OfficeSettings
from dossiers.reading_codes import normal_code
from tests.browser.fitting import too_wide
from tests.world import IN_PERSON, MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
PERSONAL = (
    "Nguyễn Văn Ân",
    "001087000123",
    "0912345678",
    "Thôn 2",
    "Trần Thị Thu Hà",
    "Lê Văn Dũng",
)


@pytest.fixture(autouse=True)
def _on_wednesday() -> Any:
    with time_machine.travel(vn("25/11/2026 10:00"), tick=False):
        yield


@pytest.fixture
def office() -> Office:
    office = make_office()
    office.agency.address, office.agency.phone = "Thôn 1, xã Bình Minh", "0243 000 000"
    office.agency.save()
    return office


@pytest.fixture
def dossier(office: Office) -> Dossier:
    """Received Monday, lying with the specialist, promised for 03/12."""
    dossier = receive(office, make_case(name="Thủ tục xác nhận tình trạng hôn nhân"), fee_amount=0)
    handovers.hand_over(
        dossier,
        to=office.room,
        step=NextStep(order=2, name="Thẩm định"),
        by=office.desk(office.clerk),
        at=MONDAY,
    )
    return handovers.confirm(
        Seen(dossier.pk), by=office.desk(office.specialist), at=MONDAY + timedelta(hours=1)
    )


def page(client: Client, dossier: Dossier, k: str | None = None) -> Any:
    return client.get(f"/tra-cuu/{dossier.code}/", {"k": k} if k is not None else {})


def test_one_field_leads_to_the_dossiers_own_address(client: Client, dossier: Dossier) -> None:
    assert "Mã hồ sơ" in client.get("/tra-cuu/").content.decode()
    answer = client.get("/tra-cuu/", {"ma": f" {dossier.code.lower()} "})
    assert answer.headers["Location"] == f"/tra-cuu/{dossier.code}/"


def test_what_a_qr_reader_types_leads_to_the_full_answer(client: Client, dossier: Dossier) -> None:
    answer = client.get("/tra-cuu/", {"ma": secrets.lookup_url(dossier)})
    assert answer.headers["Location"].startswith(f"/tra-cuu/{dossier.code}/?k=")
    assert "Nguyễn Văn Ân" in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        "h37.12.03-261123-0001",
        " H37.12.03 261123 0001 ",
        "H37.12.03–261123—0001",
        "H37. 12. 03 - 261123 - 0001",
        "H37.12.03_261123/0001",
    ],
)
def test_codes_are_read_however_they_are_typed(typed: str) -> None:
    assert normal_code(typed) == "H37.12.03-261123-0001"


@pytest.mark.parametrize("sign", [" ", "-", "/", "_", "."])
def test_a_code_is_found_whatever_sign_was_typed_between_its_parts(
    client: Client, dossier: Dossier, sign: str
) -> None:
    typed = sign.join(re.split("[.-]", dossier.code.lower()))
    brief = client.get("/tra-cuu/", {"ma": typed}, follow=True)
    assert f'<span class="lookup-code">{dossier.code}</span>' in brief.content.decode()
    asked = {"ma": typed, "k": secrets.secret_of(dossier)}
    assert "Nguyễn Văn Ân" in client.get("/tra-cuu/", asked, follow=True).content.decode()


def test_a_code_that_has_dashes_itself_stays_another_one(
    client: Client, office: Office, dossier: Dossier
) -> None:
    other = "-".join(re.split("[.-]", dossier.code))
    Dossier.objects.filter(pk=receive(office, make_case()).pk).update(code=other)
    for code in (dossier.code, other):
        shown = client.get(f"/tra-cuu/{code}/").content.decode()
        assert f'<span class="lookup-code">{code}</span>' in shown


@pytest.mark.parametrize("typed", ["", "   ", "Nguyễn Văn Ân", "<script>", "x" * 80])
def test_what_is_no_code_is_said_beside_the_field(client: Client, typed: str) -> None:
    assert normal_code(typed) == ""
    answer = client.get("/tra-cuu/", {"ma": typed})
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert "Chưa tra cứu được: 1 chỗ cần sửa" in answer.content.decode()


def test_by_code_alone_state_and_step_and_nothing_personal(
    client: Client, dossier: Dossier
) -> None:
    text = page(client, dossier).content.decode()
    assert "Hồ sơ đang ở bước 2/4 (Giải quyết)." in text
    assert "đang xử lý" in text
    assert "03/12" not in text
    assert "hôn nhân" not in text
    assert not [word for word in PERSONAL if word in text]


def test_the_office_may_show_its_promise_to_everybody(
    client: Client, office: Office, dossier: Dossier
) -> None:
    OfficeSettings.objects.create(agency=office.agency, lookup_shows_promise=True)
    text = page(client, dossier).content.decode()
    assert "Hồ sơ đang ở bước 2/4 (Giải quyết), hẹn trả 17:00 thứ Năm 03/12/2026." in text
    assert "thứ Hai đến thứ Sáu: 07:00–11:30, 13:30–17:00" in text
    with time_machine.travel(vn("04/12/2026 08:00"), tick=False):
        assert "đã quá ngày hẹn 17:00 thứ Năm 03/12/2026" in page(client, dossier).content.decode()


def test_with_the_secret_everything_on_the_slip_and_where_it_went(
    client: Client, dossier: Dossier
) -> None:
    text = page(client, dossier, secrets.secret_of(dossier)).content.decode()
    assert not [word for word in PERSONAL if word not in text]
    for word in (
        "hẹn trả 17:00 thứ Năm 03/12/2026",
        "Thủ tục xác nhận tình trạng hôn nhân",
        "7 ngày làm việc",
        "Giấy tờ thứ 3 của thủ tục",
        "1 bản chính",
        "Phòng Văn hóa - Xã hội",
        "Thẩm định",
        "23/11/2026 10:00",
        "Miễn phí",
        "Mang theo: Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        "Thôn 1, xã Bình Minh",
        "Thời gian làm việc: thứ Hai đến thứ Sáu: 07:00–11:30, 13:30–17:00",
        "/vi-sao/?k=",
    ):
        assert word in text, word


def test_the_submitter_stands_on_the_slip_too(client: Client, office: Office) -> None:
    dossier = receive(
        office, make_case(), submitter=SubmitterIn("Lò Thị Pành", "Giấy ủy quyền ngày 20/11/2026")
    )
    assert "Lò Thị Pành" in page(client, dossier, secrets.secret_of(dossier)).content.decode()


def test_the_date_is_explained_line_by_line(client: Client, dossier: Dossier) -> None:
    answer = client.get(f"/tra-cuu/{dossier.code}/vi-sao/", {"k": secrets.secret_of(dossier)})
    text = answer.content.decode()
    assert "24/11" in text  # the holiday is named
    assert "03/12/2026" in text
    assert client.get(f"/tra-cuu/{dossier.code}/vi-sao/", {"k": "khong-dung"}).status_code == 404
    assert client.get(f"/tra-cuu/{dossier.code}/vi-sao/").status_code == 404


def test_waiting_says_what_to_bring_only_to_who_has_the_secret(
    client: Client, office: Office, dossier: Dossier
) -> None:
    waiting = receive(office, make_case())
    supplements.ask(
        Seen(waiting.pk),
        items=declared("Họ tên người mẹ"),
        reason="Thiếu",
        by=office.desk(office.clerk),
        at=MONDAY,
    )
    brief = page(client, waiting).content.decode()
    assert "Hồ sơ đang chờ Ông/Bà bổ sung giấy tờ." in brief
    assert "Họ tên người mẹ" not in brief
    full = page(client, waiting, secrets.secret_of(waiting)).content.decode()
    assert "Họ tên người mẹ" in full
    assert "được tính lại từ đầu" in full


def test_finished_and_returned_say_so(client: Client, office: Office) -> None:
    dossier = receive(office, make_case())
    clerk = office.desk(office.clerk)
    data = endings.ResultIn(number="1/GXN", issued_on=date(2026, 11, 24), signer="Hoàng Minh Tuấn")
    endings.record_result(Seen(dossier.pk), data, by=clerk, at=vn("25/11/2026 08:00"))
    endings.finish(Seen(dossier.pk), by=clerk, at=vn("25/11/2026 08:10"), note="Sở ký")
    assert "đã có kết quả, đề nghị Ông/Bà đến nhận" in page(client, dossier).content.decode()
    endings.give_back(
        Seen(dossier.pk),
        endings.Taking(name="Nguyễn Văn Ân", told=IN_PERSON),
        by=clerk,
        at=vn("25/11/2026 09:00"),
    )
    assert "Kết quả đã được trả." in page(client, dossier).content.decode()
    assert (
        "Kết quả đã được trả lúc 09:00 thứ Tư 25/11/2026"
        in page(client, dossier, secrets.secret_of(dossier)).content.decode()
    )


def test_unknown_code_and_wrong_secret_give_one_answer(client: Client, dossier: Dossier) -> None:
    wrong = page(client, dossier, "sai-bi-mat")
    unknown = client.get("/tra-cuu/H99.999-261123-0001/", {"k": "sai-bi-mat"})
    assert wrong.status_code == unknown.status_code == 404
    same = [
        a.content.decode().replace(dossier.code, "X").replace("H99.999-261123-0001", "X")
        for a in (wrong, unknown)
    ]
    assert same[0] == same[1]
    assert not [word for word in PERSONAL if word in same[0]]
    assert (
        "Không có hồ sơ nào mang mã này"
        in client.get("/tra-cuu/H99.999-261123-0001/").content.decode()
    )


def test_after_ten_wrong_secrets_a_wrong_one_has_to_wait_and_the_right_one_opens(
    client: Client, dossier: Dossier
) -> None:
    for number in range(10):
        assert page(client, dossier, f"sai-{number}").status_code == 404
    closed = page(client, dossier, "sai-nữa")
    assert closed.status_code == 429
    assert "Hãy thử lại sau 10:15" in closed.content.decode()
    assert closed.headers["Retry-After"] == "900"
    assert page(client, dossier).status_code == 200  # by code alone still
    assert page(client, dossier, secrets.secret_of(dossier)).status_code == 200
    with time_machine.travel(vn("25/11/2026 10:16"), tick=False):
        assert page(client, dossier, "sai").status_code == 404


def test_thirty_questions_a_minute_from_one_address(client: Client, dossier: Dossier) -> None:
    assert [page(client, dossier).status_code for _ in range(31)] == [200] * 30 + [429]
    assert client.get(f"/tra-cuu/{dossier.code}/", REMOTE_ADDR="10.0.0.9").status_code == 200
    with time_machine.travel(vn("25/11/2026 10:01"), tick=False):
        assert page(client, dossier).status_code == 200


def test_nothing_of_it_is_kept_indexed_or_told_on(client: Client, dossier: Dossier) -> None:
    for answer in (
        page(client, dossier),
        page(client, dossier, secrets.secret_of(dossier)),
        page(client, dossier, "sai"),
    ):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert not answer.cookies
        text = answer.content.decode()
        assert "<script" not in text
        assert "csrfmiddlewaretoken" not in text


def test_the_secret_never_reaches_a_log(
    client: Client, dossier: Dossier, caplog: pytest.LogCaptureFixture
) -> None:
    secret = secrets.secret_of(dossier)
    with caplog.at_level(logging.DEBUG):
        page(client, dossier, secret)
        page(client, dossier, secret + "x")
    from onestop.logs import formatter

    lines = [
        formatter().format(record) for record in caplog.records if record.name != "django.template"
    ]
    assert lines
    assert not [line for line in lines if secret in line]


@pytest.mark.parametrize(("papers", "rounds"), [(1, 0), (50, 0), (3, 6)])
def test_queries_do_not_grow(
    client: Client, office: Office, queries: Callable[[], Any], papers: int, rounds: int
) -> None:
    dossier = receive(office, make_case(papers=papers))
    for number in range(rounds):
        to, who = (
            (office.room, office.specialist) if number % 2 == 0 else (office.counter, office.clerk)
        )
        giver = office.clerk if number % 2 == 0 else office.specialist
        dossier.refresh_from_db()
        handovers.hand_over(
            dossier,
            to=to,
            step=NextStep(order=number + 2, name="Bước"),
            by=office.desk(giver),
            at=MONDAY,
        )
        handovers.confirm(Seen(dossier.pk), by=office.desk(who), at=MONDAY)
    secret = secrets.secret_of(dossier)
    page(client, dossier, secret)
    with queries() as brief:
        page(client, dossier)
    with queries() as full:
        page(client, dossier, secret)
    assert (len(brief), len(full)) == (2, 4)


def test_only_reading(client: Client, dossier: Dossier) -> None:
    assert client.post(f"/tra-cuu/{dossier.code}/").status_code == 405
    assert client.post("/tra-cuu/").status_code == 405


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_phone_page_is_clean_at_320_pixels(
    live_server: Any, new_page: Any, axe: Any, shoot: Any, dossier: Dossier
) -> None:
    screen = new_page(width=320, height=640, is_mobile=True, java_script_enabled=True)
    secret = secrets.secret_of(dossier)
    for name, address in (
        ("start", "/tra-cuu/"),
        ("brief", f"/tra-cuu/{dossier.code}/"),
        ("full", f"/tra-cuu/{dossier.code}/?k={secret}"),
        ("why", f"/tra-cuu/{dossier.code}/vi-sao/?k={secret}"),
        ("missing", f"/tra-cuu/{dossier.code}/?k=sai"),
    ):
        screen.goto(live_server.url + address)
        assert axe(screen) == [], name
        assert too_wide(screen) == [], name
        shoot(screen, f"tra-cuu-{name}-320")
