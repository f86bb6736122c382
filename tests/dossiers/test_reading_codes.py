"""One reader for every box that takes a dossier: what people and scanners type, and what no box may
stumble over.
"""

from __future__ import annotations

import pytest

from dossiers.reading_codes import Scanned, code_in, codes_in, is_scan, read_code

CODE, SECRET = "H37.05986-261125-0001", "Zm9vYmFyYmF6cXV4MTIzNA"
ADDRESS = f"https://motcua.langson.gov.vn/tra-cuu/{CODE}/?k={SECRET}"
WINDOWS_KEYS = str.maketrans("1234567890", "ăâêô\u0300\u0309\u0303\u0301\u0323đ")


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        f"  {CODE}\t",
        CODE.replace("-", " "),
        CODE.replace("-", "–"),
        f"\ufeff{CODE}\u200b",
        ADDRESS,
        ADDRESS.upper(),
        ADDRESS.swapcase(),
        ADDRESS.lower(),
        ADDRESS.removeprefix("https://"),
        f"http://127.0.0.1:8000/tra-cuu/{CODE}",
        f"/tra-cuu/{CODE}/vi-sao/?k={SECRET}",
        f"https://motcua.vn/ho-so/{CODE}/",
        f"https://motcua.vn/ho-so/{CODE}/phieu/tiep-nhan/?in=1",
        ADDRESS.replace("/", "%2F").replace(":", "%3A"),
        # Telex and the like turned letters into marked ones.
        ADDRESS.replace("tra-cuu", "trạ-cuủ"),
        ADDRESS.replace("motcua", "mơtcưa"),
        f"{CODE}|2.000815|020187000123|Nguyễn Văn Ân",
        CODE.translate(WINDOWS_KEYS),
        f"https://motcua.vn/tra-cuu/{CODE}/?k=abc".translate(WINDOWS_KEYS),
    ],
)
def test_a_dossier_is_read_however_it_arrives(typed: str) -> None:
    assert code_in(typed) == CODE
    assert is_scan(typed)


@pytest.mark.parametrize(
    "broken",
    [
        "", " ", "://", "http://[", "https://[::1/tra-cuu/", "//[/tra-cuu/", "tra-cuu", "/tra-cuu/", "/tra-cuu/?k=", "%", "%zz", "%ff%fe",
        "\x00", "²", "₂₀", "½", "😀", "a" * 5000, "https://" + "x" * 5000, "/tra-cuu/" + "9" * 5000, "\u0301\u0301", "ﷺ" * 300,
        "Nguyễn Văn Ân", "<script>", "đâêô",
    ],
)  # fmt: skip
def test_what_holds_no_dossier_is_no_error(broken: str) -> None:
    assert not is_scan(broken)
    assert read_code(broken).secret == ""
    codes_in(broken)


def test_the_address_brings_its_secret_and_caps_lock_does_not_spoil_it() -> None:
    assert read_code(ADDRESS) == read_code(ADDRESS.swapcase()) == Scanned(CODE, SECRET)
    assert read_code(ADDRESS.upper()) == Scanned(CODE)
    assert read_code(CODE) == Scanned(CODE)


def test_other_numbers_are_not_taken_for_a_whole_dossier() -> None:
    for typed in ("1.001193", "020187000123", "0912345678", "0012", "261125-0001", "khai sinh"):
        assert not is_scan(typed)


def test_a_box_for_many_takes_lines_blanks_commas_and_addresses_run_together() -> None:
    other = CODE[:-1] + "2"
    whole = [CODE, other]
    assert codes_in(f"{CODE}\n{other.lower()}\n\n{CODE}") == whole
    assert codes_in(f"{CODE}, {other}") == whole
    assert codes_in(f"{ADDRESS}{ADDRESS.replace(CODE, other)}") == whole
    assert codes_in(f"{CODE.replace('-', ' ')}\r\n{ADDRESS.replace(CODE, other).upper()}") == whole
    blanks = CODE.replace("-", " ").replace(".", " ")
    assert codes_in(f"{blanks}\n{other}") == whole
    assert codes_in(f"{CODE} khác?") == [CODE, "KHÁC?"]
