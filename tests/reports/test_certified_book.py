"""The books of certification: a month on the page and on paper (NĐ 23/2015 Đ13)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from dossiers.acts import immediate, reception
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from dossiers.models.outgoing import OutgoingCounter, OutgoingDocument
from onestop.accounts.models import AccessEvent, Officer, Role
from procedures.models import Case
from reports.rendering import certified as drawing
from reports.views import certified
from tests.clock import MONDAY, Clock
from tests.world import Office, an_intake, make_case, make_office, make_officer, vn

pytestmark = pytest.mark.django_db
SignIn = Callable[[Officer], Client]
PAGE, PDF = "/so-theo-doi/chung-thuc/", "/so-theo-doi/chung-thuc/thang.pdf"
SIGNER = "Phan Văn Lộc, Chủ tịch UBND"


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def case() -> Case:
    return make_case("trả ngay", name="Chứng thực bản sao từ bản chính", fee=2000)


def sign(office: Office, case: Case, at: str, owner: str = "Lò Thị Mai", text: str = "") -> Dossier:
    summary = text or "Bằng tốt nghiệp: 2 trang × 3 bản"
    intake = an_intake(
        office,
        case,
        owner=owner,
        summary=summary,
        fee_amount=12_000,
        fee_reason="theo mức công bố",
        with_slip=False,
    )
    when = vn(at)
    return reception.receive_and_return(
        intake, by=office.desk(office.clerk, when), at=when, signer=SIGNER
    )


def text(answer: Any) -> str:
    pages = PdfReader(BytesIO(answer.content)).pages
    return "\n".join(page.extract_text() for page in pages)


def test_a_month_is_shown_and_printed_with_its_sums_and_void_numbers(
    office: Office, case: Case, signed_in: SignIn, clock: Clock
) -> None:
    sign(office, case, "23/11/2026 09:00")
    gone = sign(office, case, "23/11/2026 09:10", "Vi Văn Hải")
    when = vn("23/11/2026 09:12")
    immediate.promise_instead(Seen(gone.pk), by=office.desk(office.clerk, when), at=when)
    many = "3 giấy × 1 trang × 2 bản"
    sign(office, case, "25/11/2026 10:00", "Hoàng Thị Sen", many)
    clock.now = vn("02/12/2026 08:00")
    sign(office, case, "02/12/2026 08:00", "Ma Văn Páo")
    client = signed_in(office.clerk)
    now = client.get(PAGE)
    assert [texts[0] for texts in now.context["page"]] == ["06"]
    page = client.get(f"{PAGE}?thang=11")
    lines = list(page.context["page"])
    assert lines[0] == (
        "01", "23/11/2026", "Lò Thị Mai", "Bằng tốt nghiệp", SIGNER, "3", "12.000", "",
    )  # fmt: skip
    assert lines[1][5:] == ("", "", "Hủy ngày 23/11/2026")
    assert [one[6] for one in lines[2:]] == ["12.000", "nt", "nt"]
    sums = {name: page.context[name] for name in ("numbers", "copies", "fees")}
    assert sums == {"numbers": 4, "copies": 9, "fees": 24_000}
    printed = text(client.get(f"{PDF}?thang=11"))
    for part in ("01/2026-SCT/BS, tháng 11/2026", "Lò Thị Mai", "24.000", "Hủy ngày 23/11/2026"):
        assert part in printed, part
    assert "Ma Văn Páo" not in printed
    said = AccessEvent.objects.filter(object_kind="register").order_by("-pk").first()
    assert said is not None
    code = office.agency.code
    assert said.detail == f"sổ chứng thực SCT/BS 11/2026, {code}, 5 số, pdf"


def test_the_months_of_a_year_are_one_book_with_the_words_that_close_it(
    office: Office, case: Case, signed_in: SignIn, clock: Clock
) -> None:
    """Closed when the year is over; the next book begins by itself at 01 (Đ13)."""
    sign(office, case, "23/11/2026 09:00")
    gone = sign(office, case, "02/12/2026 08:00", "Vi Văn Hải")
    when = vn("02/12/2026 08:02")
    immediate.promise_instead(Seen(gone.pk), by=office.desk(office.clerk, when), at=when)
    clock.now = vn("30/12/2026 08:00")
    client = signed_in(office.clerk)
    page = client.get(f"{PAGE}?thang={certified.YEAR}")
    assert [texts[0] for texts in page.context["page"]] == ["01", "02"]
    assert page.context["shown"].closing == ""
    clock.now = vn("04/01/2027 08:00")
    sign(office, case, "04/01/2027 08:00", "Ma Văn Páo")
    client = signed_in(office.clerk)
    new, old = OutgoingCounter.objects.order_by("-year")
    assert (new.last, old.last) == (1, 2)
    asked = f"?so={old.pk}&thang={certified.YEAR}"
    said = "Khóa sổ năm 2026: từ số 01 đến số 02, 1 số có giá trị; số hủy: 02. Sổ năm 2027 bắt đầu từ số 01."
    assert said in client.get(PAGE + asked).content.decode()
    printed = text(client.get(PDF + asked))
    assert "01/2026-SCT/BS, năm 2026" in printed
    assert "Khóa sổ năm 2026: từ số 01 đến số 02" in printed


def test_the_page_costs_the_same_for_one_line_and_many(
    office: Office, case: Case, signed_in: SignIn, queries: Callable[..., Any]
) -> None:
    client = signed_in(office.clerk)
    counts = []
    for number in range(3):
        sign(office, case, f"23/11/2026 09:0{number}", text="3 giấy × 1 trang × 1 bản")
        client.get(PAGE)
        with queries() as seen:
            client.get(PAGE)
        counts.append(len(seen))
    assert len(set(counts)) == 1
    assert counts[0] <= 9


def test_a_long_month_is_shown_in_pages_with_the_sums_of_all(
    office: Office, case: Case, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fee stands at the first number of a dossier, also where the page turns between two."""
    monkeypatch.setattr(certified, "PAGE", 2)
    sign(office, case, "23/11/2026 09:00", text="3 giấy × 1 trang × 2 bản")
    client = signed_in(office.clerk)
    for place, numbers, fees in ((1, ["01", "02"], ["12.000", "nt"]), (2, ["03"], ["nt"])):
        shown = client.get(f"{PAGE}?trang={place}")
        assert [texts[0] for texts in shown.context["page"]] == numbers
        assert [texts[6] for texts in shown.context["page"]] == fees
        assert (shown.context["numbers"], shown.context["fees"]) == (3, 12_000)
        assert f"trang={3 - place}" in shown.content.decode()


def test_others_see_their_own_books_and_those_below(
    office: Office, case: Case, signed_in: SignIn
) -> None:
    sign(office, case, "23/11/2026 09:00")
    [book] = OutgoingCounter.objects.all()
    other = make_office("Ủy ban nhân dân xã An Hòa")
    assert signed_in(other.clerk).get(f"{PAGE}?so={book.pk}").status_code == 404
    assert signed_in(other.clerk).get(PDF).status_code == 404
    assert "Chưa có sổ chứng thực" in signed_in(other.clerk).get(PAGE).content.decode()
    for officer in (office.leader, office.controller):
        assert signed_in(officer).get(f"{PAGE}?so={book.pk}").status_code == 200
        seen = AccessEvent.objects.filter(object_kind="register").latest("pk")
        assert office.agency.code in seen.detail
    clerk = make_officer("Lý Văn Thư", office.agency, (Role.SPECIALIST, office.room))
    assert signed_in(clerk).get(PAGE).status_code == 403


def test_a_book_of_an_earlier_year_opens_at_its_end(
    office: Office, case: Case, signed_in: SignIn, clock: Clock
) -> None:
    sign(office, case, "23/11/2026 09:00")
    clock.now = vn("05/01/2027 08:00")
    shown = signed_in(office.clerk).get(PAGE).context["shown"]
    assert (shown.month.year, shown.month.month, shown.rows) == (2026, 12, [])


def test_long_closing_words_stay_on_the_sheet(office: Office) -> None:
    """Of many void numbers they take several lines of the cell over all columns."""
    gone = [OutgoingDocument(number=one, undone_at=MONDAY) for one in range(1, 61)]
    said, last = drawing.closing(gone, 2026), date(2026, 12, 1)
    drawn = drawing.pdf(office.agency, "SCT/BS", last, [], at=MONDAY, whole=True, closed=said)
    lines = PdfReader(BytesIO(drawn)).pages[0].extract_text().splitlines()
    first = next(at for at, words in enumerate(lines) if "Khóa sổ năm 2026" in words)
    assert "Sổ năm 2027" not in lines[first]
    assert any("Sổ năm 2027" in words for words in lines[first:])
