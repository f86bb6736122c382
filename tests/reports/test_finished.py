"""What is told of finished dossiers: how far they are digitised, what shortened terms saved; both held
against a plain look at the rows (R-13).
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.utils import CaptureQueriesContext
from pypdf import PdfWriter

from dossiers.acts import endings, scanning
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.models import Dossier
from dossiers.models.scanning import Scanning
from onestop.accounts.models import Role
from onestop.files.models import Attachment
from procedures.channels import Channel
from procedures.domain import lists
from procedures.domain.lists import Head, LineIn
from procedures.models import CounterKind
from reports import frozen, rendering
from reports.figures import Scope, Table, checks, table
from reports.figures.finished import hours
from reports.form_data import form_on
from reports.periods import parse
from tests.clock import Clock
from tests.reports.conftest import Province, finish, province
from tests.world import Office, make_case, make_officer, receive, vn

pytestmark = pytest.mark.django_db
PERIOD = parse("2026Q4")
CUT = vn("15/12/2026 08:00")


@pytest.fixture
def place(clock: Clock) -> Province:
    clock.now = CUT
    return province()


def filled(place: Province, code: str, cut: datetime = CUT) -> Table:
    form = form_on(code, PERIOD.last)
    found = table(form, Scope.for_form(form, place.agency), PERIOD, cut)
    assert list(checks.problems(found)) == []
    return found


def scan(office: Office, dossier: Dossier, pages: int, at: str, reason: str = "") -> None:
    made, writer = io.BytesIO(), PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(420 + pages, 595)
    writer.write(made)
    file = SimpleUploadedFile(f"{pages}.pdf", made.getvalue(), "application/pdf")
    desk = office.desk(office.clerk)
    scanning.add_scans(Seen(dossier.pk), [file], reason=reason, by=desk, at=vn(at))


def test_how_far_dossiers_are_digitised_by_the_cut(place: Province) -> None:
    first, second = place.first, place.second
    case, at_once = make_case("3 ngày làm việc"), make_case("trả ngay")
    whole, part, none, back, open_ = (
        receive(first, case, at=vn("02/11/2026 09:00")) for _ in range(5)
    )
    spot = receive(first, at_once, at=vn("02/11/2026 09:00"))
    other = receive(second, case, at=vn("02/11/2026 09:00"))
    withdrawn = receive(second, case, at=vn("02/11/2026 09:00"))
    for office, one in ((first, whole), (first, part), (first, none), (first, back), (first, spot), (second, other)):  # fmt: skip
        finish(office, one, vn("04/11/2026 09:00"))
    ending = endings.EndingIn("Nguyễn Văn Ân", "Thôi")
    endings.withdraw(Seen(withdrawn.pk), ending, by=second.desk(second.clerk), at=vn("04/11/2026 09:00"))  # fmt: skip
    scan(first, whole, 3, "05/11/2026 09:00")
    scan(first, part, 2, "05/11/2026 09:00", reason="Bản vẽ khổ lớn")
    scan(first, back, 4, "05/11/2026 09:00")
    scan(first, open_, 7, "05/11/2026 09:00")
    take_back(Seen(back.pk), by=first.desk(first.clerk), at=vn("20/11/2026 09:00"))
    scan(second, other, 5, "01/12/2026 09:00")
    for cut, rows in (
        (
            vn("10/11/2026 09:00"),
            [(first, (5, 1, 2, 2, "50,00", 9)), (second, (1, 0, 0, 1, "0,00", 0))],
        ),
        (CUT, [(first, (5, 1, 1, 3, "25,00", 5)), (second, (1, 0, 1, 0, "100,00", 5))]),
    ):
        found = filled(place, "digitised", cut)
        by_key = {row.key: row for row in found.rows}
        for office, said in rows:
            values = by_key[f"agency:{office.agency.pk}"].values
            assert tuple(values[n] for n in ("3", "4", "5", "6", "7", "10")) == said, cut
    # Plainly, as it stands today.
    ended = Dossier.objects.filter(state=9)
    assert found.total is not None
    assert found.total.values["3"] == ended.count() == 6
    whole_ones = ended.exclude(term__startswith="trả ngay").filter(no_scan_reason="")
    assert found.total.values["5"] == whole_ones.count()
    files = Attachment.objects.filter(kind="dossier", object_id__in=ended.values("pk"))
    assert found.total.values["10"] == sum(one.pages or 0 for one in files) == 10
    assert Scanning.objects.count() == 5
    # Without a dossier that must be scanned there is no share.
    assert by_key[f"agency:{place.agency.pk}"].values["7"] is None


def test_a_scan_that_came_later_changes_no_earlier_cut(
    place: Province, queries: Callable[[], CaptureQueriesContext]
) -> None:
    """R-108: what was said at the cut counts, also where nothing was scanned by then."""
    office, case = place.first, make_case("3 ngày làm việc")
    online = {"channel": Channel.ONLINE_FULL, "no_scan_reason": ""}
    whole = [receive(office, case, at=vn("02/11/2026 09:00"), **online) for _ in range(2)]
    said = receive(office, case, at=vn("02/11/2026 09:00"))
    for one in (*whole, said):
        finish(office, one, vn("04/11/2026 09:00"))
    cut = vn("10/11/2026 09:00")

    def counted() -> tuple[Any, ...]:
        with queries() as seen:
            total = filled(place, "digitised", cut).total
        assert total is not None
        return total.values["5"], total.values["6"], len(seen)

    before = counted()
    assert before[:2] == (2, 1)
    scan(office, whole[0], 3, "01/12/2026 09:00")
    scan(office, whole[1], 4, "01/12/2026 09:00", reason="Bản vẽ khổ lớn")
    scan(office, said, 5, "01/12/2026 09:00")
    assert counted() == before
    take_back(Seen(said.pk), by=office.desk(office.clerk), at=vn("02/12/2026 09:00"))
    assert counted() == before
    later = filled(place, "digitised").total
    assert later is not None
    assert (later.values["5"], later.values["6"]) == (1, 2)


def test_what_shortened_terms_saved(place: Province) -> None:
    """By field and procedure, in working hours; a term that was not shortened saves nothing."""
    office = place.first
    people = [make_officer(name, place.agency, (Role.CONTROLLER, None)) for name in ("An", "Bình")]
    birth, land = make_case("5 ngày làm việc"), make_case("20 ngày", field="Đất đai")
    plain = make_case("5 ngày làm việc", name="Kết hôn")
    head = Head(
        about="Công bố danh mục", signer="Chủ tịch", signed_on=date(2026, 11, 2), number="12/QĐ-UBND",
        effective_from=date(2026, 11, 2), no_file_reason="bản giấy",
    )  # fmt: skip
    at = vn("02/11/2026 08:00")
    row = lists.draft(head, agency=place.agency, by=people[0], at=at)
    lines = [
        LineIn(birth.version.code, CounterKind.COMMUNE, shortened="3 ngày làm việc"),
        LineIn(land.version.code, CounterKind.COMMUNE, shortened="10 ngày làm việc"),
        LineIn(plain.version.code, CounterKind.COMMUNE),
    ]
    row = lists.put_lines(row, lines, seen=row.revision)
    row = lists.check(row, by=people[1], at=at, seen=row.revision)
    lists.publish(row, by=people[0], at=at, seen=row.revision)
    office.agency.refresh_from_db()
    made = [receive(office, case, at=vn("03/11/2026 09:00")) for case in (birth, birth, land, plain, birth)]  # fmt: skip
    assert [one.term for one in made[:3]] == ["3 ngày làm việc"] * 2 + ["10 ngày làm việc"]
    for one, end in zip(made, ("05/11/2026 09:00", "10/11/2026 09:00", "12/11/2026 09:00", "05/11/2026 09:00"), strict=False):  # fmt: skip
        finish(office, one, vn(end))
    found = filled(place, "days-saved")
    by_law, promised = hours("20 ngày"), hours("10 ngày làm việc")
    assert (by_law, promised, hours("1,5 ngày làm việc"), hours("4 giờ làm việc")) == (114, 80, 12, 4)  # fmt: skip
    figures = {row.label: tuple(row.values[n] for n in "3456789") for row in found.rows if row.is_head}  # fmt: skip
    saved_land = by_law - promised
    assert figures == {
        birth.version.field.name: (2, 1, 1, 80, 48, 32, 16),
        "Đất đai": (1, 1, 0, 114, 80, saved_land, saved_land),
    }
    codes = [row.code for row in found.rows if not row.is_head]
    assert sorted(codes) == sorted([birth.version.code, land.version.code])
    assert {one.name: one.value for one in found.beside} == {"days_saved": 8}  # 66 hours
    html = rendering.html(found)
    assert "II" in html
    assert "Tổng số ngày làm việc tiết kiệm" in html


def test_both_are_prepared_and_signed_as_others(place: Province) -> None:
    office = place.first
    finish(office, receive(office, make_case(), at=vn("02/11/2026 09:00")), vn("04/11/2026 09:00"))
    for code in ("digitised", "days-saved"):
        form = form_on(code, PERIOD.last)
        by: Any = place.controller
        report = frozen.prepare(form, place.agency, PERIOD, CUT, by=by, at=CUT)
        assert frozen.thaw(report).rows == frozen.drafted(form, place.agency, PERIOD, CUT).rows
