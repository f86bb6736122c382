"""The QR of a citizen's card, however a keyboard scanner types it."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers.reading_cards import Card, digits_of, read_card, without_card
from dossiers.reading_codes import batch_at, batch_in, code_in, register_in, slip_in

WHOLE = "001087000123|012345678|Nguyễn Văn Ân|01021987|Nam|Thôn 2, Xã Bình Minh|05062021"
CARD = Card(
    "001087000123",
    "012345678",
    "Nguyễn Văn Ân",
    date(1987, 2, 1),
    "Nam",
    "Thôn 2, Xã Bình Minh",
    date(2021, 6, 5),
)
KEYS = str.maketrans("1234567890", "ăâêô\u0300\u0309\u0303\u0301\u0323đ")
DIGITS = st.text("0123456789", min_size=12, max_size=12)
WORDS = st.lists(st.sampled_from(["Nguyễn", "Đặng", "Thị", "H'Hoa", "Niê-Kđăm", "Ân"]), min_size=2)


@pytest.mark.parametrize(
    "typed",
    [
        WHOLE,
        f"  {WHOLE}\r\n",
        unicodedata.normalize("NFD", WHOLE),
        WHOLE.upper(),
        unicodedata.normalize("NFD", WHOLE).upper(),
        WHOLE.replace("|", "¦"),
        "|".join(p.translate(KEYS) if p.isdigit() else p for p in WHOLE.split("|")),
        f"{WHOLE}|||",
    ],
)
def test_a_card_is_read_however_it_arrives(typed: str) -> None:
    assert read_card(typed) == CARD
    assert without_card(typed) == CARD.number
    assert code_in(typed) == ""


def test_some_parts_may_be_empty_and_some_may_be_lost() -> None:
    assert read_card("001087000123||Nguyễn Văn Ân|00001987|||") == Card(
        "001087000123", name="Nguyễn Văn Ân"
    )
    lost = read_card("001087000123||Nguy?n V?n ?n|01021987|Nam|Th?n 2|")
    assert lost == Card("001087000123", born=date(1987, 2, 1), sex="Nam")
    assert read_card("001087000123|") == Card("001087000123")


@pytest.mark.parametrize(
    "other",
    [
        "", "|", "||||", "001087000123", "H37.05986-261123-0001|2.000815|020187000123|Nguyễn Văn Ân",
        "01234567|Nguyễn", "²²²²²²²²²²²²|x", "abc|def", "\x00|\x00", "9" * 5000 + "|",
    ],
)  # fmt: skip
def test_what_is_no_card_is_left_alone(other: str) -> None:
    assert read_card(other) is None
    assert without_card(other) == other


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    DIGITS,
    st.one_of(st.just(""), st.text("0123456789", min_size=9, max_size=9)),
    WORDS.map(" ".join),
    st.dates(date(1900, 1, 1), date(2026, 11, 23)),
    st.sampled_from(["NFC", "NFD"]),
    st.booleans(),
    st.booleans(),
)
def test_whatever_stands_on_the_card_is_read_back(
    number: str, old: str, name: str, born: date, form: str, capitals: bool, vietnamese_keys: bool
) -> None:
    day = f"{born:%d%m}{born.year:04d}"
    figures = [part.translate(KEYS) if vietnamese_keys else part for part in (number, old, day)]
    typed = unicodedata.normalize(form, f"|{name.upper() if capitals else name}|")  # type: ignore[arg-type]
    card = read_card(f"{figures[0]}|{figures[1]}{typed}{figures[2]}|Nữ|Tổ 5|")
    assert card is not None
    assert (card.number, card.old_number, card.name, card.born) == (number, old, name, born)


@given(st.text(max_size=80))
def test_no_text_is_an_error(text: str) -> None:
    for typed in (text, f"001087000123|{text}", f"{text}|{text}"):
        read_card(typed)
        batch_at(typed)
        batch_in(typed)
        register_in(typed)
        slip_in(typed)
        digits_of(typed)


@pytest.mark.parametrize(
    ("typed", "batch", "register", "slip"),
    [
        ("https://motcua.vn/ban-giao/12/phieu/?in=1", None, None, None),
        ("Phiếu bàn giao số 12", (12, None), None, None),
        ("Phiếu bàn giao hồ sơ số: 12/2026", (12, 2026), None, None),
        ("PBG 12", (12, None), None, None),
        ("stt 12", None, (12, None), None),
        ("Số thứ tự 12/2026", None, (12, 2026), None),
        ("12/2026", None, (12, 2026), None),
        ("Số: 12/TNHS", None, None, ("tiep-nhan", 12)),
        ("12/hdhs", None, None, ("bo-sung", 12)),
        ("12", None, None, None),
        ("phiếu", None, None, None),
        ("²²/2026", None, None, None),
    ],
)
def test_other_numbers_of_the_office_are_read(
    typed: str, batch: object, register: object, slip: object
) -> None:
    assert (batch_in(typed), register_in(typed), slip_in(typed)) == (batch, register, slip)


def test_the_address_of_a_hand_over_list_names_its_row() -> None:
    assert batch_at("https://motcua.vn/ban-giao/12/phieu/?in=1") == 12
    assert batch_at("phiếu 12") is None
