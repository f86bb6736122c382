"""`report`: the contract of its JSON, refusals, and that every form of output says the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from pypdf import PdfReader

from dossiers.acts import endings, reception
from dossiers.acts.many import Seen
from dossiers.ledger import writer
from dossiers.models import Dossier
from onestop.commands import CommandError
from onestop.guards import unguarded
from onestop.worktime import VN
from procedures.channels import Channel
from procedures.models import InternalProcess
from reports.figures import Scope, dossiers_behind, table
from reports.form_data import form_on
from reports.periods import parse
from tests.clock import Clock
from tests.reports.workbooks import sheet
from tests.world import Office, an_intake, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://x.example","Nguyễn")'


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def worked(office: Office, clock: Clock) -> Office:
    """Seven dossiers of two fields around the quarter's edges; one owner is named like a formula."""
    marriage, land = make_case("3 ngày làm việc"), make_case("24 giờ", field="Đất đai")
    early = receive(office, marriage, at=vn("10/06/2026 09:00"))
    finish(early, "15/06/2026 00:00")
    finish(receive(office, marriage, at=vn("14/06/2026 23:59")), "14/09/2026 23:59")
    receive(office, marriage, at=vn("14/09/2026 23:59"), channel=Channel.ONLINE_FULL)
    receive(office, land, at=vn("01/09/2026 09:00"), channel=Channel.POST, owner=FORMULA)
    gone = receive(office, land, at=vn("02/09/2026 09:00"), channel=Channel.ONLINE_PART)
    form = endings.EndingIn(requested_by="Chủ hồ sơ", reason="Thôi")
    endings.withdraw(Seen(gone.pk), form, by=office.desk(office.clerk), at=vn("02/09/2026 10:00"))
    receive(office, land, at=vn("15/09/2026 00:00"))
    finish(receive(office, land, at=vn("01/06/2026 09:00")), "14/06/2026 23:59")
    return office


def finish(dossier: Dossier, at: str) -> None:
    with writer.change(dossier.pk, by=None, at=vn(at)) as life:
        life.record("finish", {})


def report(form: str, office: Office, period: str, **options: Any) -> str:
    out = StringIO()
    call_command("report", form, agency=office.agency.code, period=period, stdout=out, **options)
    return out.getvalue()


def test_the_json_of_a_quarter(worked: Office) -> None:
    data = json.loads(report("II.06a", worked, "2026Q3"))
    assert data["form"] == "II.06a"
    assert data["agency"] == worked.agency.code
    assert data["period"] == {"code": "2026Q3", "from": "2026-06-15", "to": "2026-09-14"}
    assert (data["as_of"], data["state"]) == ("2026-11-23T09:00:00+07:00", "draft")
    assert data["problems"] == []
    rows = {row.pop("label"): row for row in data["rows"]}
    numbers = [str(number) for number in range(3, 14)]
    assert rows == {
        # Ended at the quarter's first instant: carried over, and ended (B.17).
        "Hộ tịch": dict(zip(numbers, [3, 1, 0, 2, 2, 0, 1, 1, 1, 1, 0], strict=True)),
        # The withdrawn one on time; by hours, so late on its own last day.
        "Đất đai": dict(zip(numbers, [2, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1], strict=True)),
    }
    assert list(data["total"].values()) == [5, 2, 1, 2, 3, 0, 2, 1, 2, 1, 1]
    assert data["beside"]["ended_withdrawn"] == 1


def test_what_comes_in_on_the_day_after_belongs_to_the_next(worked: Office) -> None:
    data = json.loads(report("II.06a", worked, "2026M10"))
    assert {row["label"]: (row["5"], row["6"]) for row in data["rows"]} == {
        "Hộ tịch": (0, 1),
        "Đất đai": (1, 1),
    }


def test_equal_cuts_give_equal_bytes_however_much_happens_later(
    worked: Office, clock: Clock
) -> None:
    """R-108: in every format, for the text as for the numbers."""
    cut = {"as_of": vn("20/11/2026 09:00")}
    before = {
        form: report("II.06a", worked, "2026Q3", format=form, **cut) for form in ("json", "html")
    }
    for dossier in Dossier.objects.filter(ended_at=None):
        finish(dossier, "23/11/2026 09:00")
    clock.now = vn("25/11/2026 09:00")
    for form, text in before.items():
        assert report("II.06a", worked, "2026Q3", format=form, **cut) == text


def test_paper_days_count_from_when_they_became_known(office: Office) -> None:
    """B.20: by the date of the act, and by what was known."""
    clerk = office.desk(office.clerk)
    reception.receive(
        an_intake(office, make_case()), by=clerk, at=vn("14/09/2026 10:00"), recorded_at=vn("17/09/2026 08:00"),
    )  # fmt: skip
    just_before = {"as_of": vn("17/09/2026 08:00") - timedelta(microseconds=1)}
    assert json.loads(report("II.06a", office, "2026Q3", **just_before))["rows"] == []
    known = json.loads(report("II.06a", office, "2026Q3", as_of=vn("17/09/2026 08:00")))
    assert known["total"]["5"] == 1
    assert json.loads(report("II.06a", office, "2026M10"))["total"]["6"] == 1


def test_dossiers_received_for_another_office_stand_beside(office: Office) -> None:
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    received = receive(office, make_case(), at=vn("01/09/2026 09:00"))
    with writer.change(received.pk, by=None, at=vn("01/09/2026 10:00")) as life:
        life.dossier.agency = other.agency
        life.record("confirm", {})
    here, there = (json.loads(report("II.06a", one, "2026Q3")) for one in (office, other))
    assert (here["total"]["3"], here["beside"]["received_for_another"]) == (0, 1)
    assert (there["total"]["3"], there["beside"]["received_for_another"]) == (1, 0)


@pytest.mark.parametrize(
    ("form", "options", "words"),
    [
        ("II.06x", {}, "Các biểu có: 07a/BTP, II.05a, II.05b, II.06-don-vi, II.06a"),
        ("II.06a", {"agency": "H00"}, "Không có cơ quan nào mang mã H00"),
        ("II.06a", {"period": "quý 3"}, "Hãy viết như 2026Q3"),
        ("II.06a", {"as_of": vn("24/11/2026 09:00")}, "chưa tới"),
        ("II.06a", {"output": "/khong/co/tep.json"}, "Không ghi được vào"),
    ],
)
def test_refusals_say_what_to_do(
    office: Office, form: str, options: dict[str, Any], words: str
) -> None:
    asked = {"agency": office.agency.code, "period": "2026Q3", **options}
    with pytest.raises(CommandError, match=re.escape(words)) as refused:
        call_command("report", form, stdout=StringIO(), **asked)
    assert refused.value.returncode == 1


def test_every_form_of_the_product_can_be_made(worked: Office, tmp_path: Path) -> None:
    from reports.form_data import shipped

    for form in shipped():
        # A form that is over, on the last day it was in force.
        last = form.get("effective_to", "")
        period = f"{last}..{last}" if last else "2026Q3"
        data = json.loads(report(form["code"], worked, period))
        # What nobody entered says so.
        typed = form["source"] == "entered"
        assert [one[:4] for one in data["problems"]] == ["Chưa"] * typed, form["code"]
        assert form["number"] in report(form["code"], worked, period, format="html")


def test_higher_tables_add_up_the_offices_below(worked: Office) -> None:
    """R-112: by office, by level and field; R-111: heads are no second count."""
    other = make_office("Ủy ban nhân dân xã Tân Lập", parent=worked.agency)
    receive(other, make_case(), at=vn("01/09/2026 09:00"))
    own = json.loads(report("II.06a", worked, "2026Q3"))["total"]["3"]
    units = json.loads(report("II.06-don-vi", worked, "2026Q3"))
    assert {row["code"]: row["3"] for row in units["rows"]} == {
        worked.agency.code: own,
        other.agency.code: 1,
    }
    for form in ("II.06b", "II.06c"):
        data = json.loads(report(form, worked, "2026Q3"))
        assert data["total"] == units["total"]
        heads = [row for row in data["rows"] if row.get("head")]
        assert [row["label"] for row in heads] == ["Xã, phường, đặc khu"]
        assert heads[0]["3"] == own + 1


def test_every_cell_opens_just_its_dossiers(worked: Office) -> None:
    """Of every form, row and head of a level; of what stands beside too."""
    other = make_office("Ủy ban nhân dân xã Tân Lập", parent=worked.agency)
    receive(other, make_case(), at=vn("01/09/2026 09:00"))
    period, cut = parse("2026Q3"), vn("23/11/2026 09:00")
    for code in ("II.06a", "II.06b", "II.06c", "II.06-don-vi", "07a/BTP"):
        form = form_on(code, period.last)
        scope = Scope.for_form(form, worked.agency)
        filled = table(form, scope, period, cut)
        assert filled.total is not None
        for row in (*filled.rows, filled.total):
            for number, value in row.values.items():
                found = dossiers_behind(form, scope, period, cut, row.key, number)
                assert len(set(found)) == len(found) == value, (code, row.key, number)
        for one in filled.beside:
            assert len(dossiers_behind(form, scope, period, cut, one.name, "")) == one.value


def test_nothing_recorded_is_no_zero(worked: Office) -> None:
    """B.28: no cause was said, so both stand where none was; nothing is recorded for remarks."""
    data = json.loads(report("late-causes", worked, "2026Q3"))
    causes = dict.fromkeys(map(str, range(6, 13)), 0)
    assert data["total"] == {"3": 2, "4": 1, "5": 1} | causes | {"13": 2, "14": None}
    assert "—" in report("late-causes", worked, "2026Q3", format="html")


def test_the_register_as_it_stood_by_the_cut(worked: Office) -> None:
    data = json.loads(report("register", worked, "2026Q3", as_of=vn("02/09/2026 09:30")))
    assert [row["15"] for row in data["rows"]] == ["", "Nộp trực tuyến 08:30 02/09/2026"]
    later = json.loads(report("register", worked, "2026Q3"))
    assert any("Công dân yêu cầu rút hồ sơ" in row["15"] for row in later["rows"])


def test_the_workbook_says_the_same_and_names_the_dossiers(worked: Office, tmp_path: Path) -> None:
    into = tmp_path / "bieu.xlsx"
    first = made(worked, into, "xlsx")
    assert made(worked, into, "xlsx") == first
    figures, dossiers = sheet(first, 1), sheet(first, 2)
    total = next(row for row in figures if row.get("B") == ("s", "Tổng số"))
    assert [total[letter] for letter in "DEFGHIJKLMN"] == [
        ("n", str(value)) for value in [5, 2, 1, 2, 3, 0, 2, 1, 2, 1, 1]
    ]
    rows = dossiers[1:]
    assert len(rows) == 5
    assert all(row[letter][0] == "s" for row in rows for letter in "BCDEFGH")
    assert ("s", FORMULA) in [row["H"] for row in rows]
    assert all(row["I"][0] == "n" for row in rows)
    # Excel's days since 30/12/1899, on Vietnam's clock (D.40).
    received = vn("02/09/2026 09:00").astimezone(VN).replace(tzinfo=None)
    assert any(abs(float(row["I"][1]) - serial(received)) < 1e-9 for row in rows)
    assert {row["L"][1] for row in rows} >= {"(3) (4) (7) (9)", "(3) (6) (7) (10)"}


def serial(at: Any) -> float:
    return (at - at.replace(year=1899, month=12, day=30, hour=0, minute=0)) / timedelta(days=1)


def made(office: Office, into: Path, form: str) -> bytes:
    report("II.06a", office, "2026Q3", format=form, output=str(into))
    return into.read_bytes()


@pytest.mark.pdf
def test_the_pdf_says_the_same(worked: Office, tmp_path: Path) -> None:
    into = tmp_path / "bieu.pdf"
    first = made(worked, into, "pdf")
    assert made(worked, into, "pdf") == first
    pages = PdfReader(BytesIO(first)).pages
    width, height = (float(side) for side in pages[0].mediabox[2:])
    assert (round(width), round(height)) == (842, 595)
    text = " ".join(pages[0].extract_text().split())
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Biểu số II.06a/VPCP/KSTT", "Đơn vị tính: Số hồ sơ TTHC",
        "Từ ngày 15/06/2026 đến ngày 14/09/2026", "Tổng số 5 2 1 2 3 0 2 1 2 1 1", "(13)", "(dự thảo)",
    ):  # fmt: skip
        assert words in text


def test_the_workbook_has_the_whole_head(worked: Office, tmp_path: Path) -> None:
    """Also what stands over several rows, and beside it."""
    into = tmp_path / "bieu.xlsx"
    report("07a/BTP", worked, "2026Q3", format="xlsx", output=str(into))
    rows = [[value for _, value in row.values()] for row in sheet(into.read_bytes(), 1)]
    head = next(place for place, row in enumerate(rows) if "STT" in row)
    groups = ["Tiếp nhận", "Đã giải quyết", "Đang giải quyết"]
    assert [text for text in rows[head] if text] == ["STT", "Đơn vị", "Mã cơ quan", *groups]
    assert rows[head + 1].count("Tổng số") == 3
    assert rows[head + 2][:2] == ["(1)", "(2)"]


def test_a_table_costs_as_many_statements_with_one_dossier_as_with_many(
    worked: Office, queries: Callable[[], Any]
) -> None:
    with queries() as few:
        report("II.06a", worked, "2026Q3")
    for number in range(12):
        receive(worked, make_case(field=f"Lĩnh vực {number}"), at=vn("01/09/2026 09:00"))
    with queries() as many:
        report("II.06a", worked, "2026Q3")
    assert len(many) == len(few)


def test_the_procedures_of_a_province_by_level(office: Office) -> None:
    """R-116: each sum holds; a procedure of two levels counts at each, and is told once apart."""
    for levels in ("Cấp xã", "Cấp tỉnh", "Cấp tỉnh, Cấp xã", "Cấp bộ"):
        version = make_case().version
        # A published version never changes: here its level is as the import would have set it.
        with unguarded(), connection.cursor() as cursor:
            told = "UPDATE procedures_procedureversion SET levels = %s WHERE id = %s"
            cursor.execute(told, [levels, version.pk])
    InternalProcess.objects.create(procedure_code="1.000001", level="Cấp xã")
    data = json.loads(report("II.07b", office, "2026Q3"))
    numbers = [str(number) for number in range(3, 15)]
    assert data["total"] == dict(zip(numbers, [4, 2, 0, 2, 4, 2, 0, 2, 1, 0, 0, 1], strict=True))
    beside = {
        "unique": 3, "unique_one_stop": 3, "several_levels": 1, "no_level": 1, "list_decisions": 0,
    }  # fmt: skip
    assert (data["beside"], data["problems"]) == (beside, [])
