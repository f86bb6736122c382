"""Numbers people are known by: what fits, what is odd, what is stored."""

from datetime import date

import pytest

from dossiers.identity import (
    Checked,
    branches_of,
    check_identity,
    check_person,
    check_phone,
    guess_kind,
    is_tax_code,
    numbers_like,
)
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
    assert (
        checked.tells == "Nữ, sinh năm 1987, đăng ký khai sinh tại Bắc Giang (tên tỉnh khi cấp số)"
    )  # not the code of today's Bắc Ninh


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


@pytest.mark.parametrize(
    "code", ["0100109106", "0101248141", "0300588569", "0101245486", "0100112437", "0100686174"]
)
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
    assert check_identity(IdentityKind.OTHER, " Thẻ nhà báo 12 ", TODAY) == Checked(
        "Thẻ nhà báo 12"
    )


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0912 345 678", "0912345678"),
        ("+84 912.345.678", "0912345678"),
        ("84912345678", "0912345678"),
        ("024-3825-1234", "02438251234"),
    ],
)
def test_telephones_are_stored_one_way(typed: str, stored: str) -> None:
    assert check_phone(typed) == Checked(stored)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("01681234567", "phone_old"),
        ("0912", "phone_unknown"),
        ("091234567a", "phone_letters"),
        ("+4915112345678", "phone_unknown"),
    ],
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


@pytest.mark.parametrize("kind", list(IdentityKind))
@pytest.mark.parametrize("typed", ["020²90123456", "①20190123456", "02019012345½", "²"])
def test_a_sign_that_only_looks_like_a_figure_is_refused_whatever_the_reason(
    kind: IdentityKind, typed: str
) -> None:
    (finding,) = check_identity(kind, typed, TODAY).findings
    assert (finding.code, finding.refused) == ("number_sign", True)
    (finding,) = check_phone(typed).findings
    assert finding.refused
    assert guess_kind(typed) is None
    assert not is_tax_code(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "０２０１９０１２３４５６",
        "020 190 123 456",
        "020.190.123.456",
        "020–190‑123−456",
        "\u200b020190123456\ufeff",
        "020\xa0190\u202f123456",
        "٠٢٠١٩٠١٢٣٤٥٦",
    ],
)
def test_digits_of_any_keyboard_and_grouping_are_one_number(typed: str) -> None:
    assert check_identity(IdentityKind.CITIZEN_CARD, typed, TODAY).value == "020190123456"
    assert check_person(typed, TODAY).value == "020190123456"
    assert numbers_like(typed) == ("020190123456",)


@pytest.mark.parametrize(
    "typed",
    [
        "4999999902-001",
        "4999999902001",
        "4999999902 001",
        "4999999902–001",
        "４９９９９９９９０２－００１",
        "4999999902.001",
    ],
)
def test_a_branch_is_stored_one_way_and_searched_by_the_same(typed: str) -> None:
    assert check_identity(IdentityKind.TAX_CODE, typed, TODAY).value == "4999999902-001"
    assert "4999999902-001" in numbers_like(typed)
    assert branches_of(typed) == ""
    assert branches_of("4999 999 902") == "4999999902-"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" ab 123 456 ", "AB123456"),
        ("123/2026", "123/2026"),
        ("12 - 34/2026", "1234/2026"),
        (" Thẻ  nhà báo 12", "Thẻ nhà báo 12"),
    ],
)
def test_other_papers_are_stored_one_way_too(typed: str, stored: str) -> None:
    assert check_identity(IdentityKind.OTHER, typed, TODAY).value == stored
    assert stored in numbers_like(typed)
    assert check_identity(IdentityKind.OTHER, stored, TODAY).value == stored


@pytest.mark.parametrize(
    "typed",
    [
        "+84 913 111 222",
        "0084 913 111 222",
        "(+84) 913-111-222",
        "+84 (0)913.111.222",
        "84913111222",
        "840913111222",
        "０９１３１１１２２２",
        "0913·111·222",
    ],
)
def test_a_telephone_in_any_writing_is_one_number(typed: str) -> None:
    assert check_phone(typed) == Checked("0913111222")


def test_a_foreign_telephone_keeps_its_country_however_it_is_dialled() -> None:
    assert (
        check_phone("0049 151 12345678").value
        == check_phone("+49 151 12345678").value
        == "+4915112345678"
    )


@pytest.mark.parametrize("typed", ["abc", "khongco", "x y z"])
def test_words_are_no_number_of_a_person(typed: str) -> None:
    assert check_person(typed, TODAY).needs_reason
    assert check_phone(typed).needs_reason


def test_a_person_is_judged_by_the_form_of_the_number() -> None:
    for typed in ("001087000123", "C1234567", "0301464830-001"):
        assert not check_person(typed, TODAY).findings
    assert codes(check_person("012345678", TODAY)) == ["id_old_expired"]
