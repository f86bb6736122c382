"""`/cua-toi/` of what was handed in on line and is no dossier yet: the own, as the look-up says it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.test import Client

from dossiers.acts import filings
from dossiers.desk.of_owner import PAGE_FILED
from dossiers.desk.online import SETTLED_DAYS
from dossiers.models import CounterVisit, OnlineFiling
from dossiers.models.dossier import IdentityKind
from onestop.accounts.models import AccessEvent, AccessKind
from procedures.models import Case
from tests.citizens.conftest import AN, NUMBER, Entering
from tests.citizens.test_mine import shown
from tests.dossiers.online.filed import a_filing, a_list
from tests.world import MONDAY, Office, make_case

pytestmark = pytest.mark.django_db
State = OnlineFiling.State


@pytest.fixture
def an(enter: Entering) -> Client:
    client = Client()
    enter(client, AN)
    return client


def filed(office: Office, number: int, **more: Any) -> OnlineFiling:
    code = f"G99.01-261120-{number:06d}"
    more = {"identity_number": NUMBER, "procedure_text": "Đăng ký khai sinh"} | more
    row: OnlineFiling = a_filing(office, code, **more)
    return row


def answered(office: Office, case: Case, row: OnlineFiling, kind: CounterVisit.Kind) -> None:
    items = [{"what": "declared", "name": "Họ tên người mẹ", "note": "như giấy khai sinh"}]
    visit = CounterVisit.objects.create(
        kind=kind, agency=office.agency, version=case.version, owner_name="Ân", reason="Tờ khai chưa đủ.",
        items=items if kind == CounterVisit.Kind.COMPLETE else [], officer=office.clerk, at=MONDAY,
    )  # fmt: skip
    filings.answer(row.code, visit, by=office.clerk, at=MONDAY)


def parts(page: str, *rows: OnlineFiling) -> list[str]:
    found = [page.partition(f"/tra-cuu/{one.code}/")[2].partition("</section>")[0] for one in rows]
    return [" ".join(one.split()) for one in found]


def test_what_is_no_dossier_yet_is_listed_as_the_look_up_says_it(
    office: Office, an: Client, client: Client
) -> None:
    """R-40, R-44: that it waits and until when; what was asked, once and completely; what was refused."""
    case, kinds = make_case(), CounterVisit.Kind
    listed = a_list(office)
    waits, guided, refused = (filed(office, n, listed_in=listed) for n in range(1, 4))
    answered(office, case, guided, kinds.COMPLETE)
    answered(office, case, refused, kinds.REFUSE)
    page = shown(an)
    for one, part in zip(
        (waits, guided, refused), parts(page, waits, guided, refused), strict=True
    ):
        looked_up = " ".join(shown(client, f"/tra-cuu/{one.code}/").split())
        sentence = looked_up.partition('<p class="answer')[2].partition(">")[2].partition("</p>")[0]
        assert sentence.strip()
        assert sentence.strip() in part
        assert "Đăng ký khai sinh" in part
        assert office.agency.name in part
    _, asks, no = parts(page, waits, guided, refused)
    assert "<li>Họ tên người mẹ: như giấy khai sinh</li>" in asks
    assert "Lý do: Tờ khai chưa đủ." in asks
    assert "Lý do: Tờ khai chưa đủ." in no
    assert "Cần bổ sung" not in no
    # Of whoever has the code alone the look-up tells nothing of it.
    assert "Họ tên người mẹ" not in shown(client, f"/tra-cuu/{guided.code}/")
    assert "Không có hồ sơ nào" not in page
    seen = AccessEvent.objects.filter(kind=AccessKind.CITIZEN_VIEWED, object_kind="online_filing")
    assert set(seen.values_list("object_id", "about")) == {
        (one.pk, office.agency.pk) for one in (waits, guided, refused)
    }


def test_nothing_of_anybody_else_is_listed(office: Office, an: Client) -> None:
    """Another number, another kind of paper, what was received (a dossier is the dossier's), what a list
    brought that was undone.
    """
    listed = a_list(office)
    company = {"identity_kind": int(IdentityKind.TAX_CODE)}
    filed(office, 1, listed_in=listed, identity_number="001075000111")
    filed(office, 2, listed_in=listed, said=company)
    filed(office, 3, listed_in=listed, state=State.RECEIVED, ended_at=MONDAY)
    filed(office, 4, listed_in=listed, state=State.RECALLED, ended_at=MONDAY)
    assert "Không có hồ sơ nào ghi số định danh của Ông/Bà" in shown(an)
    card = {"identity_kind": int(IdentityKind.CITIZEN_CARD)}
    own = [filed(office, n, listed_in=listed, said=said) for n, said in ((5, card), (6, {}))]
    page = shown(an)
    assert page.count("<section") == len(own)
    assert all(one.code in page for one in own)


def test_what_ended_goes_when_the_counter_shows_it_no_more_and_what_waits_stays(
    office: Office, an: Client
) -> None:
    listed = a_list(office)
    long_ago, lately = (MONDAY - timedelta(days) for days in (SETTLED_DAYS + 1, SETTLED_DAYS - 1))
    waits = filed(office, 1, listed_in=listed, filed_at=MONDAY - timedelta(90))
    ended = [
        (at, filed(office, number, listed_in=listed, state=state, ended_at=at))
        for number, (state, at) in enumerate(
            product((State.ANSWERED, State.ELSEWHERE), (long_ago, lately)), start=2
        )
    ]
    page = shown(an)
    assert waits.code in page
    assert [one.code in page for at, one in ended] == [at == lately for at, _ in ended]


def test_it_is_paged_and_asks_as_often_for_many_as_for_one(
    office: Office, an: Client, queries: Callable[..., Any]
) -> None:
    listed, case = a_list(office), make_case()
    rows = [filed(office, 0, listed_in=listed)]
    answered(office, case, rows[0], CounterVisit.Kind.COMPLETE)
    with queries() as one:
        shown(an)
    for n in range(1, PAGE_FILED + 2):
        rows.append(filed(office, n, listed_in=listed))
        answered(office, case, rows[-1], CounterVisit.Kind.COMPLETE)
    with queries() as many:
        page = shown(an)
    assert len(one) == len(many) <= 10
    assert page.count("<section") == PAGE_FILED
    older = page.partition('href="/cua-toi/?chua-nhan-sau=')[2].partition('"')[0]
    last = shown(an, f"/cua-toi/?chua-nhan-sau={older}")
    assert [one.code in last for one in rows[:3]] == [True, True, False]
    assert "/cua-toi/?chua-nhan-truoc=" in last
