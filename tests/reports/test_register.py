"""The page and the files of a register: by number, day and volume; as the law lists it (form 07)."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pypdf import PdfReader

from dossiers.acts import endings, handovers, registers, voiding
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from onestop.accounts.models import AccessEvent, Officer, Role
from onestop.errors import DomainError
from procedures.models import Field
from reports import runs
from reports.form_data import form_on
from reports.models import ReportRun
from reports.periods import parse
from tests.clock import Clock
from tests.reports.workbooks import sheet
from tests.world import IN_PERSON, Office, make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db
SignIn = Callable[[Officer], Client]
PAGE, PDF, XLSX = "/so-theo-doi/", "/so-theo-doi/so.pdf", "/so-theo-doi/so.xlsx"
ORDER = "/so-theo-doi/lap/"


@pytest.fixture
def office(clock: Clock) -> Office:
    clock.now = vn("27/11/2026 09:00")
    return make_office()


@pytest.fixture
def entered(office: Office) -> list[Dossier]:
    """Five entries: one given back, the last two in a second volume."""
    case = make_case("7 ngày làm việc")
    made = [receive(office, case, at=vn(f"23/11/2026 09:0{n}")) for n in range(3)]
    desk = office.desk(office.clerk)
    registers.open_volume(office.agency, 2026, seen=1, by=desk, at=vn("25/11/2026 07:30"))
    made += [receive(office, case, at=vn(f"25/11/2026 09:0{n}")) for n in range(2)]
    return made


def command(period: str, form: str = "register", *, agency: str) -> dict[str, object]:
    out = StringIO()
    call_command("report", form, "--agency", agency, "--period", period, stdout=out)
    return json.loads(out.getvalue())


def test_the_parts_of_a_book_as_periods() -> None:
    assert parse("2026S").label == "Năm 2026"
    assert parse("2026sq2").label == "Năm 2026, quyển số 02"
    assert parse("2026SN101-200").numbers == (101, 200)
    assert parse("2026SN101-200").previous().code == "2025S"
    part = parse("2026SQ2L7")
    assert (part.volume, part.field, part.code) == (2, 7, "2026SQ2L7")
    assert part.previous().code == "2025SL7"
    for wrong in ("2026SL", "2026S7L", "2026SN200-101", "2026SN0-3", "2026SQ", "1999S"):
        with pytest.raises(DomainError):
            parse(wrong)


@pytest.mark.parametrize(
    ("period", "numbers"),
    [
        ("2026S", "12345"),
        ("2026SQ1", "123"),
        ("2026SQ2", "45"),
        ("2026SN2-4", "234"),
        ("2026-11-25..2026-11-25", "45"),
        ("2025S", ""),
    ],
)
def test_any_range_by_the_command(
    office: Office, entered: list[Dossier], period: str, numbers: str
) -> None:
    rows = command(period, agency=office.agency.code)["rows"]
    assert [row["1"] for row in rows] == list(numbers)  # type: ignore[index, attr-defined]


def test_a_book_is_no_period_of_another_form(office: Office) -> None:
    with pytest.raises(CommandError, match="cả một sổ theo dõi hồ sơ"):
        command("2026S", form="II.06a", agency=office.agency.code)


def test_what_the_columns_say(office: Office, entered: list[Dossier]) -> None:
    """Form 07: forwarded, the result back, given back, how."""
    [one] = entered[:1]
    at, desk = vn("23/11/2026 10:00"), office.desk(office.clerk)
    step = NextStep(order=2, name="Xử lý hồ sơ", minutes=480)
    handovers.hand_over(one, to=office.room, step=step, by=desk, at=at)
    handovers.recall(Seen(one.pk), by=desk, at=vn("23/11/2026 10:05"))
    one.refresh_from_db()
    handovers.hand_over(one, to=office.room, step=step, by=desk, at=vn("23/11/2026 10:30"))
    row = command("2026SN1-1", agency=office.agency.code)["rows"][0]  # type: ignore[index]
    assert row["label"] == one.code
    assert (row["4"], row["5"], row["6"]) == (
        1, "Nguyễn Văn Ân", "Thôn 2, xã Bình Minh, 0912345678",
    )  # fmt: skip
    # Taken back and given again: the second one counts.
    assert row["10"].startswith("2026-11-23T10:30")
    assert [row[name] for name in ("11", "12", "13", "14", "15")] == [None, None, "", "", ""]


def test_the_result_and_how_it_was_given(office: Office, entered: list[Dossier]) -> None:
    at, desk = vn("26/11/2026 15:00"), office.desk(office.clerk)
    result = endings.ResultIn(number="1", issued_on=at.date(), signer="Tuấn")
    endings.record_result(Seen(entered[0].pk), result, by=desk, at=at)
    endings.finish(Seen(entered[0].pk), by=desk, at=at, note="Ký tại quầy")
    taking = endings.Taking("Nguyễn Văn Ân", told=IN_PERSON)
    endings.give_back(Seen(entered[0].pk), taking, by=desk, at=vn("26/11/2026 16:00"))
    row = command("2026SN1-1", agency=office.agency.code)["rows"][0]  # type: ignore[index]
    assert row["11"].startswith("2026-11-26T15:00")
    assert row["12"].startswith("2026-11-26T16:00")
    assert row["13"] == "Trực tiếp"


def test_a_part_of_one_field_keeps_the_numbers_of_the_whole(
    office: Office, entered: list[Dossier], signed_in: SignIn
) -> None:
    """R-85: one book for the whole office; of a field what is asked for, under its own numbers."""
    other = Field.objects.create(name="Nuôi con nuôi")
    Dossier.objects.filter(pk__in=[entered[1].pk, entered[3].pk]).update(field=other)
    code = f"2026SL{other.pk}"
    rows = command(code, agency=office.agency.code)["rows"]
    assert [row["1"] for row in rows] == ["2", "4"]  # type: ignore[index, attr-defined]
    rows = command(f"2026SQ2L{other.pk}", agency=office.agency.code)["rows"]
    assert [row["1"] for row in rows] == ["4"]  # type: ignore[index, attr-defined]
    client = signed_in(office.clerk)
    page = client.get(PAGE, {"nam": "2026", "linh_vuc": str(other.pk)}).content.decode()
    assert [one.code in page for one in entered] == [False, True, False, True, False]
    assert "Năm 2026, lĩnh vực Nuôi con nuôi" in page
    assert f"ky={code}" in page
    text = "".join(
        one.extract_text()
        for one in PdfReader(BytesIO(client.get(PDF, {"ky": code}).content)).pages
    )
    assert "lĩnh vực Nuôi con nuôi" in text
    days = {"linh_vuc": str(other.pk), "tu_ngay": "23/11/2026"}
    refused = client.get(PAGE, days)
    assert refused.status_code == 422
    assert "không theo khoảng ngày" in refused.content.decode()


def test_a_voided_reception_keeps_its_number_with_a_mark(
    office: Office, entered: list[Dossier]
) -> None:
    """R-85: a book has no gap; what was received by mistake says so in it."""
    last, at = entered[-1], vn("25/11/2026 09:30")
    clerk = office.desk(office.clerk, at)
    row = voiding.put_before(
        last, reason="Nhập nhầm thủ tục", approver=office.leader, by=clerk, at=at
    )
    leader = office.desk(office.leader, at)
    voiding.answer(row.pk, agreed=True, words="Đồng ý", by=leader, at=at)
    voiding.void_as_agreed(Seen(last.pk), row, by=clerk, at=at)
    rows = command("2026S", agency=office.agency.code)["rows"]
    told = {one["1"]: one["15"] for one in rows}  # type: ignore[index, attr-defined]
    assert told == {"1": "", "2": "", "3": "", "4": "", "5": "Đã hủy tiếp nhận"}


def test_the_page_by_number_day_and_volume(
    office: Office, entered: list[Dossier], signed_in: SignIn
) -> None:
    client = signed_in(office.clerk)
    for asked, shown in (
        ({}, "54321"[::-1]),
        ({"nam": "2026", "quyen": "2"}, "45"),
        ({"nam": "2026", "tu_so": "2", "den_so": "3"}, "23"),
        ({"nam": "2026", "tu_ngay": "25/11/2026"}, "45"),
    ):
        found = client.get(PAGE, asked)
        assert found.status_code == 200
        assert [str(one.told["register_number"]) for one in found.context["lines"]] == list(shown)
    wrong = client.get(PAGE, {"nam": "2026", "tu_so": "9", "den_so": "3"})
    assert wrong.status_code == 422
    assert "Từ số" in wrong.content.decode()


def test_a_long_book_page_by_page_with_as_many_queries(
    office: Office,
    entered: list[Dossier],
    signed_in: SignIn,
    queries: Callable[[], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = signed_in(office.clerk)
    client.get(PAGE)
    with queries() as many:  # type: ignore[attr-defined]
        client.get(PAGE)
    monkeypatch.setattr("reports.views.register.SHOWN", 2)
    with queries() as few:  # type: ignore[attr-defined]
        first = client.get(PAGE)
    assert len(few) == len(many)
    assert [one.told["register_number"] for one in first.context["lines"]] == [1, 2]
    second = client.get(first.context["pages"][0])
    assert [one.told["register_number"] for one in second.context["lines"]] == [3, 4]
    back = client.get(second.context["pages"][1])
    assert [one.told["register_number"] for one in back.context["lines"]] == [1, 2]


@pytest.mark.pdf
def test_any_range_as_pdf_and_workbook(
    office: Office, entered: list[Dossier], signed_in: SignIn
) -> None:
    """A4 across, the official head and columns, the numbers of the book as TT."""
    client = signed_in(office.clerk)
    made = client.get(PDF, {"ky": "2026SN2-3"})
    [paper] = PdfReader(BytesIO(made.content)).pages
    assert (round(float(paper.mediabox.width)), round(float(paper.mediabox.height))) == (842, 595)
    text = " ".join(paper.extract_text().split())
    assert "SỔ THEO DÕI HỒ SƠ Năm 2026, từ số 2 đến số 3" in text
    assert "Mẫu số 07" in text
    assert "NGƯỜI PHỤ TRÁCH BỘ PHẬN MỘT CỬA" in text
    rows = sheet(client.get(XLSX, {"ky": "2026SN2-3"}).content, 1)
    values = [row["A"][1] for row in rows if "A" in row]
    assert [value for value in values if value.isdigit()] == ["2", "3"]


@pytest.mark.pdf
def test_a_locked_book_says_so(
    office: Office, entered: list[Dossier], signed_in: SignIn, clock: Clock
) -> None:
    """R-86."""
    clock.now = at = vn("04/01/2027 09:00")
    client = signed_in(office.leader)
    client.post("/so-theo-doi/khoa/", {"co-quan": office.agency.pk, "nam": "2026"})
    page = client.get(PAGE, {"nam": "2026"}).content.decode()
    assert "Đã khóa" in page
    read = PdfReader(BytesIO(client.get(PDF, {"ky": "2026S"}).content)).pages[-1]
    text = " ".join(read.extract_text().split())
    assert "Sổ năm 2026 khóa lúc 09:00 04/01/2027: 2 quyển, số thứ tự cuối 5." in text
    assert at


def test_the_next_volume_by_a_press(
    office: Office, entered: list[Dossier], signed_in: SignIn
) -> None:
    client = signed_in(office.clerk)
    sent = {"co-quan": office.agency.pk, "nam": "2026", "quyen": "2"}
    found = client.post("/so-theo-doi/quyen-moi/", sent, follow=True)
    assert "Đã mở quyển số 3 của sổ năm 2026, bắt đầu từ số 6." in found.content.decode()
    again = client.post("/so-theo-doi/quyen-moi/", sent, follow=True)
    assert "Vừa có người mở quyển mới" in again.content.decode()


def test_forged_presses_change_nothing(
    office: Office, entered: list[Dossier], signed_in: SignIn, clock: Clock
) -> None:
    """Another counter's, and one's own without the right to it."""
    clock.now = vn("04/01/2027 09:00")
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    sent = {"co-quan": office.agency.pk, "nam": "2026", "quyen": "2"}
    for officer, status in ((other.leader, 404), (office.clerk, 302), (office.specialist, 403)):
        assert signed_in(officer).post("/so-theo-doi/khoa/", sent).status_code == status
    assert signed_in(other.clerk).post("/so-theo-doi/quyen-moi/", sent).status_code == 404
    assert signed_in(other.clerk).get(PDF, {"co-quan": office.agency.pk}).status_code == 404
    assert command("2026S", agency=office.agency.code)["rows"]
    assert not Dossier.objects.exclude(register_volume__in=(1, 2)).exists()
    assert "Đang mở" in signed_in(office.leader).get(PAGE, {"nam": "2026"}).content.decode()


def test_an_administrator_locks_and_reads_nothing(
    office: Office, entered: list[Dossier], signed_in: SignIn
) -> None:
    officer = make_officer("Lý Quản Trị", office.agency, (Role.ADMINISTRATOR, None))
    client = signed_in(officer)
    page = client.get(PAGE).content.decode()
    assert "Quyển 2" in page
    assert "Nguyễn Văn Ân" not in page
    assert client.get(PDF).status_code == 403


def test_a_long_part_is_made_by_a_worker(
    office: Office, entered: list[Dossier], signed_in: SignIn, clock: Clock, settings: object
) -> None:
    """Who follows the address (a prefetch, a mail scanner) starts nothing: a press does."""
    settings.REPORT_DIRECT_ROWS = 10  # type: ignore[attr-defined]
    client, other = signed_in(office.clerk), make_office("Ủy ban nhân dân xã Tân Lập")
    asked = client.get(XLSX, {"ky": "2026SN1-4"}, follow=True)
    assert "Năm 2026, từ số 1 đến số 4 có nhiều hồ sơ" in asked.content.decode()
    assert not ReportRun.objects.exists()
    sent = {"co-quan": office.agency.pk, "ky": "2026SN1-4", "dang": "xlsx"}
    assert client.get(ORDER, sent).status_code == 405
    assert signed_in(other.clerk).post(ORDER, sent).status_code == 404
    assert client.post(ORDER, sent | {"dang": "page"}).status_code == 404
    assert not ReportRun.objects.exists()
    for _ in range(2):
        assert "đang được lập" in client.post(ORDER, sent, follow=True).content.decode()
    run = ReportRun.objects.get(form=form_on("register", clock.now.date()))
    trace = AccessEvent.objects.filter(object_kind="report_run", object_id=run.pk)
    assert [one.officer_id for one in trace] == [office.clerk.pk] * 2
    assert runs.work(run.pk, lambda: clock.now)
    page = client.get(PAGE)
    [(_, _, address)] = page.context["runs"]
    assert client.get(address).content.startswith(b"PK")
    # Swept meanwhile: the page asks again.
    ReportRun.objects.update(kept="")
    assert "có nhiều hồ sơ" in client.get(address, follow=True).content.decode()
