"""The controller's list of late requests is sorted and narrowed as any other, and says where there
are too many for that (R-46).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dossiers.desk import late_requests
from dossiers.views import late_requests as view
from tests.clock import Clock
from tests.dossiers.work.test_other_lists import codes, of_csv
from tests.dossiers.work.test_requests import AFTER, LIST, ask_late
from tests.world import MONDAY, Office, make_case, receive

NAMES = ("Trần Thị Cúc", "Lê Văn An", "Phạm Thị Bình")
WIDE = "chỉ xếp theo ngày phát phiếu"


@pytest.fixture
def client(office: Office, signed_in: Callable[..., Any], clock: Clock) -> Any:
    """By reception: Cúc, An, Bình; by issue, the newest first: Cúc, Bình, An."""
    case = make_case()
    made = [
        receive(office, case, at=MONDAY + timedelta(minutes=n), owner=name)
        for n, name in enumerate(NAMES)
    ]
    for n, place in enumerate((1, 2, 0)):
        ask_late(office, made[place], at=AFTER + timedelta(days=n))
    clock.now = AFTER + timedelta(days=4)
    return signed_in(office.controller)


def owners(page: Any) -> str:
    """The first letters of the given names, from the top."""
    return "".join(row.line.owner_name.split()[-1][0] for row in page.context["rows"])


@pytest.mark.parametrize(
    ("order", "expected"),
    [("", "CBA"), ("-phat", "CBA"), ("phat", "ABC"), ("nhan", "CAB"), ("-nhan", "BAC"), ("ma", "CAB"), ("-chu", "CBA")],
)  # fmt: skip
def test_each_order_pages_by_key_both_ways_and_is_the_files(
    client: Any, monkeypatch: pytest.MonkeyPatch, order: str, expected: str
) -> None:
    address = f"{LIST}?xep={order}" if order else LIST
    whole = client.get(address)
    assert owners(whole) == expected
    assert whole.content.decode().count("aria-sort=") == 1
    told = of_csv(client.get(address.replace("?", "tep.csv?") if order else f"{LIST}tep.csv"))
    assert [line["Mã hồ sơ"] for line in told] == codes(whole)
    page = late_requests.late_page
    monkeypatch.setattr(view, "late_page", lambda rows, by, **how: page(rows, by, **how, size=2))
    first = client.get(address)
    second = client.get(first.context["next"])
    assert owners(first) + owners(second) == expected
    assert owners(client.get(second.context["previous"])) == expected[:2]


def test_chips_narrow_it_and_stay_in_the_address_and_the_file(client: Any, office: Office) -> None:
    page = client.get(f"{LIST}?loc=pham+thi+binh&xep=nhan")
    assert owners(page) == "B"
    assert ("“pham thi binh”", f"{LIST}?xep=nhan") in page.context["chips"]
    assert len(of_csv(client.get(f"{LIST}tep.csv?loc=pham+thi+binh"))) == 1
    client.get(f"{LIST}?xep=-phat")  # an order is kept for the officer
    day = f"{AFTER + timedelta(days=1):%d/%m/%Y}"
    assert owners(client.get(LIST, {"tu": day, "den": day})) == "B"
    assert owners(client.get(LIST, {"tu": day})) == "CB"
    both = {"duyet": office.leader.pk, "coquan": office.agency.pk}
    narrowed = client.get(LIST, both)
    assert owners(narrowed) == "CBA"
    words = [words for words, _ in narrowed.context["chips"]]
    assert words == [office.agency.name, f"Người duyệt: {office.leader.full_name}"]
    nothing = client.get(LIST, {"duyet": office.clerk.pk})
    assert "Không có yêu cầu nào khớp bộ lọc" in nothing.content.decode()
    asked = client.get(f"{LIST}?mo=loc&tu=9/9/2026&den=1/1/2026").content.decode()
    assert "Phát phiếu từ ngày" in asked
    for odd in ("duyet=x", "coquan=²", "tu=x", "xep=hen-", f"coquan={'9' * 30}"):
        assert owners(client.get(f"{LIST}?{odd}")) == "CBA"


def test_too_many_stand_by_their_issue_and_the_page_says_so(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_requests, "MOST_SORTED", 2)
    page = client.get(f"{LIST}?xep=chu")
    assert (owners(page), WIDE in page.content.decode()) == ("CBA", True)
    narrowed = client.get(f"{LIST}?xep=chu&loc=thi")
    assert (owners(narrowed), WIDE in narrowed.content.decode()) == ("BC", False)
    assert WIDE not in client.get(f"{LIST}?xep=phat").content.decode()


def test_sorting_costs_a_statement_whatever_the_list_holds(
    client: Any, office: Office, queries: Any
) -> None:
    client.get(f"{LIST}?xep=-phat")
    with queries() as own:
        client.get(LIST)
    client.get(f"{LIST}?xep=chu")
    with queries() as other:
        client.get(LIST)
    assert len(other) == len(own) + 1
