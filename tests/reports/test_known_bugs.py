"""Faults that other systems of this kind had in their counts, dashboards and exports; each number is
the one by which the case is known (B: counts and periods, C: dashboards, D: files and print). Those
that stand elsewhere: B.17 and B.20 in test_command.py, B.29 in test_board_pages.py, D.41 in
test_brought.py and test_brought_tables.py, D.43 in
test_paper.py; B.28 and D.40 of a form of causes and of the workbook also in test_command.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from dossiers.ledger import writer
from dossiers.models import Dossier
from onestop.accounts.models import Agency, AgencyKind, Level
from procedures.models import Field
from reports import frozen, rendering
from reports.figures import Scope, checks, table
from reports.figures.tables import Table
from reports.form_data import form_on
from reports.periods import parse
from tests.clock import Clock
from tests.reports.conftest import Worked, finish
from tests.reports.test_signing import prepare, sign, withdraw
from tests.reports.workbooks import sheet
from tests.world import Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
SERIAL_ZERO = vn("30/12/1899 00:00").replace(tzinfo=None)


def filled(office: Office, code: str, cut: str, form: str = "II.06a") -> Table:
    period = parse(code)
    known = form_on(form, period.last)
    return table(known, Scope.for_form(known, office.agency), period, vn(cut))


def total(office: Office, code: str, cut: str) -> dict[str, Any]:
    found = filled(office, code, cut).total
    assert found is not None
    return dict(found.values)


def change(dossier: Dossier, kind: str, at: str, **columns: Any) -> None:
    """An act that has no door yet, as the writer would count it."""
    with writer.change(dossier.pk, by=None, at=vn(at)) as life:
        for name, value in columns.items():
            setattr(life.dossier, name, value)
        life.record(kind, {})


def test_b19_half_past_midnight_is_that_day_everywhere(
    clock: Clock, signed_in: Callable[..., Any]
) -> None:
    """1 May 00:30 here is 30 April in UTC: table, dashboard, drill-down and workbook say May."""
    clock.now = vn("20/05/2026 09:00")
    office = make_office()
    dossier = receive(office, make_case(), at=vn("01/05/2026 00:30"))
    assert total(office, "2026-05", "20/05/2026 09:00")["5"] == 1
    assert total(office, "2026-04", "20/05/2026 09:00")["5"] == 0
    client = signed_in(office.leader)
    steps = client.get("/dieu-hanh/dien-bien/?ky=thang").context["found"].steps
    assert [(one.label, one.cells[0].number) for one in steps[-2:]] == [("04/26", 0), ("05/26", 1)]
    listed = client.get(steps[-1].cells[0].url)
    assert [row.line.code for row in listed.context["rows"]] == [dossier.code]
    [_, row] = sheet(rendering.xlsx(filled(office, "2026-05", "20/05/2026 09:00")), 2)
    wall = SERIAL_ZERO + timedelta(days=float(row["I"][1]))
    assert abs(wall - vn("01/05/2026 00:30").replace(tzinfo=None)) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("code", "days"),
    [("2026-02", 28), ("2028-02", 29), ("2026M3", 28), ("2028M3", 29), ("2026Q1", 90)],
)
def test_b22_a_short_month_has_its_own_days(code: str, days: int) -> None:
    assert parse(code).days == days


def test_b23_an_old_period_again_differs_only_by_its_adjustments(clock: Clock) -> None:
    """Signed: the same bytes. Counted anew: what is told as adjustments, and nothing else."""
    office, other, case = make_office(), make_office("Ủy ban nhân dân xã Khác"), make_case()
    withdrawn, corrected, moved, _ = (
        receive(office, case, at=vn(f"0{day}/09/2026 09:00")) for day in (1, 2, 3, 4)
    )
    signed = sign(office, prepare(office), "15/09/2026 09:00")
    before = rendering.json_text(frozen.thaw(signed), state="signed")
    field = Field.objects.create(name="Chứng thực")
    withdraw(office, withdrawn, "16/09/2026 09:00")
    change(corrected, "confirm", "10/09/2026 09:00", field=field)
    change(moved, "confirm", "20/09/2026 09:00", agency=other.agency)
    finish(office, corrected, vn("21/09/2026 09:00"))
    signed.refresh_from_db()
    assert rendering.json_text(frozen.thaw(signed), state="signed") == before
    assert total(office, "2026M9", "15/09/2026 08:00") == frozen.thaw(signed).total.values  # type: ignore[union-attr]
    next_one = prepare(office, "2026M10", "15/10/2026 08:00")
    told = {one["code"]: one for one in next_one.adjustments["adjustments"]}
    # Withdrawn and moved after the period: its own figures stay. Corrected in it: told.
    assert set(told) == {corrected.code}
    now = filled(office, "2026M9", "15/10/2026 08:00")
    then = {row.label: row.values for row in frozen.thaw(signed).rows}
    assert now.total is not None
    assert now.total.values["3"] == signed.figures["total"]["3"]
    differing = {row.label for row in now.rows if then.get(row.label) != row.values}
    assert differing == {"Hộ tịch", "Chứng thực"}


def test_b25_a_stopped_one_is_on_time_or_late_and_never_both() -> None:
    office, case = make_office(), make_case("3 ngày làm việc")
    in_time, late = (receive(office, case, at=vn("02/11/2026 09:00")) for _ in range(2))
    change(in_time, "stop", "04/11/2026 09:00")
    change(late, "stop", "10/11/2026 09:00")
    found = filled(office, "2026Q4", "23/11/2026 09:00")
    assert found.total is not None
    assert [found.total.values[number] for number in ("7", "8", "9", "10")] == [2, 0, 1, 1]
    beside = {one.name: one.value for one in found.beside}
    assert beside["ended_stopped"] == 2
    assert list(checks.problems(found)) == []


def test_b26_no_office_is_missing_however_many_there_are() -> None:
    """1,050 below one province: each has its row, zeros too; what was closed says so and keeps what
    it had; the total is the sum of the rows.
    """
    office = make_office("Ủy ban nhân dân tỉnh Lạng Sơn")
    closed = make_office("Ủy ban nhân dân xã Đã Nhập", parent=office.agency)
    receive(closed, make_case(), at=vn("01/10/2026 09:00"))
    Agency.objects.filter(pk=closed.agency.pk).update(closed_on=date(2026, 10, 31))
    opened = {"M0001": date(2026, 11, 1), "M0002": date(2027, 1, 1)}
    made = Agency.objects.bulk_create(
        Agency(
            code=f"M{number:04d}", name=f"Xã số {number}", level=Level.COMMUNE, parent=office.agency,
            kind=AgencyKind.PEOPLES_COMMITTEE, opened_on=opened.get(f"M{number:04d}"),
        )
        for number in range(1050)
    )  # fmt: skip
    for one in made:
        one.path = f"{office.agency.path}{one.pk}/"
    Agency.objects.bulk_update(made, ["path"], batch_size=200)
    found = filled(office, "2026Q4", "20/12/2026 09:00", "II.06-don-vi")
    codes = [row.code for row in found.rows]
    # All but the one that opens after the period, the province itself, and the closed one.
    assert len(codes) == len(set(codes)) == 1050 - 1 + 2
    assert "M0001" in codes
    assert "M0002" not in codes
    [old] = [row for row in found.rows if row.code == closed.agency.code]
    assert old.label.endswith("(đã ngừng hoạt động)")
    assert old.values["3"] == 1
    assert found.total is not None
    assert found.total.values["3"] == sum(row.values["3"] for row in found.rows)  # type: ignore[misc]


def test_c34_everybody_sees_what_is_theirs(worked: Worked, now: Clock, signed_in: Any) -> None:
    """A clerk no dashboard and no report; a head no other room, a leader no other office."""
    place, _ = worked
    for url in ("/dieu-hanh/", "/dieu-hanh/theo/can-bo/", "/bao-cao/"):
        assert signed_in(place.first.clerk).get(url).status_code == 403
    head = signed_in(place.first.head)
    assert head.get(f"/dieu-hanh/?phong={place.first.second_room.pk}").status_code == 404
    assert head.get(f"/dieu-hanh/?coquan={place.second.agency.code}").status_code == 404
    persons = head.get("/dieu-hanh/theo/can-bo/").content.decode()
    assert place.first.specialist.full_name in persons
    leader = signed_in(place.first.leader)
    assert leader.get(f"/dieu-hanh/?coquan={place.second.agency.code}").status_code == 404
    names = leader.get("/dieu-hanh/").content.decode()
    assert place.second.agency.name not in names
    assert place.second.agency.name in signed_in(place.leader).get("/dieu-hanh/").content.decode()


def test_c35_what_was_done_in_another_tab_is_counted_at_once(
    worked: Worked, now: Clock, signed_in: Any
) -> None:
    """And the page says as of when it is."""
    place, dossiers = worked
    client = signed_in(place.first.leader)

    def opened() -> int:
        cards = client.get("/dieu-hanh/").context["board"].cards
        return next(c.number for card in cards for c in card.cells if c.figure.key == "dang-mo")

    before = opened()
    finish(place.first, dossiers["counter"], vn("27/11/2026 09:01"))
    now.now = vn("27/11/2026 09:02")
    assert opened() == before - 1
    assert "09:02:00 thứ Sáu 27/11/2026" in client.get("/dieu-hanh/").content.decode()


def test_b28_a_rate_stands_with_what_it_is_a_rate_of(
    worked: Worked, now: Clock, signed_in: Any
) -> None:
    """Nothing to be a part of is “—”, never 0 or 100 %."""
    place, _ = worked
    client = signed_in(place.first.leader)
    month = client.get("/dieu-hanh/dien-bien/?ky=thang").content.decode()
    assert '50,00%<span class="sub">trong 2</span>' in month
    assert '<td class="num">—</td>' in month
    for url in ("/dieu-hanh/tuoi/", "/dieu-hanh/kenh/"):
        assert '<span class="sub">trong ' in client.get(url).content.decode(), url


def test_c37_no_catalogue_is_sent_to_who_signs_in(
    worked: Worked, now: Clock, signed_in: Any
) -> None:
    place, _ = worked
    client = signed_in(place.first.leader)
    few = len(client.get("/dieu-hanh/").content)
    for number in range(30):
        make_case(name=f"Thủ tục thứ {number}", field=f"Lĩnh vực {number}")
    assert abs(len(client.get("/dieu-hanh/").content) - few) < 200
    assert few < 61_000


def test_d38_the_file_counts_what_the_page_counted(clock: Clock, signed_in: Any) -> None:
    """Data change while the file is made: it says its own moment and has the page's number."""
    clock.now = vn("20/11/2026 09:00")
    office, case = make_office(), make_case()
    for _ in range(3):
        receive(office, case, at=vn("19/11/2026 09:00"))
    client = signed_in(office.leader)
    page = client.get(f"/bao-cao/II.06a/{office.agency.code}/2026Q4/").context["found"]
    receive(office, case, at=vn("20/11/2026 09:01"))
    clock.now = vn("20/11/2026 09:02")
    content = client.get(f"{page.address}tep.xlsx{page.file_query}").content
    assert len(sheet(content, 2)) - 1 == page.table.total.values["3"] == 3
    texts = [text for row in sheet(content, 1) for _, text in row.values()]
    assert any("Số liệu chốt lúc 09:00:00" in text for text in texts)


@pytest.mark.parametrize("at", ["19/11/2026 00:00", "19/11/2026 23:59"])
def test_d40_hours_near_midnight_stay_in_the_workbook(at: str) -> None:
    office = make_office()
    receive(office, make_case(), at=vn(at))
    [_, row] = sheet(rendering.xlsx(filled(office, "2026-11", "20/11/2026 09:00")), 2)
    kind, value = row["I"]
    assert kind == "n"
    wall = SERIAL_ZERO + timedelta(days=float(value))
    assert abs(wall - vn(at).replace(tzinfo=None)) < timedelta(seconds=1)
