"""Procedures of the national database are fetched by their codes, and looked through as a file is (R-132)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.conf import settings as project
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client

from exchange.catalogue import pulling
from exchange.catalogue.translating import record
from exchange.outbox.port import Away
from exchange.outbox.profiles import PROCEDURE, read_row
from exchange.peer.catalogue import of_record
from exchange.peer.http import Server
from exchange.peer.serving import Recorded
from onestop.accounts.models import Agency, Officer, Role
from onestop.errors import DomainError
from procedures.domain import uploading
from procedures.models import Upload
from procedures.reading import read_record
from tests.clock import MONDAY
from tests.exchange.running import running
from tests.exchange.world import SECRET, USER, said
from tests.world import make_agency, make_officer

CODE = "1.001193"


def raw() -> list[dict[str, Any]]:
    return json.loads((Path(project.BASE_DIR) / "data" / "catalogue.json").read_text())


def test_what_is_told_of_a_known_procedure_is_the_same_procedure() -> None:
    """Of all that the project ships: fetched unchanged, nothing looks changed."""
    for place, one in enumerate(raw(), 1):
        here = read_record(one, place)
        again = read_record(record(of_record(here), here), place)
        assert again.content_hash() == here.content_hash(), here.code


def test_of_a_new_one_nothing_is_made_up() -> None:
    [one] = [row for row in raw() if row["code"] == CODE]
    here = read_record(one, 1)
    new = read_record(record(of_record(here), None), 1)
    assert (new.code, new.name, new.cases, new.legal) == (
        here.code, here.name, here.cases, here.legal,
    )  # fmt: skip
    assert new.levels == new.decision_number == new.agency_authority == ""
    assert {(paper.originals, paper.copies) for paper in new.papers} == {(0, 0)}


@pytest.mark.parametrize(
    ("kenh", "channel"),
    [("1", "direct"), (2, "online"), ("Dịch vụ bưu chính", "post"), ("Trực tuyến", "online"), ("Fax", "Fax")],
)  # fmt: skip
def test_a_way_is_read_by_number_or_words_and_never_guessed(kenh: Any, channel: str) -> None:
    way = {"KENH": kenh, "THOIGIAN": {"THOIGIANGIAIQUYET": 3, "DONVITINH": "Ngày làm việc"}}
    [row] = record({"CACHTHUCTHUCHIEN": way}, None)["methods"]
    assert row == {
        "channel": channel, "time_text": "3 Ngày làm việc", "fee_text": "", "note": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [{}, [], {"error_code": 3, "message": "Lỗi"}, {"error_code": 0, "result": "x"},
     {"error_code": 0, "result": [{"TENTTHC": "không mã"}]}],
)  # fmt: skip
def test_what_is_no_record_is_no_procedure(answer: Any) -> None:
    with pytest.raises(Away):
        read_row(answer, named_by=PROCEDURE)


@pytest.mark.parametrize(
    "answer", [{"error_code": 0, "result": []}, {"error_code": 0}, {"error_code": 3, "message": "Mã không tồn tại"}]
)  # fmt: skip
def test_a_code_that_is_not_there_is_said_to_be_unknown(answer: Any) -> None:
    assert read_row(answer, named_by=PROCEDURE) is None


def told_of(*procedures: dict[str, Any]) -> dict[str, Any]:
    known = {one["MATTHC"]: one for one in procedures}
    return {"LayThuTuc": lambda about: known.get(about["maTTHC"])}


def keeper(agency: Agency) -> Officer:
    return make_officer("Ngô Kiểm Soát", agency, (Role.CONTROLLER, None), username="kiemsoat")


def test_what_the_contract_has_is_taken_and_nothing_is_glued_or_emptied() -> None:
    [one] = [row for row in raw() if row["code"] == CODE]
    here = read_record(one, 1)
    said = {
        "CACHTHUCTHUCHIEN": [{"KENH": "3"}],
        "KETQUATHUCHIEN": [{"TENKETQUA": "A"}, {"TENKETQUA": "B"}],
        "COQUANTHUCHIEN": [{}, {}],
        "TRINHTUTHUCHIEN": "Bước 1",
        "YEUCAU": "Không",
        "THANHPHANHOSO": {
            "GIAYTO": {"TENGIAYTO": "Tờ khai", "TENMAUDON": "Mẫu 01", "URL": "https://a.vn/m.docx"}
        },
    }
    made = record(said, here)
    assert [(row["channel"], row["time_text"]) for row in made["methods"]] == [("post", "")]
    assert made["results_raw"] == "A; B"
    assert made["agency_executing"] == here.agency_executing
    assert (made["steps"], made["requirements"]) == (["Bước 1"], "Không")
    assert made["forms"] == [{"name": "Mẫu 01", "url": "https://a.vn/m.docx"}]
    assert not {"steps", "requirements", "forms"} & record({}, here).keys()


@pytest.mark.django_db
class TestPage:
    @pytest.fixture
    def controller(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
        monkeypatch.setenv(USER, "tinh")
        monkeypatch.setenv(SECRET, "khoa")
        monkeypatch.setattr(uploading, "nudge", lambda *_: None)
        file = tmp_path / "mot.json"
        file.write_bytes(orjson.dumps([row for row in raw() if row["code"] == CODE]))
        call_command("import_procedures", str(file))
        client = Client()
        client.force_login(keeper(make_agency()))
        return client

    @pytest.mark.parametrize("profile", ["A", "B"])
    def test_a_press_fetches_and_shows_what_would_change(
        self, controller: Client, settings: Any, profile: str
    ) -> None:
        [one] = [row for row in raw() if row["code"] == CODE]
        there = of_record(read_record(one, 1)) | {"TENTTHC": "Tên mới"}
        server = Server(Recorded(reads=told_of(there)))
        more: dict[str, Any] = {"paths": {"procedure": "/LayThuTuc"}} if profile == "B" else {}
        with running(server):
            settings.EXCHANGE_PEERS = [said(profile, url=server.url, **more)]
            answer = controller.post(
                "/trao-doi/thu-tuc/", {"codes": f"{CODE}, 9.999999"}, follow=True
            )
        run = Upload.objects.get()
        assert answer.redirect_chain[-1][0] == f"/thu-tuc/quan-ly/nhap/{run.pk}/"
        assert "Cổng không có thủ tục mã 9.999999" in answer.content.decode()
        uploading.preview(run.pk, MONDAY)
        run.refresh_from_db()
        [line] = run.lines
        assert (line["code"], line["what"]) == (CODE, "changed")
        assert [part[2] for part in line["parts"]] == ["Tên mới"]
        with default_storage.open(run.kept) as kept:
            assert orjson.loads(kept.read())[0]["level"] == one["level"]

    @pytest.mark.parametrize(
        ("codes", "sentence"),
        [
            ("", "Hãy nhập mã thủ tục"),
            ("abc", "không đúng mẫu mã thủ tục"),
            (" ".join(f"1.00000{n}" for n in range(6)), "nhiều nhất 5 thủ tục"),
            ("9.999999", "không có thủ tục mã 9.999999"),
        ],
    )
    def test_what_cannot_be_fetched_says_what_to_do(
        self, controller: Client, settings: Any, codes: str, sentence: str
    ) -> None:
        server = Server(Recorded(reads=told_of()))
        with running(server):
            settings.EXCHANGE_PEERS = [said("A", url=server.url)]
            answer = controller.post("/trao-doi/thu-tuc/", {"codes": codes})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not Upload.objects.exists()

    def test_an_answer_about_another_is_none(self, controller: Client, settings: Any) -> None:
        server = Server(Recorded(reads={"LayThuTuc": lambda _: {"MATTHC": "1.000000"}}))
        with running(server):
            settings.EXCHANGE_PEERS = [said("A", url=server.url)]
            answer = controller.post("/trao-doi/thu-tuc/", {"codes": CODE})
        assert "về thủ tục khác" in answer.content.decode()
        assert not Upload.objects.exists()

    def test_a_portal_that_is_away_leaves_nothing(self, controller: Client, settings: Any) -> None:
        settings.EXCHANGE_PEERS = [said("A", url="http://127.0.0.1:9")]
        answer = controller.post("/trao-doi/thu-tuc/", {"codes": CODE})
        assert "không trả lời được" in answer.content.decode()
        assert not Upload.objects.exists()

    def test_without_a_portal_the_page_says_so(self, controller: Client) -> None:
        assert (
            "Chưa có nơi nào cung cấp thủ tục"
            in controller.get("/trao-doi/thu-tuc/").content.decode()
        )
        with pytest.raises(DomainError, match="pull_no_peer"):
            pulling.pull([CODE], by=Officer.objects.get(), at=MONDAY)

    def test_the_command_fetches_by_codes(
        self, controller: Client, settings: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        [one] = [row for row in raw() if row["code"] == CODE]
        server = Server(Recorded(reads=told_of(of_record(read_record(one, 1)))))
        with running(server):
            settings.EXCHANGE_PEERS = [said("A", url=server.url)]
            call_command("pull_procedures", CODE, by="kiemsoat")
        assert "Đã lấy 1 thủ tục" in capsys.readouterr().out
