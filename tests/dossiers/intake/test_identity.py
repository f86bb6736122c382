"""Numbers people are known by: what fits, what is odd, what is stored."""

from datetime import date

import pytest

from dossiers.identity import Checked, check_identity, check_phone, guess_kind, is_tax_code
from dossiers.models.dossier import IdentityKind
from onestop.errors import say

TODAY = date(2026, 11, 23)


def codes(checked: Checked) -> list[str]:
    for finding in checked.findings:
        assert say(finding.code, finding.data)  # every finding has its sentence
    return [finding.code for finding in checked.findings]


def test_a_card_number_tells_sex_year_and_birth_place_and_is_taken() -> None:
    checked = check_identity(IdentityKind.CITIZEN_CARD, "024 187 000 123", TODAY)
    assert (checked.value, codes(checked)) == ("024187000123", [])
    assert checked.tells == "Nữ, sinh năm 1987, đăng ký khai sinh tại Bắc Giang (tên tỉnh khi cấp số)"  # not the code of today's Bắc Ninh


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1087000123", "id_card_lost_zero"),
        ("0010870001234", "id_card_length"),
        ("98765432101", "id_card_length"),
        ("00108700O123", "id_card_letters"),
        ("012345678", "id_card_is_old"),
        ("001487000123", "id_card_future"),
        ("001287000123", "id_card_future"),
    ],
)
def test_what_no_card_number_can_be_needs_a_reason(typed: str, code: str) -> None:
    checked = check_identity(IdentityKind.CITIZEN_CARD, typed, TODAY)
    assert codes(checked) == [code]
    assert checked.needs_reason


def test_a_birth_place_abroad_is_only_worth_a_look() -> None:
    checked = check_identity(IdentityKind.CITIZEN_CARD, "128090000123", TODAY)
    assert codes(checked) == ["id_card_place"]
    assert not checked.needs_reason


@pytest.mark.parametrize("code", ["0100109106", "0101248141", "0300588569", "0101245486", "0100112437", "0100686174"])
def test_real_tax_codes_have_the_check_digit(code: str) -> None:
    assert is_tax_code(code)
    assert check_identity(IdentityKind.TAX_CODE, code, TODAY) == Checked(code)


def test_a_branch_is_written_with_its_dash_and_a_person_by_its_own_number() -> None:
    assert check_identity(IdentityKind.TAX_CODE, "0301464830001", TODAY).value == "0301464830-001"
    assert codes(check_identity(IdentityKind.TAX_CODE, "001087000123", TODAY)) == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0100109107", "tax_code_check"),
        ("0101248142", "tax_code_check"),
        ("0300588560", "tax_code_check"),
        ("030058856", "tax_code_length"),
        ("0301464830-000", "tax_code_branch"),
    ],
)
def test_wrong_tax_codes(typed: str, code: str) -> None:
    assert codes(check_identity(IdentityKind.TAX_CODE, typed, TODAY)) == [code]


def test_old_cards_and_passports() -> None:
    assert codes(check_identity(IdentityKind.OLD_CARD, "012 345 678", TODAY)) == ["id_old_expired"]
    assert codes(check_identity(IdentityKind.OLD_CARD, "01234567", TODAY)) == ["id_old_length"]
    assert check_identity(IdentityKind.PASSPORT, "c1234567", TODAY) == Checked("C1234567")
    assert codes(check_identity(IdentityKind.PASSPORT, "12", TODAY)) == ["id_passport"]
    assert check_identity(IdentityKind.OTHER, " Thẻ nhà báo 12 ", TODAY) == Checked("Thẻ nhà báo 12")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("0912 345 678", "0912345678"), ("+84 912.345.678", "0912345678"), ("84912345678", "0912345678"), ("024-3825-1234", "02438251234")],
)
def test_telephones_are_stored_one_way(typed: str, stored: str) -> None:
    assert check_phone(typed) == Checked(stored)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("01681234567", "phone_old"), ("0912", "phone_unknown"), ("091234567a", "phone_letters"), ("+4915112345678", "phone_unknown")],
)
def test_other_telephones_need_a_reason(typed: str, code: str) -> None:
    assert codes(check_phone(typed)) == [code]


def test_nothing_typed_is_nothing_odd() -> None:
    assert check_identity(IdentityKind.CITIZEN_CARD, " ", TODAY) == check_phone("") == Checked("")


def test_the_kind_of_a_bare_number() -> None:
    assert [guess_kind(n) for n in ("001087000123", "012345678", "0100109106", "12345")] == [
        IdentityKind.CITIZEN_CARD,
        IdentityKind.OLD_CARD,
        IdentityKind.TAX_CODE,
        None,
    ]
