"""A scanned card fills the owner, a tax code makes the owner a company: at the counter and on the
short path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from dossiers.intake.owner_numbers import told_by_number
from dossiers.models import Dossier
from dossiers.models.dossier import IdentityKind, OwnerKind
from onestop.accounts.models import Officer
from tests.dossiers.intake.pages import address, typed
from tests.dossiers.intake.test_immediate import PAGE, a_line, copies
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = pytest.mark.django_db
CARD = "001187000125|012345678|LÒ THỊ MAI|01021987|Nữ|Tổ 5, Phường Tam Thanh|05062021"
COMPANY, BRANCH, WRONG = "0100109106", "0100109106-001", "0100109107"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def clerk(office: Office, signed_in: Callable[[Officer], Client]) -> Client:
    return signed_in(office.clerk)


def test_a_tax_code_says_company_and_leaves_a_choice_alone() -> None:
    company = {"identity_kind": "3", "owner_kind": "2"}
    for number in (COMPANY, BRANCH, "01001 09106", "0100109106001"):
        assert told_by_number({"identity_number": number, "identity_kind": "1"}) == company
        assert told_by_number({"identity_number": number, "identity_kind": "3"}) == {
            "owner_kind": "2"
        }
    # 001087000123 without its zeros has the check digit of a tax code by chance: nobody guesses.
    assert told_by_number({"identity_number": "1087000123", "identity_kind": "1"}) == {}
    assert told_by_number({"identity_number": "1087000123", "identity_kind": "3"}) == {
        "owner_kind": "2"
    }
    # An office of the state has a tax code too.
    assert told_by_number({"identity_number": COMPANY, "owner_kind": "3"}) == {"identity_kind": "3"}
    for number in (WRONG, "001087000123", "012345678", "C1234567", ""):
        assert told_by_number({"identity_number": number, "identity_kind": "1"}) == {}
    # Twelve figures are a person's, and a passport says nothing.
    assert told_by_number({"identity_number": "001087000123", "identity_kind": "3"}) == {}
    assert told_by_number({"identity_number": COMPANY, "identity_kind": "2"}) == {}


def asked(clerk: Client, case: Any, **changes: str) -> str:
    data = typed(case, **({"viec": "tim", "owner_name": "", "address": ""} | changes))
    page = clerk.post(address(case), data, headers={"HX-Request": "true"})
    return page.content.decode()


def test_the_page_is_told_what_the_card_says(clerk: Client) -> None:
    part = asked(clerk, make_case(), identity_number=CARD)
    for name, value in (
        ("identity_number", "001187000125"),
        ("identity_kind", "1"),
        ("owner_name", "Lò Thị Mai"),
        ("owner_kind", "1"),
        ("address", "Tổ 5, Phường Tam Thanh"),
    ):
        assert f'<data value="{value}" data-fill="{name}" data-over>' in part


def test_what_is_known_from_before_fills_the_rest(clerk: Client, office: Office) -> None:
    known = receive(office, make_case())
    card = f"{known.identity_number}||NGUYỄN VĂN ÂN|01021987|Nam||"
    part = asked(clerk, make_case(), identity_number=card)
    assert 'data-fill="owner_name" data-over' in part
    assert f'<data value="{known.phone}" data-fill="phone">' in part
    assert f'<data value="{known.address}" data-fill="address">' in part


def test_without_script_the_page_comes_back_filled(clerk: Client) -> None:
    case = make_case()
    data = typed(case, identity_number=CARD, owner_name="", address="", viec="tim")
    page = clerk.post(address(case), data).content.decode()
    assert 'value="Lò Thị Mai"' in page
    assert 'value="Tổ 5, Phường Tam Thanh"' in page
    assert "|" not in page.partition('name="identity_number"')[2][:80]


def test_a_card_received_at_once_is_received_right(clerk: Client) -> None:
    case = make_case()
    clerk.post(address(case), typed(case, identity_number=CARD, owner_name="", address=""))
    dossier = Dossier.objects.get()
    assert (dossier.owner_name, dossier.identity_number, dossier.address) == (
        "Lò Thị Mai",
        "001187000125",
        "Tổ 5, Phường Tam Thanh",
    )


def test_a_name_that_was_typed_stays(clerk: Client) -> None:
    case = make_case()
    clerk.post(address(case), typed(case, identity_number=CARD, owner_name="Lò Thị Mây"))
    assert Dossier.objects.get().owner_name == "Lò Thị Mây"


def test_a_company_is_received_as_one(clerk: Client) -> None:
    case = make_case()
    clerk.post(address(case), typed(case, identity_number=COMPANY, owner_name="Công ty Hoa Ban"))
    dossier = Dossier.objects.get()
    assert (dossier.identity_kind, dossier.owner_kind) == (
        IdentityKind.TAX_CODE,
        OwnerKind.COMPANY,
    )


@pytest.mark.parametrize(
    "line",
    [
        {"who": CARD},
        {"who": "LÒ THỊ MAI 001187000125", "scanned": CARD},
        {"who": "001187000125", "scanned": CARD},
    ],
)
def test_the_short_path_takes_a_card(clerk: Client, line: dict[str, str]) -> None:
    clerk.post(PAGE, a_line(copies(), **line))
    dossier = Dossier.objects.get()
    assert (dossier.owner_name, dossier.identity_number, dossier.address) == (
        "Lò Thị Mai",
        "001187000125",
        "Tổ 5, Phường Tam Thanh",
    )


def test_the_card_of_somebody_else_than_the_line_is_left_out(clerk: Client) -> None:
    clerk.post(PAGE, a_line(copies(), "Lò Thị Mây 001187000126", scanned=CARD))
    dossier = Dossier.objects.get()
    assert (dossier.owner_name, dossier.address) == ("Lò Thị Mây", "")


def test_a_tax_code_on_the_short_path_is_a_company(clerk: Client) -> None:
    clerk.post(PAGE, a_line(copies(), f"Công ty Hoa Ban {COMPANY}"))
    assert Dossier.objects.get().owner_kind == OwnerKind.COMPANY
