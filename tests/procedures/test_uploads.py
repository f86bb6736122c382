"""A catalogue from a page: looked through record by record, imported by whoever publishes, on the
command's own path; survives leaving the page, a dead worker and a second click.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onestop.accounts.models import Officer, Role
from onestop.errors import DomainError
from onestop.jobs import staged
from onestop.outbox.models import Message
from procedures.domain import uploading
from procedures.domain.confirming import Readings, confirm_terms
from procedures.domain.correcting import correct
from procedures.models import (
    ImportRun,
    InternalProcess,
    Method,
    Procedure,
    ProcedureTexts,
    ProcedureVersion,
    Upload,
)
from tests.clock import MONDAY
from tests.files.sweeping import left_after_days
from tests.procedures.conftest import PROCESSES, method, record, run, version_of
from tests.world import make_agency, make_officer

pytestmark = [pytest.mark.usefixtures("monday"), pytest.mark.django_db]
START = "/thu-tuc/quan-ly/nhap/"
Stage = Upload.Stage


@pytest.fixture
def monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def client(controller: Officer, signed_in: Callable[[Officer], Client]) -> Client:
    return signed_in(controller)


def html(response, status: int = 200) -> str:
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


def a_file(*records: object, name: str = "danh-muc.json", text: str = "") -> SimpleUploadedFile:
    content = text or json.dumps(list(records), ensure_ascii=False)
    return SimpleUploadedFile(name, content.encode(), "application/json")


def send(client: Client, *records: object, preview: bool = True, **data: str) -> Upload:
    response = client.post(START, {"file": a_file(*records), "what": "procedures"} | data)
    assert response.status_code == 302, response.content.decode()
    made = Upload.objects.latest("pk")
    if preview:
        uploading.preview(made.pk, MONDAY)
        made.refresh_from_db()
    return made


def page_of(client: Client, one: Upload, **query: str) -> str:
    return html(client.get(f"{START}{one.pk}/", query))


def take(client: Client, one: Upload, *places: int, **more: str) -> Upload:
    """What the page sends with these records ticked; then the worker."""
    shown = [line["place"] for line in one.lines if line["what"] != "rejected"]
    client.post(f"{START}{one.pk}/nhap/", {"shown": shown, "take": places} | more)
    uploading.run(one.pk, MONDAY)
    one.refresh_from_db()
    return one


def test_a_file_is_looked_through_then_imported(client, controller) -> None:
    run(record("1.000001"), record("1.000002"))
    one = send(
        client,
        record("1.000001", name="Tên mới", legal_codes=["99/2026/NĐ-CP"]),
        record("1.000002"),
        record("1.000003", methods=[method(time_text="1")]),
        record("hỏng"),
        preview=False,
    )
    assert one.stage == Stage.PREVIEWING
    waiting = page_of(client, one)
    assert "Đang xem trước" in waiting
    assert "Có thể rời trang này" in waiting
    uploading.preview(one.pk, MONDAY)
    one.refresh_from_db()
    page = page_of(client, one)
    assert "Xem trước: chưa ghi gì" in page
    assert "<del>Thủ tục cấp giấy phép thử nghiệm</del> → <ins>Tên mới</ins>" in page
    assert "<del>08/2015/NĐ-CP" in page
    assert "có số, không có đơn vị" in page
    assert "mã thủ tục sai mẫu" in page
    assert one.counts | {"left_out": 0} == {
        "new": 1,
        "changed": 1,
        "unchanged": 1,
        "needs_decision": 1,
        "rejected": 1,
        "verified": 0,
        "left_out": 0,
    }
    assert Procedure.objects.count() == 2  # nothing is written yet

    take(client, one, 1, 3)
    assert (one.stage, one.confirmed_by, one.run) == (
        Stage.DONE,
        controller,
        ImportRun.objects.first(),
    )
    assert version_of("1.000001").name == "Tên mới"
    page = page_of(client, one)
    assert "Đã nhập" in page
    assert "Việc tiếp theo: 1 thủ tục chờ xác nhận thời hạn" in page


def test_records_can_be_left_out(client) -> None:
    one = take(client, send(client, record("1.000001"), record("1.000002"), record("1.000003")), 3)
    assert (one.left_out, one.counts["new"], one.counts["left_out"]) == ([1, 2], 1, 2)
    assert list(Procedure.objects.values_list("code", flat=True)) == ["1.000003"]


def test_what_is_left_out_is_kept_from_page_to_page(client, monkeypatch) -> None:
    monkeypatch.setattr("procedures.views.uploads.LINES", 2)
    one = send(client, *[record(f"1.00000{n}") for n in range(1, 6)])
    first = page_of(client, one)
    assert "tu=2" in first
    client.post(f"{START}{one.pk}/nhap/", {"shown": [1, 2], "take": [2], "keep": "1"})
    one.refresh_from_db()
    assert (one.left_out, one.stage) == ([1], Stage.PREVIEWED)
    second = page_of(client, one, tu="2")
    assert "1.000003" in second
    assert "1.000002" not in second
    client.post(f"{START}{one.pk}/nhap/", {"shown": [3, 4], "take": [3]})
    uploading.run(one.pk, MONDAY)
    codes = Procedure.objects.order_by("code").values_list("code", flat=True)
    assert list(codes) == ["1.000002", "1.000003", "1.000005"]


def test_the_decision_is_written_with_it(client) -> None:
    run(record("1.000001"))
    days = {"decision": "163/QĐ-UBND", "signed": "20/01/2026", "effective": "01/02/2026"}
    one = send(client, record("1.000001"), record("1.000002"), **days)
    assert "1 bản ghi không đổi, sẽ có quyết định" in page_of(client, one)
    take(client, one, 2)
    for code in ("1.000001", "1.000002"):
        version = version_of(code)
        assert (version.decision_number, version.effective_from, version.unverified) == (
            "163/QĐ-UBND",
            date(2026, 2, 1),
            False,
        )


def test_the_same_file_twice_changes_nothing(client) -> None:
    records = [record("1.000001"), record("1.000002")]
    take(client, send(client, *records), 1, 2)
    again = send(client, *records)
    page = page_of(client, again)
    assert "Tệp này đã nhập lúc" in page
    assert "Không có gì để nhập" in page
    client.post(f"{START}{again.pk}/nhap/")
    again.refresh_from_db()
    assert again.stage == Stage.PREVIEWED
    assert ProcedureVersion.objects.count() == 2


def test_twice_pressed_and_twice_run_is_once(client) -> None:
    one = send(client, record("1.000001"))
    for _ in range(2):
        client.post(f"{START}{one.pk}/nhap/", {"shown": [1], "take": [1]})
    for _ in range(2):
        uploading.run(one.pk, MONDAY)
    assert ProcedureVersion.objects.count() == ImportRun.objects.count() == 1


def test_what_changed_since_the_preview_is_not_overwritten(client, controller) -> None:
    run(record("1.000001"))
    one = send(client, record("1.000001", name="Tên mới"), record("1.000002"))
    old = version_of("1.000001")
    rows = Method.objects.filter(case__version=old).values_list("pk", flat=True)
    correct(
        old.pk,
        readings=Readings(dict.fromkeys(rows, "3 ngày làm việc")),
        reason="gõ nhầm",
        by=controller,
        at=MONDAY,
    )
    take(client, one, 1, 2)
    assert (one.counts["new"], one.counts["rejected"]) == (1, 1)
    assert "đã đổi từ lúc xem trước" in one.problems[0]["reason"]
    assert version_of("1.000001").name != "Tên mới"


def test_a_crash_in_the_middle_leaves_nothing_half(client, monkeypatch) -> None:
    one = send(client, record("1.000001"), record("1.000002"))
    client.post(f"{START}{one.pk}/nhap/", {"shown": [1, 2], "take": [1, 2]})

    def crash(*_args, **_more):
        raise RuntimeError("the lights went out")

    with monkeypatch.context() as broken:
        broken.setattr(uploading, "tell_controllers", crash)
        with pytest.raises(RuntimeError):
            uploading.run(one.pk, MONDAY)
    one.refresh_from_db()
    assert one.stage == Stage.RUNNING
    assert not Procedure.objects.exists()
    assert not ImportRun.objects.exists()
    assert uploading.sweep(MONDAY) == 0  # not yet silent for long
    assert uploading.sweep(MONDAY + staged.SILENT * 2) == 1
    one.refresh_from_db()
    assert (one.stage, Procedure.objects.count()) == (Stage.DONE, 2)


def test_an_upload_that_fails_again_keeps_no_other_waiting(client, monkeypatch) -> None:
    other = send(client, record("1.000001"), preview=False)
    broken = send(client, record("1.000002"), preview=False)
    real = uploading.preview

    def fails(pk: int, now: datetime) -> None:
        if pk == broken.pk:
            raise RuntimeError("every time")
        real(pk, now)

    monkeypatch.setattr(uploading, "preview", fails)
    with pytest.raises(RuntimeError, match="every time"):
        uploading.sweep(MONDAY + staged.SILENT * 2)
    other.refresh_from_db()
    assert other.stage == Stage.PREVIEWED


def test_the_worker_says_how_far_it_is(client, monkeypatch) -> None:
    monkeypatch.setattr("procedures.domain.importing.HEARD", 2)
    one = send(client, *[record(f"1.00000{n}") for n in range(1, 6)], preview=False)
    heard: list[int] = []
    real = uploading._heard

    def listening(record_, clock):
        tell = real(record_, clock)

        def heard_of(done: int) -> None:
            tell(done)
            heard.append(Upload.objects.get(pk=record_.pk).done)

        return heard_of

    monkeypatch.setattr(uploading, "_heard", listening)
    uploading.preview(one.pk, MONDAY, clock=lambda: MONDAY)
    assert heard == [2, 4]


def test_the_file_is_kept_and_handed_out(client) -> None:
    one = take(client, send(client, record("1.000001")), 1)
    response = client.get(f"{START}{one.pk}/tep/")
    assert json.loads(b"".join(response.streaming_content)) == [record("1.000001")]
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    assert left_after_days(uploading.FOLDER) == [one.kept]


def test_discarded_it_is_not_imported(client) -> None:
    one = send(client, record("1.000001"))
    client.post(f"{START}{one.pk}/nhap/", {"discard": "1"})
    uploading.run(one.pk, MONDAY)
    one.refresh_from_db()
    assert (one.stage, one.error) == (Stage.FAILED, "Đã bỏ, không nhập.")
    assert not Procedure.objects.exists()
    with pytest.raises(DomainError, match="upload_not_previewed"):
        uploading.confirm(one, by=one.by, at=MONDAY)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("không phải json", "không phải JSON đọc được"),
        ('[{"code": "1.0', "bị cắt ngang"),
        ('{"code": 1}', "không chứa danh sách"),
        ("[]", "không có bản ghi nào"),
    ],
)
def test_a_file_that_is_none_says_so(client, text: str, words: str) -> None:
    sent = {"file": a_file(text=text), "what": "procedures"}
    assert words in html(client.post(START, sent), 422)
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Hãy chọn tệp JSON"),
        ({"decision": "1/QĐ"}, "phải đi cùng nhau"),
        (
            {"decision": "1/QĐ", "signed": "20/11/2026", "effective": "01/11/2026"},
            "không thể trước ngày ký",
        ),
        (
            {"decision": "1/QĐ", "signed": "20/12/2026", "effective": "21/12/2026"},
            "không thể sau hôm nay",
        ),
    ],
)
def test_what_is_wrong_stays_on_the_page(client, data: dict[str, str], words: str) -> None:
    sent: dict[str, object] = {"what": "procedures"} | data
    if data:
        sent["file"] = a_file(record("1.000001"))
    page = html(client.post(START, sent), 422)
    assert words in page
    assert data.get("decision", "") in page


def test_a_file_that_is_too_large_is_refused_unread(client, monkeypatch) -> None:
    monkeypatch.setattr(uploading, "LARGEST_FILE", 10)
    sent = {"file": a_file(record("1.000001")), "what": "procedures"}
    assert "quá mức" in html(client.post(START, sent), 422)


def test_processes_likewise(client) -> None:
    records = json.loads(PROCESSES.read_text("utf-8"))[:3]
    one = send(client, *records, what="processes")
    assert "Quy trình nội bộ" in page_of(client, one)
    assert one.counts["new"] == 3
    take(client, one, 1, 3)
    assert InternalProcess.objects.filter(is_default=False).count() == 2
    assert send(client, *records, what="processes").counts["unchanged"] == 2


def test_who_publishes_may_and_nobody_else(client, signed_in, clerk) -> None:
    province = make_agency("Ủy ban nhân dân tỉnh")
    below = make_agency(parent=province)
    for role in (Role.CONTROLLER, Role.ADMINISTRATOR):
        refused = signed_in(make_officer(f"Xã {role}", below, (role, None)))
        assert "cấp tỉnh nhập danh mục" in html(refused.get(START), 403)
        assert refused.post(START, {"file": a_file(record())}).status_code == 403
        above = signed_in(make_officer(f"Tỉnh {role}", province, (role, None)))
        assert above.get(START).status_code == 200
    assert signed_in(clerk).get(START).status_code == 403
    assert not Upload.objects.exists()


def test_the_others_are_told(client, controller) -> None:
    other = make_officer("Nông Văn Thắng", make_agency("Xã khác"), (Role.CONTROLLER, None))
    take(client, send(client, record("1.000001")), 1)
    told = Message.objects.get(to_officer=other)
    assert "danh-muc.json: 1 mới, 0 thay đổi" in told.subject


def test_confirmed_terms_are_not_part_of_a_preview(client, controller) -> None:
    """What a controller read of a record makes no difference to the record."""
    run(record("1.000001", methods=[method(time_text="1")]))
    version = version_of()
    rows = Method.objects.filter(case__version=version).values_list("pk", flat=True)
    confirm_terms(
        version.pk,
        readings=Readings(dict.fromkeys(rows, "trong ngày")),
        by=controller,
        at=MONDAY,
    )
    one = send(client, record("1.000001", methods=[method(time_text="1")]))
    assert one.counts["unchanged"] == 1


def test_filters_of_the_preview(client) -> None:
    run(record("1.000001"))
    one = send(client, record("1.000001", name="Tên mới"), record("1.000002"), record("hỏng"))
    assert "1.000002" not in page_of(client, one, loai="changed")
    assert "1.000001" not in page_of(client, one, loai="new")
    assert "mã thủ tục sai mẫu" in page_of(client, one, loai="rejected")
    assert "1.000002" in page_of(client, one, loai="x", tu="x")


def test_texts_that_bind_no_dossier_are_shown_before_they_are_said_anew(client, controller) -> None:
    """R-132: each beside what stands, left out one by one, and no version."""
    run(record("1.000001", steps="Nộp hồ sơ."), record("1.000002"))
    said = {"steps": "Nộp trực tuyến.", "forms": [{"name": "Tờ khai", "url": "https://a.gov.vn/b"}]}
    one = send(client, record("1.000001", **said), record("1.000002", **said))
    assert [(line["place"], line["what"]) for line in one.lines] == [(1, "texts"), (2, "texts")]
    page = page_of(client, one, loai="texts")
    assert "<del>Nộp hồ sơ.</del> → <ins>Nộp trực tuyến.</ins>" in page
    assert "<ins>Tờ khai (https://a.gov.vn/b)</ins>" in page
    take(client, one, 1)
    assert (one.stage, one.counts["texts"], one.counts["left_out"]) == (Stage.DONE, 1, 1)
    assert version_of("1.000001").number == 1
    stands = ProcedureTexts.objects.current().values_list("procedure__code", "steps")
    assert list(stands) == [("1.000001", "Nộp trực tuyến.")]
