"""Forms entered by hand whose edition changes, tables that stand for others, odd cells and files, and
who saves while another one presents it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from onestop.accounts.desk import desk_of
from onestop.accounts.models import Agency
from onestop.errors import DomainError, sentence
from reports import frozen, signing
from reports.entering import acts, grid, loading
from reports.entering.template import xlsx
from reports.figures import Scope, Table, entered, table
from reports.figures.entered import Line
from reports.form_data import form_on
from reports.forms_of_forms import NewForm
from reports.models import Column, Duty, EnteredFigures, ReportForm, SignedReport
from reports.periods import Period, parse
from tests.reports.conftest import Province
from tests.world import Office, vn

pytestmark = pytest.mark.django_db
Enter = Callable[..., Any]
PERIOD, NEXT = parse("2026Q4"), parse("2027Q1")
NOW = "15/12/2026 10:00"


def made(code: str, day: str = "01/10/2026", **more: Any) -> ReportForm:
    """One column (3), rows as they are named."""
    told = {"row_kind": "free", "reach": "own", "columns": columns("3")} | more
    form = loading.blank(code)
    for name, value in told.items():
        setattr(form, name, value)
    form.effective_from = vn(f"{day} 00:00").date()
    form.save()
    return form


def columns(*numbers: str, **marks: str) -> list[dict[str, Any]]:
    return [{"number": n, "path": [f"Cột {n}"], "measure": marks.get(f"c{n}", "")} for n in numbers]


def line(label: str, key: str = "", **values: int | None) -> Line:
    return Line(key or entered.free_key(label), label, {k[1:]: v for k, v in values.items()})


def save(
    form: ReportForm,
    office: Office | Province,
    *lines: Line,
    seen: int = 0,
    at: str = "15/12/2026 08:00",
    period: Period = PERIOD,
) -> EnteredFigures:
    by = desk_of(office.controller, vn(at))
    return acts.save(form, office.agency, period, lines, seen=seen, by=by, at=vn(at))


def sign(form: ReportForm, office: Office | Province, at: str = "15/12/2026 09:00") -> SignedReport:
    by = desk_of(office.controller, vn(at))
    report = signing.prepare(form, office.agency, PERIOD, by=by, at=vn(at))
    return signing.sign(report, by=desk_of(office.leader, vn(at)), at=vn(at))


def looked_at(form: ReportForm, agency: Agency, at: str = NOW) -> Table:
    return table(form, Scope.for_form(form, agency), PERIOD, vn(at))


def total(found: Table) -> dict[str, Any]:
    assert found.total is not None
    return dict(found.total.values)


def edition(form: ReportForm, day: str = "01/12/2026", **more: Any) -> ReportForm:
    """A newer one of the same code."""
    told = {"row_kind": form.row_kind, "reach": form.reach, "columns": form.columns}
    return made(form.code, day, **told | more)


# --- what is added up -------------------------------------------------------------------------------


def test_two_signed_editions_are_one(place: Province) -> None:
    """The one that was signed last counts, also where the other edition is the newer one."""
    form = made("X.01", reach="whole")
    above = made("X.02", fed_by="X.01", row_kind="unit")
    save(form, place.first, line("Một", c3=10))
    newer = edition(form)
    sign(newer, place.first)
    sign(form, place.first, "15/12/2026 09:30")
    assert SignedReport.objects.count() == 2
    for one in (form, above):
        found = looked_at(one, place.agency)
        assert total(found)["3"] == 10
        assert [row.values["3"] for row in found.rows] == [10]
        assert any("của 1 cơ quan" in note for note in found.notes)


def test_a_table_of_the_whole_stands_for_those_below(place: Province) -> None:
    """Also where another form adds it up; and who signed below is not said to be missing."""
    Duty.objects.create(
        name="X", whose="commune", every="Q", form_code="X.01", narrative=False, entered=False,
        due_days=3, entry_days=3, effective_from=date(2026, 10, 1),
    )  # fmt: skip
    # Opened after the period: owes nothing of it.
    Agency.objects.filter(pk=place.empty.agency.pk).update(opened_on=date(2027, 1, 1))
    form = made("X.01", reach="whole")
    above = made("X.02", fed_by="X.01", row_kind="unit")
    for office, number in ((place.first, 3), (place.second, 4)):
        save(form, office, line("Một", c3=number))
        sign(form, office)
    save(form, place, line("Một", c3=1), at="15/12/2026 09:30")
    sign(form, place, "15/12/2026 09:40")
    found = looked_at(above, place.agency)
    assert [(row.label, row.values["3"]) for row in found.rows] == [(place.agency.name, 8)]
    assert total(found)["3"] == 8
    assert not [note for note in found.notes if note.startswith("Chưa có biểu")]


def test_fixed_rows_that_went_while_they_were_typed(place: Province, signed_in: Enter) -> None:
    """Sent from a page of the earlier edition: what was typed in them stands there and is told."""
    form = made("X.01", row_kind="fixed", fixed_rows=["Một", "Hai"])
    here = f"/bao-cao/{form.slug}/{place.first.agency.code}/{PERIOD.code}/nhap/"
    gone = entered.fixed_key(2, "Hai")
    sent = {"lan": "0", "k-0": entered.fixed_key(1, "Một"), "c-0-3": "4", "k-1": gone, "l-1": "Hai"}
    edition(form, fixed_rows=["Một"])
    client = signed_in(place.first.controller)
    answer = client.post(here, sent | {"c-1-3": "5"})
    assert answer.status_code == 422
    assert not EnteredFigures.objects.exists()
    assert [one.label for one in answer.context["grid"].rows] == ["Một", "Hai"]
    assert "Dòng “Hai” không còn trong danh sách" in answer.content.decode()
    assert client.post(here, sent | {"c-1-3": ""}).status_code == 302
    [kept] = EnteredFigures.objects.all()
    assert [(one["label"], one["values"]) for one in kept.rows] == [("Một", {"3": 4})]


def test_a_form_that_gets_fixed_rows_within_the_period(place: Province) -> None:
    """What was typed or signed in rows that are named by hand stays to be read; the fixed rows are all
    asked for.
    """
    form = made("X.01", reach="whole")
    save(form, place.first, line("Một", c3=3))
    sign(form, place.first)
    save(form, place.second, line("Hai", c3=4))
    newer = edition(form, row_kind="fixed", fixed_rows=["Một", "Hai"])
    above = looked_at(newer, place.agency)
    assert [(row.label, row.values["3"]) for row in above.rows] == [("Một", None), ("Hai", None), ("Một", 3)]  # fmt: skip
    mine = looked_at(newer, place.second.agency)
    assert [row.label for row in mine.rows] == ["Một", "Hai"]
    gone = "Dòng “Hai” đã nhập theo bản biểu trước, bản này không có dòng đó."
    assert mine.problems[0].startswith(gone)
    blank = [words.split(":")[0] for words in mine.problems[1:]]
    assert blank == ["Dòng “Một”", "Dòng “Hai”"]
    keys = [entered.fixed_key(number, name) for number, name in ((1, "Một"), (2, "Hai"))]
    save(newer, place.second, line("Hai", keys[1], c3=4), line("Một", keys[0], c3=0), seen=1)
    mine = looked_at(newer, place.second.agency)
    assert [(row.label, row.values["3"]) for row in mine.rows] == [("Một", 0), ("Hai", 4)]
    assert not mine.problems
    # A row that is added later is asked for before anybody signs.
    third = edition(newer, "02/12/2026", fixed_rows=["Một", "Hai", "Ba"])
    with pytest.raises(DomainError) as refused:
        sign(third, place.second)
    assert sentence(refused.value).endswith("Dòng “Ba”: chưa nhập cột (3) Cột 3.")


def test_a_sum_of_editions_says_what_it_lacks(place: Province) -> None:
    """Columns that some did not report are named, and are no 0; identities hold of what is added up."""
    form = made("X.01", columns=columns("3", "4"))
    save(form, place.first, line("Một", c3=5, c4=2))
    sign(form, place.first)
    above = made("X.02", fed_by="X.01", columns=columns("3", "4", "5"), identities=[["3", ["4"]], ["3", ["4", "5"]]])  # fmt: skip
    found = looked_at(above, place.agency)
    assert total(found) == {"3": 5, "4": 2, "5": None}
    assert found.problems == ("Dòng “Một”: cột (3) Cột 3 ghi 5, nhưng (4) là 2.",)
    name = place.first.agency.name
    said = f"Cột (5) Cột 5: biểu đã ký của 1 cơ quan không có số của cột này: {name}."
    assert said in found.notes
    newer = edition(form, columns=columns("3", "4", "5"))
    save(newer, place.second, line("Hai", c3=3, c4=1, c5=2))
    sign(newer, place.second)
    found = looked_at(above, place.agency)
    assert total(found) == {"3": 8, "4": 3, "5": 2}
    assert said in found.notes
    # Nothing happened is 0.
    save(newer, place.empty)
    sign(newer, place.empty)
    assert total(looked_at(newer, place.empty.agency)) == {"3": 0, "4": 0, "5": 0}


def test_a_period_in_which_nothing_happened_left_nothing() -> None:
    told = [Column(n, (f"Cột {n}",), m) for n, m in (("3", "carried"), ("4", "open"))]
    lines = [line("Một", c3=2, c4=2)]
    assert not list(entered.not_carried(told, lines, None))
    (wrong,) = entered.not_carried(told, lines, EnteredFigures(rows=[]))
    assert wrong.words.endswith("ghi 2, nhưng cột (4) của kỳ trước là 0.")


def test_what_is_saved_after_the_cut_is_not_signed_away(place: Province) -> None:
    """R-106: what is signed is what was saved last."""
    form, office = made("X.01"), place.first
    save(form, office, line("Một", c3=1))
    save(form, office, line("Một", c3=2), seen=1, at="15/12/2026 09:30")
    by, agency = office.controller, office.agency
    with pytest.raises(DomainError, match="entry_raced"):
        frozen.prepare(
            form, agency, PERIOD, vn("15/12/2026 09:00"), by=by, at=vn("15/12/2026 10:00")
        )
    assert not SignedReport.objects.exists()
    sign(form, office, "15/12/2026 10:00")
    with pytest.raises(DomainError, match="report_signed"):
        save(form, office, line("Một", c3=3), seen=2, at="15/12/2026 10:00")


# --- the page and the file --------------------------------------------------------------------------


def test_every_row_that_is_sent_is_kept(place: Province, signed_in: Enter) -> None:
    form, client = made("X.01"), signed_in(place.first.controller)
    here = f"/bao-cao/X.01/{place.first.agency.code}/{PERIOD.code}/"
    sent = {"lan": "0"}
    for number in range(400):
        sent |= {f"k-{number}": "", f"l-{number}": f"Dòng {number}", f"c-{number}-3": str(number)}
    assert client.post(f"{here}nhap/", sent).status_code == 302
    kept = EnteredFigures.objects.get()
    assert [one["values"]["3"] for one in kept.rows] == list(range(400))
    assert len(grid.opened(form, place.first.agency, PERIOD, vn(NOW)).rows) == 403
    # It has no dossiers behind it.
    for address in (f"{here}ho-so/?dong=total&cot=3", f"{here}ho-so.csv?dong=total&cot=3"):
        assert client.get(address).status_code == 404


def test_a_unit_that_is_gone_is_told_by_its_name(place: Province, signed_in: Enter) -> None:
    made("X.01", row_kind="unit")
    client = signed_in(place.controller)
    here = f"/bao-cao/X.01/{place.agency.code}/{PERIOD.code}/nhap/"
    sent = {"lan": "0", "k-0": "agency:99999", "l-0": "Xã <Cũ>", "c-0-3": "4"}
    answer = client.post(here, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Dòng “Xã &lt;Cũ&gt;” không còn trong danh sách" in page
    assert 'value="4"' in page
    assert client.post(here, sent | {"c-0-3": ""}).status_code == 302
    assert EnteredFigures.objects.get().rows == []


@pytest.mark.parametrize("text", ["0.500", "00.500", "012 345"])
def test_what_may_be_a_fraction_is_no_number(text: str) -> None:
    assert grid.read(text) is None


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def of_json(number: str, more: str = "") -> bytes:
    return f'{{"columns": [{{"number": "{number}", "path": ["A"]}}]{more}}}'.encode()


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"[" * 200_000, "load_json", "không có cấu trúc"),
        (b"[1]", "load_json", "không có cấu trúc"),
        (b"{", "load_json", "dòng 1, ký tự thứ 2"),
        (b"\xff{", "load_json", "UTF-8"),
        (of_json("²"), "load_unnamed", "chưa có tên"),
        (of_json("9" * 5000), "load_unnamed", "chưa có tên"),
        (of_json("\\ud800"), "load_unnamed", "chưa có tên"),
        (of_json("3", ', "identities": ["\\ud800 a"]'), "load_identity", "Không đọc được"),
    ],
)
def test_an_odd_file_is_refused_in_words(content: bytes, code: str, words: str) -> None:
    with pytest.raises(DomainError) as refused:
        loading.read(upload("a.json", content))
    assert refused.value.code == code
    said = sentence(refused.value)
    assert words in said
    assert said.encode()


def test_odd_signs_and_rows_of_days_are_read() -> None:
    told = b'{"code": "X\\ud800", "columns": [{"number": 3, "path": ["A"], "measure": "\\ud800"}]}'
    form = loading.read(upload("a.json", told))
    assert (form.code, form.columns) == ("X", [{"number": "3", "path": ["A"], "measure": ""}])
    into = BytesIO()
    with xlsxwriter.Workbook(into, {"default_date_format": "dd/mm/yyyy hh:mm"}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate((("STT", "Tên", "A"), (1, 2, 3))):
            sheet.write_row(number, 0, cells)
        sheet.write_datetime(2, 1, vn("01/01/2026 08:30").replace(tzinfo=None))
    assert loading.read(upload("a.xlsx", into.getvalue())).columns[0]["path"] == ["A"]


@pytest.mark.parametrize("number", ["²", "9" * 5000, "0", "٣"])
def test_a_column_is_numbered_plainly(number: str) -> None:
    form = NewForm({"columns": f"{number} | A"}, source=loading.blank())
    assert "columns" in form.errors


def test_what_a_sheet_does_not_say_stays(place: Province, signed_in: Enter) -> None:
    """The template of a form that is fed by another one goes out and comes back as such."""
    ReportForm.objects.filter(code="II.05b").update(notes=["Ghi chú"], owed=["Q"])
    there = form_on("II.05b", PERIOD.last)
    client, here = signed_in(place.controller), "/bao-cao/bieu/nap/"
    form = client.post(here, {"file": upload("bieu.xlsx", xlsx(there))}).context["form"]
    sent: dict[str, Any] = {
        name: form[name].value() for name in form.fields if name != "effective_from"
    }
    sent = {
        name: value if name == "owed" else form.fields[name].prepare_value(value)
        for name, value in sent.items()
    }
    assert (sent["fed_by"], sent["owed"], sent["notes"]) == ("II.05a", ["Q"], "Ghi chú")
    assert client.post(here, sent | {"effective_from": "01/12/2026"}).status_code == 302
    newer = ReportForm.objects.get(code="II.05b", effective_to=None)
    assert newer.pk != there.pk
    assert (newer.fed_by, newer.owed, newer.notes) == ("II.05a", ["Q"], ["Ghi chú"])
