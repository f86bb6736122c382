"""What a search found stands by how well it fits, or as any list of the desk, where it is not too
much to be put in order; the beginning of a code pages on.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dossiers.desk import orders, search, work
from dossiers.models import Dossier
from dossiers.views import listing
from dossiers.views import search as view
from onestop.accounts.models import Officer
from tests.dossiers.work.test_other_lists import codes, of_csv
from tests.world import MONDAY, Office, make_case, receive

NAMES = ("Trần Thị Ánh Cúc", "Trần Thị Ánh An", "Trần Thị Ánh Bình")
ASKED = "/tim/?q=tran+thi+anh"
WIDE = "Gõ thêm họ, tên đệm để xếp được theo cột"


@pytest.fixture
def several(office: Office) -> list[Dossier]:
    """By reception: Cúc, An, Bình; by promise: An, Bình, Cúc."""
    made = []
    for n, name in enumerate(NAMES):
        term = ("9 ngày làm việc", "3 ngày làm việc", "5 ngày làm việc")[n]
        case = make_case(term, name=f"Thủ tục {'bca'[n]}")
        made.append(receive(office, case, at=MONDAY + timedelta(minutes=n), owner=name))
    return made


@pytest.mark.parametrize(
    ("order", "expected"),
    [("nhan", "CAB"), ("hen", "ABC"), ("chu", "ABC"), ("ma", "CAB"), ("thu-tuc", "BAC")],
)
def test_what_was_found_is_sorted_and_pages_by_key(
    office: Office,
    several: list[Dossier],
    signed_in: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    order: str,
    expected: str,
) -> None:
    by_name = dict(zip("CAB", (one.code for one in several), strict=True))
    wanted = [by_name[letter] for letter in expected]
    if order == "thu-tuc":
        by_procedure = sorted(several, key=lambda one: one.version.name)
        wanted = [one.code for one in by_procedure]
    client = signed_in(office.clerk)
    page = client.get(f"{ASKED}&xep={order}")
    assert codes(page) == wanted
    # When they were received is a column that nobody chose yet.
    assert page.content.decode().count("aria-sort=") == (order != "nhan")
    assert codes(client.get(f"{ASKED}&xep=-{order}")) == wanted[::-1]
    told = of_csv(client.get(f"/tim/tep.csv?q=tran+thi+anh&xep=-{order}"))
    assert [line["Mã hồ sơ"] for line in told] == wanted[::-1]

    # Kept for this officer, page by page, in both directions; the words stay in the address.
    client.get(f"{ASKED}&xep={order}")
    page_of = work.work_page
    monkeypatch.setattr(listing, "work_page", lambda rows, **said: page_of(rows, **said, size=2))
    first = client.get(ASKED)
    assert codes(first) == wanted[:2]
    assert "q=tran+thi+anh" in first.context["next"]
    second = client.get(first.context["next"])
    assert codes(second) == wanted[2:]
    assert codes(client.get(second.context["previous"])) == wanted[:2]


def test_the_order_of_how_well_they_fit_has_no_other_way_round_and_comes_back(
    office: Office, several: list[Dossier], signed_in: Callable[..., Any]
) -> None:
    client = signed_in(office.clerk)
    fits = codes(client.get(ASKED))
    page = client.get(f"{ASKED}&xep=-hen")
    ways = [value for value, _, _ in page.context["orders"]]
    assert ways[:3] == ["khop", "hen", "-hen"]
    assert codes(client.get(f"{ASKED}&xep=-khop")) == codes(page)  # nothing that is offered
    assert codes(client.get(f"{ASKED}&xep=khop")) == fits
    assert Officer.objects.get(pk=office.clerk.pk).preferences == {}


def test_too_many_to_sort_stand_as_they_fit_and_the_page_says_so(
    office: Office,
    several: list[Dossier],
    signed_in: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = signed_in(office.clerk)
    fits = codes(client.get(ASKED))
    assert WIDE not in client.get(f"{ASKED}&xep=-hen").content.decode()
    monkeypatch.setattr(view, "MOST_SORTED", 2)
    page = client.get(f"{ASKED}&xep=-hen")
    assert codes(page) == fits
    assert WIDE in page.content.decode()
    assert "aria-sort=" not in page.content.decode()
    assert len(of_csv(client.get("/tim/tep.csv?q=tran+thi+anh"))) == 3
    assert WIDE not in client.get(f"{ASKED}&xep=khop").content.decode()


def test_sorting_costs_two_statements_whatever_was_found(
    office: Office, several: list[Dossier], signed_in: Callable[..., Any], queries: Any
) -> None:
    client = signed_in(office.clerk)
    client.get(f"{ASKED}&xep=nhan")
    with queries() as three:
        client.get(ASKED)
    for n in range(5):
        receive(office, make_case(), at=MONDAY + timedelta(hours=1, minutes=n), owner=NAMES[0])
    with queries() as eight:
        client.get(ASKED)
    assert len(eight) == len(three)
    assert orders.MOST_SORTED == 500


def test_the_beginning_of_a_code_goes_on_beyond_a_page(
    office: Office, several: list[Dossier], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Codes begin with the office and the day: a day has more than a page."""
    desk, start = office.desk(office.clerk), several[0].code.rpartition("-")[0]
    found, after = [], ""
    for _ in range(9):
        hits = search.search(desk, f"{start}-", on=MONDAY.date(), after=after, size=2)
        assert hits.kind == "code"
        found += hits.pks
        after = hits.next
        if not after:
            break
    assert found == [one.pk for one in several]
    monkeypatch.setattr(search, "SCAN", 1)
    few = search.search(desk, f"{start}-", on=MONDAY.date(), size=2)
    assert (len(few.pks), bool(few.next)) == (2, True)
