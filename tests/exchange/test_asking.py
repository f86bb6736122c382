"""What the database of citizens and the national store say of an owner (R-15): asked by the clerk who
serves them, shown, kept nowhere, told in the access log.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfWriter

from exchange.asking import people
from exchange.outbox.port import Away
from exchange.outbox.profiles import NAME as NAMED
from exchange.outbox.profiles import read_file, read_results, read_row
from exchange.peer.http import Server
from exchange.peer.serving import Recorded
from exchange.views import asking
from onestop.accounts.models import AccessEvent, Role
from onestop.errors import DomainError
from procedures.channels import Channel
from tests.exchange.running import running
from tests.exchange.world import SECRET, USER, said
from tests.samples import PDF
from tests.world import Office, make_case, make_office, make_officer

NUMBER, NAME = "001099000001", "Lò Thị Pẩu"
PATHS = {
    "A": {"citizen": "XacThucCongDan", "results": "GetDanhSachKetQua", "result_file": "LayTepKetQua"},
    "B": {"citizen": "/XacThucCongDan", "results": "/GetDanhSachKetQua", "result_file": "/LayTepKetQua"},
}  # fmt: skip
STORE = {
    "DanhSachGiayToKetQua": [
        {
            "MaKetQua": "KQ.G15.000001",
            "TenGiayTo": "Giấy khai sinh",
            "SoKyHieu": "12/GKS",
            "CoQuanChuQuan": "UBND xã Bình Minh",
            "DanhSachTepDinhKem": [{"TenTep": "gks.pdf", "DuongDan": "/kho/12.pdf"}],
        },
        {"TenGiayTo": None, "DanhSachTepDinhKem": "x"},
    ]
}


def large() -> bytes:
    """A scan of more than five megabytes."""
    writer, kept = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.add_metadata({"/Subject": "x" * (5 * 1024 * 1024)})
    writer.write(kept)
    return kept.getvalue()


FILES = {
    "/kho/12.pdf": PDF,
    "/kho/trang.html": b"<html>",
    "/kho/lon.pdf": large(),
}


def reads() -> dict[str, Any]:
    return {
        "XacThucCongDan": lambda about: {NUMBER: {"HoVaTen": "LÒ THỊ PẨU"}}.get(
            about["SoDinhDanh"]
        ),
        "GetDanhSachKetQua": lambda about: STORE if about["SoDinhDanhChuSoHuu"] == NUMBER else {},
        "LayTepKetQua": lambda about: (
            base64.b64encode(FILES[about["DuongDan"]]).decode()
            if about["DuongDan"] in FILES
            else "không"
        ),
    }


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv(USER, "tinh")
    monkeypatch.setenv(SECRET, "khoa")
    return make_office()


@pytest.fixture(params=["A", "B"])
def peer(request: pytest.FixtureRequest, settings: Any) -> Iterator[Server]:
    server = Server(Recorded(reads=reads()))
    with running(server):
        settings.EXCHANGE_PEERS = [said(request.param, url=server.url, paths=PATHS[request.param])]
        yield server


@pytest.fixture
def clerk(office: Office) -> Client:
    client = Client()
    client.force_login(office.clerk)
    return client


def ask(client: Client, number: str = NUMBER, name: str = NAME) -> Any:
    return client.post("/trao-doi/cong-dan/", {"identity_number": number, "owner_name": name})


def test_a_name_is_compared_as_the_database_writes_it(peer: Server, clerk: Client) -> None:
    assert f"Số {NUMBER} đúng là của {NAME}." in ask(clerk, "001 099 000 001").content.decode()
    assert "họ tên khác" in ask(clerk, name="Lò Thị Pao").content.decode()
    answer = ask(clerk, "001099000002").content.decode()
    assert "Không có số 001099000002" in answer
    assert "Kho không có giấy tờ nào" in answer


def test_papers_of_the_store_are_shown_and_fetched_by_whom_they_were_shown_to(
    peer: Server, clerk: Client, office: Office
) -> None:
    page = ask(clerk)
    [(paper, files), (odd, none)] = page.context["papers"]
    assert (paper.name, paper.number, paper.issuer) == (
        "Giấy khai sinh",
        "12/GKS",
        "UBND xã Bình Minh",
    )
    assert (odd.name, none) == ("", [])
    [(name, key)] = files
    file = clerk.post("/trao-doi/cong-dan/tep/", {"tep": key})
    assert (name, b"".join(file.streaming_content)) == ("gks.pdf", PDF)
    assert clerk.post("/trao-doi/cong-dan/tep/", {"tep": key[:-1]}).status_code == 404
    other = Client()
    other.force_login(make_officer("Lò Văn Khác", office.agency, (Role.CLERK, office.counter)))
    assert other.post("/trao-doi/cong-dan/tep/", {"tep": key}).status_code == 404
    lines = AccessEvent.objects.filter(object_kind="exchange_citizen")
    assert list(lines.order_by("id").values_list("officer", "kind")) == [
        (office.clerk.pk, "searched"), (office.clerk.pk, "downloaded"),
    ]  # fmt: skip
    assert not lines.filter(detail__contains=NUMBER[-4:]).exists()


@pytest.mark.parametrize(
    ("place", "name", "why"),
    [("/khong-co", "a.pdf", "ask_file"), ("/kho/12.pdf", "a.exe", "file_kind"),
     ("/kho/trang.html", "a.pdf", "file_"), ("/kho/lon.pdf", "a.pdf", "ask_file")],
)  # fmt: skip
def test_what_is_no_file_of_an_office_is_refused(
    peer: Server, office: Office, settings: Any, place: str, name: str, why: str
) -> None:
    settings.UPLOAD_MAX_BYTES = 5 * 1024 * 1024
    with pytest.raises(DomainError, match=why):
        people.fetch_file("UBND xã", place, name)


def test_a_large_scan_is_fetched(peer: Server, office: Office) -> None:
    assert len(people.fetch_file("UBND xã", "/kho/lon.pdf", "a.pdf")[1]) > 5 * 1024 * 1024


def test_the_database_of_citizens_is_asked_about_citizens(
    peer: Server, clerk: Client, office: Office
) -> None:
    answer = ask(clerk, "0101234567-001").content.decode()
    assert "chỉ trả lời theo số căn cước" in answer
    assert "đối chiếu lại với thẻ" not in answer


def test_a_system_that_is_away_is_named_and_the_counter_goes_on(
    office: Office, clerk: Client, settings: Any
) -> None:
    settings.EXCHANGE_PEERS = [said("B", url="http://127.0.0.1:9", paths=PATHS["B"])]
    page = ask(clerk)
    assert page.status_code == 200
    assert page.content.decode().count("không trả lời được") == 2


@pytest.mark.parametrize(
    ("number", "name"), [("", NAME), ("12", NAME), (NUMBER, ""), ("0010%", NAME)]
)
def test_what_names_nobody_is_not_asked(
    peer: Server, clerk: Client, number: str, name: str
) -> None:
    assert ask(clerk, number, name).status_code == 422
    assert not AccessEvent.objects.filter(object_kind="exchange_citizen").exists()


def test_nobody_asks_about_a_town(
    peer: Server, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "OFTEN", asking.Limit("exchange-asking", times=1, seconds=3600))
    assert [ask(clerk).status_code for _ in range(2)] == [200, 429]


def test_the_page_of_reception_sends_the_number_there_only_where_somebody_answers(
    office: Office, clerk: Client, settings: Any
) -> None:
    case = make_case()
    address = f"/tiep-nhan/lap/{case.version.code}/"
    typed = {
        "viec": "tim", "identity_number": NUMBER, "owner_name": NAME, "channel": Channel.DIRECT, "case": case.pk,
    }  # fmt: skip
    assert (
        "Hỏi CSDL dân cư"
        not in clerk.post(address, typed, headers={"HX-Request": "true"}).content.decode()
    )
    assert ask(clerk).status_code == 404
    settings.EXCHANGE_PEERS = [said("B", paths=PATHS["B"])]
    assert 'formaction="/trao-doi/cong-dan/"' in clerk.post(address, typed).content.decode()


@pytest.mark.parametrize(
    "answer", [{}, [], None, {"error_code": 3, "message": "Lỗi"}, {"error_code": 0, "result": [1]}]
)
def test_what_is_no_answer_is_no_answer(answer: Any) -> None:
    for read in (partial(read_row, named_by=NAMED), read_file):
        with pytest.raises(Away):
            read(answer)
    with pytest.raises(Away):
        read_results({"error_code": 0, "result": {"DanhSachGiayToKetQua": "x"}})


def test_some_peers_answer_with_a_list() -> None:
    assert read_row({"error_code": 0, "result": [{"HoVaTen": "A"}]}, named_by=NAMED) == {
        "HoVaTen": "A"
    }


def test_the_store_spells_its_code_in_its_own_way() -> None:
    assert read_results({"errorCode": "0", "result": STORE})[0]["SoKyHieu"] == "12/GKS"
    assert read_results({"errorCode": 0, "result": None}) == []
