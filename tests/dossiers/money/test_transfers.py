"""How to pay by transfer: the text of a VietQR, read back by rules of its own (emvco.py), and the
reference that names a dossier.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.banks import bank_name, banks
from dossiers.intake.codes import CODE
from dossiers.intake.transfers import CHECKS, SIGNS, code_of, codes_in, reference_of
from dossiers.slips.qr import qr_data_uri
from onestop.vietqr import QrError, crc16, transfer_text
from tests.dossiers.money import emvco, qr_reader

TO = {"bank": "970436", "account": "0011004567890", "amount": 50_000, "purpose": "H99X01A"}
CODES = [
    "H99.01-261123-0001",
    "H37.08.03.01-261123-12345",
    "000.00.06.H56-231027-0361",
    "XYZ.Y-261123-0007",
]


@pytest.mark.parametrize(("data", "crc"), [(b"123456789", 0x29B1), (b"", 0xFFFF), (b"A", 0xB915)])
def test_the_checksum_is_that_of_the_standard(data: bytes, crc: int) -> None:
    assert crc16(data) == crc


def test_another_reader_reads_what_was_written() -> None:
    found = emvco.read(transfer_text(**TO))  # type: ignore[arg-type]
    assert {tag: found[tag] for tag in ("00", "01", "53", "54", "58", "62.08")} == {
        "00": "01", "01": "12", "53": "704", "54": "50000", "58": "VN", "62.08": "H99X01A",
    }  # fmt: skip
    assert (found["38.00"], found["38.02"]) == ("A000000727", "QRIBFTTA")
    assert (found["38.01.00"], found["38.01.01"]) == ("970436", "0011004567890")


@given(
    bank=st.sampled_from(sorted(banks())),
    account=st.text("0123456789ABC", min_size=1, max_size=19),
    amount=st.integers(1, 9_999_999_999_999),
    code=st.sampled_from(CODES),
)
@settings(max_examples=100)
def test_whatever_is_owed_is_read_back(bank: str, account: str, amount: int, code: str) -> None:
    text = transfer_text(bank=bank, account=account, amount=amount, purpose=reference_of(code))
    found = emvco.read(text)
    assert (found["38.01.00"], found["38.01.01"]) == (bank, account)
    assert (int(found["54"]), code_of(found["62.08"])) == (amount, code)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0}, {"amount": -1}, {"amount": 10**13}, {"bank": "97043"}, {"bank": "97043A"}, {"account": ""},
        {"account": "1" * 20}, {"account": "12 34"}, {"purpose": ""}, {"purpose": "H99.01"}, {"purpose": "A" * 26},
    ],
)  # fmt: skip
def test_what_no_bank_would_read_is_not_written(wrong: dict[str, object]) -> None:
    with pytest.raises(QrError):
        transfer_text(**(TO | wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize("code", CODES)
def test_a_reference_says_its_code_in_letters_and_digits(code: str) -> None:
    said = reference_of(code)
    assert said.isalnum()
    assert len(said) <= 25
    assert code_of(said) == code
    assert codes_in(f"MBVCB.5123.{said.lower()}.CT tu 0123 NGUYEN VAN A")[0] == code
    assert code in codes_in(f"CT{said}GD 889911{said}123456")


def test_codes_that_do_not_fit_have_none() -> None:
    for code in ("", "H99", "H99.01-261123-0001/B", "A" * 20 + "-261123-0001"):
        assert reference_of(code) == ""


@given(st.from_regex(CODE, fullmatch=True).filter(str.isascii))
@settings(max_examples=100)
def test_no_two_codes_have_one_reference(code: str) -> None:
    said = reference_of(code)
    assert not said or code_of(said) == code


def test_a_slip_of_the_finger_names_no_dossier() -> None:
    """One sign another, or two beside each other turned round: the check letter says so, save where
    the two signs count the same (0 and N, 1 and O … stand 23 apart).
    """
    said = reference_of(CODES[0])
    for at, sign in enumerate(said[:-1]):
        for other in SIGNS:
            changed = said[:at] + other + said[at + 1 :]
            if (SIGNS.index(other) - SIGNS.index(sign)) % len(CHECKS):
                assert code_of(changed) == ""
        turned = said[:at] + said[at : at + 2][::-1] + said[at + 2 :]
        if turned != said:
            assert code_of(turned) != CODES[0]
    assert codes_in("nop tien ho so H99.01-261123-0001") == []


@given(st.text(st.sampled_from([*"HXYZ019AW-,. ", "\uff12"])), st.text())
@settings(max_examples=100)
def test_any_words_are_read(near: str, far: str) -> None:
    """What somebody pasted names a dossier or none."""
    for text in (near, far, f"H99X01Z2611230001{near}"):
        assert isinstance(code_of(text), str)
        assert isinstance(codes_in(text), list)
        assert isinstance(reference_of(text), str)


def test_digits_of_another_script_name_none() -> None:
    assert codes_in("H99X01Z" + "\uff12\uff16\uff11\uff11\uff12\uff13" + "0001A") == []
    assert reference_of("H99.01-\uff12\uff16\uff11\uff11\uff12\uff13-0001") == ""
    assert code_of(f"{reference_of(CODES[0])}-nop le phi") == ""


def test_banks_are_known_by_their_number() -> None:
    assert bank_name("970436") == "Vietcombank"
    assert bank_name("123456") == "123456"
    assert all(len(number) == 6 and number.isdecimal() and name for number, name in banks().items())


@pytest.mark.parametrize(
    ("account", "amount"), [("1", 1), ("0011004567890", 50_000), ("A" * 19, 10**12)]
)
@pytest.mark.parametrize("code", CODES)
def test_what_is_drawn_is_what_was_written(account: str, amount: int, code: str) -> None:
    """The picture on slip and screen, read module by module by rules of its own (qr_reader.py)."""
    text = transfer_text(bank="970436", account=account, amount=amount, purpose=reference_of(code))
    assert qr_reader.read(qr_data_uri(text)) == text
