"""One report, one set of figures: what the page says, its PDF and its workbook say, for every form
and whoever reads it; and a figure opens just the dossiers that a plain fold over the events finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from dossiers.acts import apology
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from onestop.accounts.models import Agency, Officer
from procedures.channels import Channel
from reports import signing
from reports.figures import Row
from reports.form_data import form_on, shipped
from reports.models.form import Reach
from reports.periods import parse
from tests.clock import Clock
from tests.reports import naive
from tests.reports.conftest import Province, finish, province
from tests.reports.workbooks import sheet
from tests.world import make_case, receive, vn

pytestmark = pytest.mark.django_db
PERIOD = parse("2026Q4")
NOW = vn("15/12/2026 08:00")
Enter = Callable[..., Any]
Texts = list[str]


@pytest.fixture
def place(clock: Clock) -> Province:
    """Two communes; two fields; online and direct, ended in time and late, open, open and late; one
    result asked for by post.
    """
    found = province()
    land, birth = make_case("20 ngày làm việc", field="Đất đai"), make_case("3 ngày làm việc")
    old = receive(found.first, land, at=vn("10/09/2026 09:00"))
    receive(found.first, land, at=vn("07/12/2026 09:00"))
    at = vn("02/11/2026 09:00")
    done = receive(found.first, birth, at=at, channel=Channel.POST, return_by_post=True)
    sorry = receive(found.first, birth, at=vn("03/11/2026 09:00"))
    leader = found.first.desk(found.first.leader)
    at = vn("10/11/2026 09:00")
    apology.apologise(Seen(sorry.pk), reason="Chờ Sở", by=leader, at=at)
    late = receive(found.second, birth, at=vn("02/11/2026 09:00"))
    receive(found.second, land, at=vn("04/11/2026 09:00"))
    finish(found.first, done, vn("04/11/2026 09:00"))
    finish(found.first, old, vn("05/11/2026 09:00"))
    finish(found.second, late, vn("20/11/2026 09:00"))
    clock.now = NOW
    return found


def reports_of(place: Province) -> Iterator[tuple[str, Agency, list[Officer]]]:
    """Every form with who reads it: at the office itself, and above it."""
    office = place.first
    for row in shipped():
        if row["reach"] == Reach.WHOLE:
            yield row["code"], place.agency, [place.leader, place.controller]
        else:
            readers = [office.leader, office.controller, place.leader]
            yield row["code"], office.agency, readers


def address(code: str, agency: Agency) -> str:
    return f"/bao-cao/{code.replace('/', '-')}/{agency.code}/{PERIOD.code}/"


def on_page(page: Any) -> list[Texts]:
    """The rows of the table as a browser shows them: order, name with code, figures."""
    html = page.content.decode()
    table = html[html.index('<table class="report-table') :]
    rows = re.findall(r"<tr.*?</tr>", table.partition("</table>")[0], re.DOTALL)
    own = [one for one in rows if '<th scope="row"' in one and "report-other" not in one]
    found = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", one, re.DOTALL) for one in own]
    return [[_plain(re.sub(r"<[^>]+>", " ", cell)) for cell in row] for row in found]


def _plain(text: str) -> str:
    return " ".join(unescape(text).split())


def in_workbook(content: bytes, columns: int) -> list[Texts]:
    letters = [_letters(n) for n in range(columns + 3)]
    found = []
    for row in sheet(content, 1):
        order, label, code, *values = (row.get(one, ("s", ""))[1] for one in letters)
        found.append([order, f"{label} {code}".strip(), *values])
    return found


def _letters(column: int) -> str:
    """A to Z, AA, AB, …"""
    more, last = divmod(column, 26)
    return f"{chr(ord('A') + more - 1) if more else ''}{chr(ord('A') + last)}"


@pytest.mark.pdf
def test_page_print_and_workbook_say_the_same(place: Province, signed_in: Enter) -> None:
    for code, agency, readers in reports_of(place):
        for reader in readers[:1]:
            client = signed_in(reader)
            page = client.get(address(code, agency))
            found = page.context["found"]
            rows = on_page(page)
            assert len(rows) >= 1, code
            pdf, xlsx = (
                client.get(f"{found.address}tep.{kind}{found.file_query}").content
                for kind in ("pdf", "xlsx")
            )
            same(code, rows, pdf, xlsx, len(found.table.columns), lists=found.total is None)


def same(
    code: str, rows: list[Texts], pdf: bytes, xlsx: bytes, columns: int, *, lists: bool
) -> None:
    printed = _close(" ".join(one.extract_text() for one in PdfReader(BytesIO(pdf)).pages))
    written = in_workbook(xlsx, columns)
    for order, label, *figures in rows:
        told = label if lists else re.sub(r" (H[\d.]+)$", r" (\1)", label)
        assert _close("".join([order, told, *figures])) in printed, (code, label)
        if not lists:
            plain = [one.replace(".", "") for one in figures]
            assert [order, label, *plain] in written, (code, label)
        else:
            assert label in [row[1] for row in written], (code, label)


def _close(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.pdf
def test_what_is_signed_says_what_its_page_says(place: Province, signed_in: Enter) -> None:
    office, form = place.first, form_on("II.06a", PERIOD.last)
    report = signing.prepare(
        form, office.agency, PERIOD, by=office.desk(office.controller, NOW), at=NOW
    )
    signing.sign(report, by=office.desk(office.leader, NOW), at=NOW)
    client = signed_in(place.controller)
    page = client.get(address("II.06a", office.agency))
    pdf, xlsx = (
        client.get(f"{page.context['found'].address}tep.{kind}").content for kind in ("pdf", "xlsx")
    )
    assert "đã ký" in page.content.decode()
    same("II.06a", on_page(page), pdf, xlsx, 11, lists=False)


@pytest.mark.slow
def test_a_figure_opens_just_its_dossiers_for_each_reader(
    place: Province, signed_in: Enter
) -> None:
    everything = list(Dossier.objects.values_list("pk", flat=True))
    codes = dict(Dossier.objects.values_list("pk", "code"))
    of_all = {
        one.pk: naive.table(one.pk, everything, PERIOD, NOW)[1] for one in Agency.objects.all()
    }
    counted = 0
    for code, agency, readers in reports_of(place):
        if not code.startswith("II.06"):
            continue
        within = {
            pk: cells
            for pk, cells in of_all.items()
            if agency.pk == pk or form_on(code, PERIOD.last).reach == Reach.WHOLE
        }
        for reader in readers:
            client = signed_in(reader)
            found = client.get(address(code, agency)).context["found"]
            for row, line in zip(
                [*found.table.rows, found.table.total], [*found.lines, found.total], strict=True
            ):
                for column, figure in zip(found.table.columns, line.figures, strict=True):
                    wanted = {codes[pk] for pk in behind(within, row, column.number)}
                    listed = (
                        {one.line.code for one in client.get(figure.url).context["rows"]}
                        if figure.url
                        else set()
                    )
                    assert listed == wanted, (code, reader, row.label, column.number)
                    counted += len(listed)
    assert counted > 300


def behind(within: dict[int, Any], row: Row, number: str) -> set[int]:
    """What a fold finds for a row: of a field, of an agency, of a level, of all."""
    asked = dict(part.partition(":")[::2] for part in row.key.split("/"))
    return {
        pk
        for agency, cells in within.items()
        for (field, column), ids in cells.items()
        for pk in ids
        if column == number
        and asked.get("field", str(field)) == str(field)
        and asked.get("agency", str(agency)) == str(agency)
        and asked.get("level", "commune") == "commune"
    }
