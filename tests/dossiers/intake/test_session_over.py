"""A session, a security token or a connection that ends while a form is open: told at once, and
nothing typed is lost (issue 5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dossiers.models import CounterVisit, Dossier, Draft
from onestop.accounts.models import Officer, Role
from tests.dossiers.intake.pages import address, typed
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive

pytestmark = pytest.mark.django_db
PASSWORD = "Mot-cua-2026!x"
SCRIPT_HEADERS = ({"HX-Request": "true"}, {"X-Draft": "1"}, {"X-Scan": "1"}, {"X-Session": "1"})


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def office() -> Office:
    office = make_office()
    for officer in (office.clerk, office.specialist):
        officer.set_password(PASSWORD)
        officer.save()
    return office


def sign_in(client: Client, officer: Officer, answer: Any) -> Any:
    """Through the page that an answer leads to; where it leads afterwards."""
    page = client.get(answer.headers["Location"])
    following = re.search(r'name="next" value="([^"]*)"', page.content.decode())
    assert following is not None
    sent = {"username": officer.username, "password": PASSWORD, "next": unescape(following[1])}
    return client.post("/dang-nhap/", sent)


def fields(page: Any) -> dict[str, list[str]]:
    """What the page that leads back would send."""
    html = page.content.decode()
    found: dict[str, list[str]] = {}
    pattern = r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>|<input type="hidden" name="([^"]+)" value="([^"]*)"'
    for area, text, name, value in re.findall(pattern, html, re.S):
        found.setdefault(unescape(area or name), []).append(unescape(text if area else value))
    return found


@pytest.mark.parametrize("headers", SCRIPT_HEADERS)
def test_a_script_is_told_in_a_status_that_nothing_is_saved(
    client: Client, headers: dict[str, str]
) -> None:
    case = make_case()
    data = typed(case)
    for path in (f"/tiep-nhan/nhap/{data['token']}/", address(case)):
        answer = client.post(path, data, headers=headers)  # type: ignore[arg-type]
        assert answer.status_code == 401
        assert answer.json()["code"] == "signed_out"
    assert not Draft.objects.exists()


def test_a_script_with_an_old_security_token_is_told_so(office: Office) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.clerk)
    answer = client.post(
        "/tiep-nhan/nhap/00000000-0000-4000-8000-000000000001/", {}, headers={"X-Draft": "1"}
    )
    assert (answer.status_code, answer.json()) == (403, {"code": "csrf"})


def test_asking_whether_the_session_lives(client: Client, office: Office, signed_in: Any) -> None:
    assert client.get("/dang-nhap/con-phien/", headers={"X-Session": "1"}).status_code == 401
    answer = signed_in(office.clerk).get("/dang-nhap/con-phien/", headers={"X-Session": "1"}).json()
    assert answer["officer"] == office.clerk.pk
    assert answer["token"]


def test_signing_in_on_the_spot(client: Client, office: Office) -> None:
    page = client.get("/dang-nhap/tai-cho/", headers={"X-Session": "1"}).content.decode()
    assert "Chưa lưu, chưa gửi gì" in page
    assert "<html" not in page
    sent = {"username": office.clerk.username, "password": "sai"}
    assert client.post("/dang-nhap/tai-cho/", sent, headers={"X-Session": "1"}).status_code == 422
    answer = client.post(
        "/dang-nhap/tai-cho/", sent | {"password": PASSWORD}, headers={"X-Session": "1"}
    ).json()
    assert (answer["officer"], answer["must_change"]) == (office.clerk.pk, False)
    assert client.get("/tiep-nhan/").status_code == 200


@pytest.mark.parametrize("act", ["nhan", "bo-sung", "tu-choi", "luu"])
def test_without_script_the_filled_page_comes_back_after_signing_in_and_nothing_was_done(
    client: Client, office: Office, act: str
) -> None:
    case = make_case(papers=2)
    paper = case.papers.all()[0]
    data = typed(
        case,
        viec=act,
        mo=str(office.clerk.pk),
        summary='Vay "vốn" <b>',
        refuse_reason="\nDòng một\nDòng hai",
        **{f"g{paper.pk}-o": "7"},
    )
    answer = client.post(
        address(case), data | {"tep": SimpleUploadedFile("to-khai.pdf", b"%PDF-1.4")}
    )
    assert answer.status_code == 302
    assert "Chưa có gì được gửi" in client.get(answer.headers["Location"]).content.decode()
    entered = sign_in(client, office.clerk, answer)
    assert entered.headers["Location"] == "/dang-nhap/tiep-tuc/"
    page = client.get("/dang-nhap/tiep-tuc/")
    assert f'action="{address(case)}"' in page.content.decode()
    assert "Tệp phải chọn lại: to-khai.pdf" in page.content.decode()
    back = client.post(address(case), fields(page))
    shown = back.content.decode()
    assert back.status_code == 200
    for value in (
        'value="Nguyễn  Văn Ân"',
        "Vay &quot;vốn&quot; &lt;b&gt;",
        "Dòng một\nDòng hai",
    ):
        assert value in shown.replace("\r\n", "\n")
    assert re.search(rf'name="g{paper.pk}-o"\s[^>]*value="7"', shown)
    assert "Chưa có gì được gửi" in shown
    assert "Tệp phải chọn lại: to-khai.pdf" in shown
    assert not Dossier.objects.exists()
    assert not CounterVisit.objects.exists()
    assert client.get("/dang-nhap/tiep-tuc/").headers["Location"] == "/"  # once
    client.post(address(case), data | {"viec": "nhan"})
    assert Dossier.objects.get().summary == 'Vay "vốn" <b>'


def test_idle_for_a_quarter_of_an_hour_is_no_different(office: Office, signed_in: Any) -> None:
    case = make_case()
    client = signed_in(office.clerk)
    with time_machine.travel(MONDAY.replace(minute=16), tick=False):
        answer = client.post(address(case), typed(case, mo=str(office.clerk.pk)))
        assert "het-phien=1" in answer.headers["Location"]
        entered = sign_in(client, office.clerk, answer)
        assert entered.headers["Location"] == "/dang-nhap/tiep-tuc/"
        assert fields(client.get("/dang-nhap/tiep-tuc/"))["owner_name"] == ["Nguyễn  Văn Ân"]
        assert client.session.get_expiry_age() > 24 * 3600, "the short life ended with the sign-in"


def test_another_officer_never_sees_what_was_typed(client: Client, office: Office) -> None:
    case = make_case()
    answer = client.post(address(case), typed(case, mo=str(office.clerk.pk)))
    sign_in(client, office.specialist, answer)
    page = client.get("/dang-nhap/tiep-tuc/", follow=True).content.decode()
    assert "Nguyễn  Văn Ân" not in page
    assert "của người khác" in page
    assert "typed" not in client.session


def test_what_cannot_be_opened_again_says_that_it_was_not_done_and_leads_back(
    client: Client, office: Office
) -> None:
    answer = client.post(
        "/ban-giao/nhan/xac-nhan/",
        {"chon": "1.1"},
        headers={"Referer": "http://testserver/ban-giao/nhan/?sau=1"},
    )
    assert (
        "Việc vừa bấm chưa được thực hiện"
        in client.get(answer.headers["Location"]).content.decode()
    )
    assert sign_in(client, office.specialist, answer).headers["Location"] == "/ban-giao/nhan/?sau=1"
    client.logout()
    stranger = client.post(
        "/ban-giao/nhan/xac-nhan/", {}, headers={"Referer": "https://evil.example/ban-giao/"}
    )
    assert "next=" not in stranger.headers["Location"]


@pytest.mark.parametrize("mark", ["", "x", "²", "lai1", "1" * 5000])
def test_a_mark_that_is_none_keeps_nothing(client: Client, mark: str) -> None:
    case = make_case()
    assert client.post(address(case), typed(case, mo=mark)).status_code == 302
    assert client.get("/dang-nhap/").status_code == 200


def test_more_than_a_form_holds_is_not_kept(client: Client, office: Office) -> None:
    case = make_case()
    client.post(address(case), typed(case, mo=str(office.clerk.pk), summary="x" * 200_000))
    assert "typed" not in client.session


def test_an_expired_security_token_brings_the_page_back_too(office: Office) -> None:
    case = make_case()
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.clerk)
    session = client.session
    session["seen"] = int(MONDAY.timestamp())
    session.save()
    answer = client.post(
        address(case), typed(case, mo=str(office.clerk.pk)), headers={"Origin": "http://testserver"}
    )
    assert answer.headers["Location"] == "/dang-nhap/tiep-tuc/"
    assert fields(client.get("/dang-nhap/tiep-tuc/"))["owner_name"] == ["Nguyễn  Văn Ân"]
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Referer": "http://["}]
)
def test_a_forged_page_gets_the_sentence_and_its_true_code(
    office: Office, headers: dict[str, str]
) -> None:
    case = make_case()
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.clerk)
    page = client.post(address(case), typed(case, mo=str(office.clerk.pk)), headers=headers)  # type: ignore[arg-type]
    assert page.status_code == 403
    said = page.content.decode()
    assert "Mã lỗi: 403" in said
    assert "400" not in said
    assert "typed" not in client.session


def test_forms_of_other_desks_come_back_as_they_were_typed_and_do_nothing(
    office: Office, signed_in: Any
) -> None:
    dossier = receive(office, make_case())
    clerk = signed_in(office.clerk)
    mark = f"lai{office.clerk.pk}"
    withdraw = clerk.post(
        f"{dossier.get_absolute_url()}rut/",
        {"mo": mark, "reason": "Công dân xin rút", "requested_by": "Nguyễn Văn Ân"},
    )
    assert "Công dân xin rút" in withdraw.content.decode()
    give = {
        "mo": mark,
        "giao": "1",
        "chon": f"{dossier.pk}.{dossier.row_version}",
        "to": str(office.room.pk),
        "note": "Hồ sơ gấp",
    }
    assert "Hồ sơ gấp" in clerk.post("/ban-giao/giao/", give).content.decode()
    line_case = make_case(term="trả ngay", fee=2000)
    line = {
        "mo": mark,
        "case": str(line_case.pk),
        "who": "Lê Thị Bé",
        "pages": "1",
        "copies": "1",
        "viec": "tra",
    }
    line["token"] = "00000000-0000-4000-8000-000000000001"
    assert "Lê Thị Bé" in clerk.post("/tiep-nhan/tra-ngay/", line).content.decode()
    before = (dossier.state, dossier.row_version)
    dossier.refresh_from_db()
    assert (dossier.state, dossier.row_version) == before
    assert Dossier.objects.count() == 1


def test_the_pages_that_can_be_typed_into_carry_the_mark(office: Office, signed_in: Any) -> None:
    dossier = receive(office, make_case())
    immediate = make_case(term="trả ngay", fee=2000)
    clerk = signed_in(office.clerk)
    pages = [
        address(dossier.case),
        f"/tiep-nhan/tra-ngay/?truong-hop={immediate.pk}",
        f"{dossier.get_absolute_url()}rut/",
        f"{dossier.get_absolute_url()}yeu-cau-bo-sung/",
        f"/ban-giao/giao/?chon={dossier.pk}.{dossier.row_version}",
    ]
    for page in pages:
        assert f'name="mo" value="{office.clerk.pk}"' in clerk.get(page).content.decode(), page


def test_a_colleague_with_the_same_role_is_another_officer(client: Client, office: Office) -> None:
    colleague = make_officer("Lý Thị Nga", office.agency, (Role.CLERK, office.counter))
    colleague.set_password(PASSWORD)
    colleague.save()
    case = make_case()
    answer = client.post(address(case), typed(case, mo=str(office.clerk.pk)))
    sign_in(client, colleague, answer)
    assert "Nguyễn  Văn Ân" not in client.get("/dang-nhap/tiep-tuc/", follow=True).content.decode()
