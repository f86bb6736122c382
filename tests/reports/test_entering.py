"""Forms that are entered by hand: typed by a controller, checked, signed, added up above; and loaded
from a file.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from io import BytesIO
from random import Random
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from onestop.accounts.models import Agency
from onestop.errors import DomainError
from procedures.models import Field
from reports import frozen, notation, rendering, signing
from reports.duties.judging import State
from reports.duties.owing import owed
from reports.entering import acts, grid, loading
from reports.entering.template import xlsx
from reports.figures import Scope, entered, table
from reports.figures.entered import Line
from reports.form_data import form_of, form_on, shipped
from reports.models import Duty, EnteredFigures, ReportForm, SignedReport
from reports.periods import Period, parse
from tests.clock import Clock
from tests.reports.conftest import Province, province
from tests.world import Office, vn

pytestmark = pytest.mark.django_db
Enter = Callable[..., Any]
PERIOD, NEXT = parse("2026Q4"), parse("2027Q1")
LAST = PERIOD.last
# (3) … (14) of a row that adds up.
GOOD = (10, 2, 8, 4, 5, 1, 6, 3, 3, 3, 1, 6)


@pytest.fixture
def place(clock: Clock) -> Province:
    clock.now = vn("15/12/2026 08:00")
    for name in ("Đất đai", "Hộ tịch"):
        Field.objects.get_or_create(name=name)
    return province()


def field(name: str) -> str:
    return f"field:{Field.objects.get(name=name).pk}"


def row(name: str, figures: tuple[int | None, ...] = GOOD) -> Line:
    numbers = (str(number) for number in range(3, 15))
    return Line(field(name), name, dict(zip(numbers, figures, strict=True)))


def enter(
    office: Office,
    *lines: Line,
    period: Period = PERIOD,
    at: str = "15/12/2026 08:00",
    seen: int = 0,
) -> EnteredFigures:
    form, by = form_on("II.05a", period.last), office.desk(office.controller, vn(at))
    return acts.save(form, office.agency, period, lines, seen=seen, by=by, at=vn(at))


def sign(office: Office, code: str = "II.05a") -> SignedReport:
    form, at = form_on(code, LAST), vn("15/12/2026 09:00")
    by = office.desk(office.controller, at)
    report = signing.prepare(form, office.agency, PERIOD, by=by, at=at)
    return signing.sign(report, by=office.desk(office.leader, at), at=at)


def address(agency: Agency, code: str = "II.05a") -> str:
    return f"/bao-cao/{code}/{agency.code}/{PERIOD.code}/"


def typed(grid_rows: dict[str, tuple[object, ...]], lan: int = 0, **more: str) -> dict[str, str]:
    """What a browser sends of rows by their key."""
    sent = {"lan": str(lan)} | more
    for number, (key, cells) in enumerate(grid_rows.items()):
        sent[f"k-{number}"] = key
        sent |= {f"c-{number}-{at}": str(cell) for at, cell in enumerate(cells, start=3)}
    return sent


# --- the notation -----------------------------------------------------------------------------------


def test_what_is_written_is_read_back() -> None:
    """Whatever identities there are, in whatever spelling."""
    dice = Random(5)
    for _ in range(300):
        columns = dice.sample(range(1, 60), 9)
        whole, rest = str(columns[0]), [str(one) for one in columns[1:]]
        sides = [rest[:2], rest[2:5], rest[5:]][: dice.randint(1, 3)]
        wanted = [[whole, side] for side in sides]
        assert notation.read_all("\n".join(notation.written(wanted))) == wanted

        def spelt(column: str) -> str:
            return dice.choice(["{}", "({})", " ( {} ) ", " {}"]).format(column)

        chain = [" + ".join(map(spelt, side)) for side in sides]
        chain.insert(dice.randint(0, len(chain)), spelt(whole))
        assert notation.read("=".join(chain)) == wanted


@pytest.mark.parametrize(
    "line", ["3", "3 = ", "= 4", "3 = 4 5", "3 = 4 + 4", "3 = 3 + 4", "3 + 4 = 5 + 6", "3 = a", "(3 = 4", "3 = ²", "0 = 1"]
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_its_line(line: str) -> None:
    with pytest.raises(notation.NotRead, match="“"):
        notation.read(line)


# --- entering ---------------------------------------------------------------------------------------


def naive(form: ReportForm, lines: list[Line]) -> list[tuple[str, str]]:
    """Which identity of which row does not hold, counted plainly."""
    return [
        (line.key, whole)
        for line in lines
        for whole, parts in form.identities
        if line.values[whole] != sum(line.values[part] or 0 for part in parts)
    ]


def test_an_identity_that_does_not_hold_names_its_cells(place: Province) -> None:
    """As a plain recheck finds it, of many figures."""
    form, dice = form_on("II.05a", LAST), Random(3)
    lines = []
    for number in range(200):
        cells = [dice.choice([0, 1, one]) if dice.random() < 0.1 else one for one in GOOD]
        numbers = (str(at) for at in range(3, 15))
        lines.append(
            Line(f"field:{number}", f"Dòng {number}", dict(zip(numbers, cells, strict=True)))
        )
    found = list(entered.wrong(form, lines))
    assert [(one.key, one.numbers[0]) for one in found] == naive(form, lines)
    assert 20 < len({one.key for one in found}) < 180
    bad = row("Đất đai", (11, *GOOD[1:]))
    words = [one.words for one in entered.wrong(form, [bad])]
    assert words[0] == "Dòng “Đất đai”: cột (3) Tổng số ghi 11, nhưng (4) + (5) là 10."
    assert len(words) == 3


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("1.234", 1234), ("12 345", 12345), (" 7 ", 7), ("1.234.567", 1234567), ("1.23", None), ("-1", None),
     ("1,5", None), ("1.2345", None), ("mười", None), ("²", None), ("9" * 30, None)],
)  # fmt: skip
def test_a_cell_is_a_whole_number(text: str, number: int | None) -> None:
    assert grid.read(text) == number


def test_a_controller_types_a_period_and_it_is_signed(place: Province, signed_in: Enter) -> None:
    office, land = place.first, field("Đất đai")
    client, here = signed_in(office.controller), address(place.first.agency)
    page = client.get(here).content.decode()
    assert "Nhập số liệu" in page
    assert "Chưa nhập số liệu của kỳ này" in page
    assert "Đất đai" in client.get(f"{here}nhap/").content.decode()
    added = client.post(f"{here}nhap/", typed({}, them="1", **{"them-dong": land}))
    assert added.status_code == 200
    assert not EnteredFigures.objects.exists()
    assert [one.label for one in added.context["grid"].rows] == ["Đất đai"]
    wrong = client.post(f"{here}nhap/", typed({land: ("1,5", *GOOD[1:])}))
    assert wrong.status_code == 422
    assert not EnteredFigures.objects.exists()
    assert "Dòng “Đất đai”, cột (3): không đọc được số “1,5”" in wrong.content.decode()
    half = client.post(f"{here}nhap/", typed({land: ("1.010", "", *GOOD[2:])}), follow=True)
    assert "Bản nháp, chưa trình ký được" in half.content.decode()
    assert "Dòng “Đất đai”: chưa nhập cột (4) Từ kỳ trước." in half.content.decode()
    refused = client.post(f"{here}trinh/")
    assert refused.status_code == 422
    assert "chưa trình ký được" in refused.content.decode()
    done = client.post(f"{here}nhap/", typed({land: GOOD}, lan=1))
    assert (done.status_code, done["Location"]) == (302, here)
    assert [one.version for one in EnteredFigures.objects.order_by("version")] == [1, 2]
    assert client.post(f"{here}trinh/").status_code == 302
    assert client.post(f"{here}nhap/", typed({land: GOOD}, lan=2)).status_code == 409
    signed_in(office.leader).post(f"{here}ky/")
    report = SignedReport.objects.get(state=SignedReport.State.SIGNED)
    assert report.figures["total"] == {str(at): one for at, one in enumerate(GOOD, start=3)}
    assert frozen.thaw(report).rows != ()


def test_two_who_type_do_not_overwrite_each_other(place: Province, signed_in: Enter) -> None:
    office, land, civil = place.first, field("Đất đai"), field("Hộ tịch")
    enter(office, row("Đất đai"))
    client, here = signed_in(office.controller), f"{address(office.agency)}nhap/"
    # Sent from a page that knew of nothing.
    answer = client.post(here, typed({civil: GOOD, land: (11, *GOOD[1:])}))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert EnteredFigures.objects.count() == 1
    assert "vừa lưu biểu này" in page
    assert "Dòng “Đất đai”, cột (3) Tổng số: đang lưu 10, bạn gõ 11." in page
    assert answer.context["seen"] == 1
    assert 'value="11"' in page
    # The same again is no further saving.
    assert enter(office, row("Đất đai"), seen=0).version == 1
    assert client.post(here, typed({land: (11, *GOOD[1:])}, lan=1)).status_code == 302
    assert EnteredFigures.objects.latest("version").version == 2


def test_a_newer_edition_of_the_form_loses_nothing(place: Province) -> None:
    """Typed before it took its place: the figures stand in it by their columns."""
    enter(place.first, row("Đất đai"))
    newer = form_on("II.05a", LAST)
    newer.pk, newer.effective_from, newer._state.adding = None, LAST, True
    newer.columns = [*newer.columns, {"number": "15", "path": ["Mới"], "measure": ""}]
    newer.save()
    found = table(newer, Scope.of(place.first.agency), PERIOD, vn("15/12/2026 10:00"))
    assert [one.values["3"] for one in found.rows] == [10]
    assert found.problems == ("Dòng “Đất đai”: chưa nhập cột (15) Mới.",)
    assert enter(place.first, row("Đất đai"), row("Hộ tịch"), seen=1).version == 2


def test_what_was_left_is_proposed_and_a_difference_is_told(
    place: Province, signed_in: Enter, clock: Clock
) -> None:
    office = place.first
    enter(office, row("Đất đai"))
    clock.now = vn("15/03/2027 08:00")
    form = form_on("II.05a", NEXT.last)
    proposed = grid.opened(form, office.agency, NEXT, clock.now)
    (land,) = proposed.rows
    cells = {one.number: one.text for one in land.cells if one.text}
    assert cells == {"4": "3"}
    assert land.cells[1].is_proposed
    enter(office, row("Đất đai"), period=NEXT, at="15/03/2027 08:00")
    found = table(form, Scope.of(office.agency), NEXT, clock.now)
    words = "Dòng “Đất đai”: cột (4) từ kỳ trước ghi 2, nhưng cột (12) của kỳ trước là 3."
    assert words in found.notes
    assert not found.problems
    page = signed_in(office.controller).get(f"/bao-cao/II.05a/{office.agency.code}/2027Q1/nhap/")
    assert words in page.content.decode()


def test_below_feeds_above_by_itself(place: Province, django_assert_num_queries: Any) -> None:
    """II.05b is there the moment they sign; a withdrawn one is not, an earlier cut does not know."""
    above = form_on("II.05b", LAST)
    scope, now = Scope.for_form(above, place.agency), vn("15/12/2026 10:00")
    assert "chưa có số để cộng" in table(above, scope, PERIOD, now).problems[0]
    enter(place.first, row("Đất đai"), row("Hộ tịch"))
    enter(place.second, row("Đất đai"))
    enter(place.empty)
    report, *_ = [sign(one) for one in (place.first, place.second, place.empty)]
    with django_assert_num_queries(2):
        found = table(above, scope, PERIOD, now)
    assert {one.label: one.values["3"] for one in found.rows} == {"Đất đai": 20, "Hộ tịch": 10}
    assert found.total is not None
    assert found.total.values["12"] == 9
    assert not found.problems
    assert "3 cơ quan: Ủy ban nhân dân xã An Hòa" in found.notes[-1]
    early = table(above, scope, PERIOD, vn("15/12/2026 08:30"))
    assert early.total is not None
    assert early.total.values["3"] is None
    at = vn("15/12/2026 11:00")
    by = place.first.desk(place.first.leader, at)
    signing.withdraw(report, reason="Nhầm", by=by, at=at)
    later = table(above, scope, PERIOD, vn("15/12/2026 12:00"))
    assert later.total is not None
    assert later.total.values["3"] == 10
    assert table(above, scope, PERIOD, now) == found


def test_it_is_owed_as_the_others(place: Province) -> None:
    """The signature is the sending; above it is said who did not sign yet."""
    Duty.objects.create(
        name="PAKN", whose="commune", every="Q", form_code="II.05a", narrative=False, entered=False, due_days=3,
        entry_days=3, effective_from=LAST,
    )  # fmt: skip
    enter(place.first, row("Đất đai"))
    sign(place.first)
    offices = [place.first.agency, place.second.agency]
    judged = [one for one in owed(offices, [PERIOD], date(2026, 12, 16)) if one.duty.name == "PAKN"]
    assert [one.state for one in judged] == [State.SENT, State.DUE]
    above = form_on("II.05b", LAST)
    found = table(above, Scope.for_form(above, place.agency), PERIOD, vn("15/12/2026 10:00"))
    missing = ("tỉnh Lạng Sơn", "xã An Hòa", "xã Xa Vắng")
    names = ", ".join(f"Ủy ban nhân dân {one}" for one in missing)
    assert f"Chưa có biểu II.05a đã ký của 3 cơ quan: {names}." in found.notes


def test_a_form_of_units_and_one_that_rolls_itself_up(place: Province) -> None:
    """Of a form that agencies enter and that rolls up: the topmost signed one of each branch."""
    form = form_on("II.05a", LAST)
    form.pk, form.code, form.reach, form.row_kind, form._state.adding = (
        None,
        "X.01",
        "whole",
        "fixed",
        True,
    )
    form.fixed_rows, form.columns, form.identities = ["Một", "Hai"], form.columns[:1], []
    form.save()
    for office, number in ((place.first, 3), (place.second, 4)):
        lines = [
            Line(entered.fixed_key(n, name), name, {"3": number})
            for n, name in ((1, "Một"), (2, "Hai"))
        ]
        at = vn("15/12/2026 08:00")
        by = office.desk(office.controller, at)
        acts.save(form, office.agency, PERIOD, lines, seen=0, by=by, at=at)
        sign(office, "X.01")
    at = vn("15/12/2026 10:00")
    scope = Scope.for_form(form, place.agency)
    found = table(form, scope, PERIOD, at)
    assert found.problems == (entered.UNTYPED,)
    assert [one.values["3"] for one in found.rows] == [7, 7]
    form.row_kind = "unit"
    found = table(form, scope, PERIOD, at)
    assert [(one.label, one.values["3"]) for one in found.rows] == [
        (place.second.agency.name, 8), (place.first.agency.name, 6)
    ]  # fmt: skip


def test_strangers_find_nothing_and_others_do_not_type(place: Province, signed_in: Enter) -> None:
    here = f"{address(place.first.agency)}nhap/"
    assert signed_in(place.second.controller).get(here).status_code == 404
    assert signed_in(place.first.leader).get(here).status_code == 403
    assert signed_in(place.controller).post(here, typed({})).status_code == 403
    client = signed_in(place.first.controller)
    assert client.get(here.replace("II.05a", "II.06a")).status_code == 404
    assert client.get(here.replace("II.05a", "II.05b")).status_code == 404
    assert client.post(here.replace("2026Q4", "2027Q2"), typed({})).status_code == 422


def test_the_print_and_the_workbook(place: Province) -> None:
    enter(place.first, row("Đất đai", (1234, 2, 1232, 1234, 0, 0, 1230, 1230, 0, 3, 1, 6)))
    form = form_on("II.05a", LAST)
    found = table(form, Scope.of(place.first.agency), PERIOD, vn("15/12/2026 10:00"))
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(rendering.pdf(found))).pages)
    assert "II.05a" in text
    assert "1.234" in text
    assert "Đất đai" in text
    with CalamineWorkbook.from_filelike(BytesIO(rendering.xlsx(found))) as book:
        cells = book.get_sheet_by_index(0).to_python()
    assert 1234 in [cell for row in cells for cell in row]


# --- loading ----------------------------------------------------------------------------------------


def told(form: ReportForm) -> tuple[Any, ...]:
    return (
        form.code, form.number, form.title, form.legal, form.unit, form.row_kind, form.reach, form.row_label, form.columns,
        form.identities, form.fixed_rows,
    )  # fmt: skip


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_form_goes_out_as_a_sheet_and_comes_back() -> None:
    forms = [form_of(one) for one in shipped() if one["source"] == "entered"]
    assert [one.code for one in forms] == ["II.05a", "II.05b"]
    for form in forms:
        assert told(loading.read(upload("bieu.xlsx", xlsx(form)))) == told(form)


def sheet_of(*rows: tuple[object, ...]) -> bytes:
    into = BytesIO()
    with xlsxwriter.Workbook(into) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, ["" if one is None else one for one in cells])
    return into.getvalue()


CIRCULAR = (
    ("Biểu số II.01/VPCP/KSTT",),
    ("KẾT QUẢ ĐÁNH GIÁ TÁC ĐỘNG",),
    ("STT", "Tên dự án", "Số thủ tục", None, None, "Ghi chú"),
    (None, None, "Tổng số", "Chia ra", None, None),
    (None, None, None, "Ban hành mới", "Sửa đổi", None),
    ("(1)", "(2)", "(3)=(4)+(5)", "(4)", "(5)", "(6)"),
    (1, "Luật, nghị quyết"),
    (2, "Nghị định"),
    (None, "Tổng số"),
)


def test_a_template_that_nobody_filled_in_is_refused() -> None:
    for code in loading.NAMED:
        with pytest.raises(DomainError) as refused:
            loading.read(upload("bieu.xlsx", xlsx(loading.blank(code))))
        assert (refused.value.code, refused.value.data["number"]) == ("load_unnamed", "3")


def test_a_table_of_a_circular_is_read_by_its_head() -> None:
    form = loading.read(upload("ii01.xlsx", sheet_of(*CIRCULAR)))
    assert [(one["number"], one["path"]) for one in form.columns] == [
        ("3", ["Số thủ tục", "Tổng số"]), ("4", ["Số thủ tục", "Chia ra", "Ban hành mới"]),
        ("5", ["Số thủ tục", "Chia ra", "Sửa đổi"]), ("6", ["Ghi chú"]),
    ]  # fmt: skip
    assert (form.row_label, form.identities) == ("Tên dự án", [["3", ["4", "5"]]])
    assert (form.row_kind, form.fixed_rows) == ("fixed", ["Luật, nghị quyết", "Nghị định"])


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"%PDF", "load_kind"),
        ("a.json", b"{", "load_json"),
        ("a.json", b'{"title": "A"}', "load_json"),
        ("a.json", b'{"columns": []}', "load_few"),
        ("a.json", b"[]", "load_json"),
        ("a.json", b'{"columns": [{"number": "x", "path": ["A"]}]}', "load_unnamed"),
        ("a.xlsx", sheet_of(("STT", "Tên", "A")), "load_numbers"),
        ("a.xlsx", sheet_of((1, 2, 3)), "load_heads"),
        ("a.xlsx", sheet_of(("STT", "Tên", None), (1, 2, 3)), "load_unnamed"),
        ("a.xlsx", sheet_of(("STT", "Tên", "A"), (1, 2, "(3)=(x)")), "load_identity"),
        ("a.xlsx", sheet_of(("STT", "Tên", "A", "B"), (1, 2, 3, 4), ("Kỳ sau", "3 = cột 4")), "load_identity"),
        ("a.xlsx", b"PK", "table_unreadable"),
    ],
)  # fmt: skip
def test_what_does_not_read_is_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        loading.read(upload(name, content))
    assert refused.value.code == code


def test_a_province_loads_a_form(place: Province, signed_in: Enter) -> None:
    client, here = signed_in(place.controller), "/bao-cao/bieu/nap/"
    page = client.get(here).content.decode()
    assert "II.01" in page
    assert "Chưa nạp" in page
    assert client.get("/bao-cao/bieu/mau.xlsx?bieu=II.01").status_code == 200
    assert client.get("/bao-cao/bieu/mau.xlsx?bieu=II.99").status_code == 404
    assert client.post(here, {}).status_code == 422
    read = client.post(here, {"file": upload("ii01.xlsx", sheet_of(*CIRCULAR))})
    assert "Ban hành mới" in read.content.decode()
    asked = {
        "code": "II.01", "number": "Biểu số II.01", "title": "ĐÁNH GIÁ", "legal": "", "row_kind": "fixed", "reach": "own",
        "fed_by": "", "row_label": "Dự án", "unit": "Số TTHC", "columns": "3 | A > Tổng\n4 | A > Mới | từ kỳ trước\n5 | A > Cũ | còn cuối kỳ",
        "fixed_rows": "Luật\nNghị định", "identities": "(3) = (4) + (5)", "notes": "", "effective_from": "01/12/2026",
    }  # fmt: skip
    for more in (
        {"code": "II.06a"}, {"code": "a b"}, {"columns": "2 | A"}, {"columns": "3 | A | từ kỳ trước"}, {"columns": "3 | A | lạ"},
        {"fixed_rows": ""}, {"identities": "3 = 9"}, {"fed_by": "II.99"},
    ):  # fmt: skip
        assert client.post(here, asked | more).status_code == 422, more
    assert client.post(here, asked | {"xem": "1"}).context["found"].table.columns[0].number == "3"
    assert client.post(here, asked).status_code == 302
    made = form_on("II.01", date(2026, 12, 14))
    assert made.fixed_rows == ["Luật", "Nghị định"]
    assert made.columns[1]["measure"] == "carried"
    entry = signed_in(place.first.controller).get(f"{address(place.first.agency, 'II.01')}nhap/")
    assert [one.label for one in entry.context["grid"].rows] == ["Luật", "Nghị định"]
    assert signed_in(place.first.controller).post(here, asked).status_code == 403
    told_as_json = json.dumps({"code": "II.08", "columns": [{"number": 3, "path": ["A"]}]})
    assert loading.read(upload("a.json", told_as_json.encode())).code == "II.08"
