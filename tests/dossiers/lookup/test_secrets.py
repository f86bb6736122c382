"""The secret as people read and type it: groups without look-alikes, any case, any blanks; the ones
printed before still open.
"""

import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from dossiers.forms.lookup import length_hint
from dossiers.intake import secrets
from dossiers.intake.readable_secrets import ALPHABET, grouped, is_written, readings, written
from dossiers.models import Dossier
from dossiers.reading_codes import read_code
from dossiers.views import lookup
from tests.world import make_case, make_office, receive, vn

SECRET = "K7Q2M8XW4DAS0EE1WYDD9Z35GH"
OLD = "abcdEFGHijklMNOPqrst_-"


@pytest.fixture(autouse=True)
def _on_wednesday() -> Any:
    with time_machine.travel(vn("25/11/2026 10:00"), tick=False):
        yield


@pytest.fixture
def dossier(db: None) -> Dossier:
    return with_secret(receive(make_office(), make_case()), SECRET)


def with_secret(dossier: Dossier, text: str) -> Dossier:
    dossier.secret = secrets._fernet().encrypt(text.encode())
    Dossier.objects.filter(pk=dossier.pk).update(secret=dossier.secret)
    return dossier


def test_it_has_128_bits_in_an_alphabet_without_look_alikes() -> None:
    assert not set("ILOU") & set(ALPHABET)
    assert len(set(ALPHABET)) == 32
    assert written(bytes(16)) == "0" * 26
    assert written(b"\xff" * 16) == "7" + "Z" * 25  # every bit of sixteen bytes, and no more
    assert written((1).to_bytes(16)) != written((2).to_bytes(16))
    text, stored = secrets.new_secret()
    assert is_written(text)
    assert text.encode() not in stored
    assert len({secrets.new_secret()[0] for _ in range(200)}) == 200


def test_the_slip_prints_it_in_groups_and_an_old_one_as_it_was() -> None:
    assert grouped(SECRET) == "K7Q2M-8XW4D-AS0EE-1WYDD-9Z35GH"
    assert grouped(OLD) == OLD


@pytest.mark.parametrize(
    "typed",
    [
        SECRET,
        SECRET.lower(),
        "K7Q2M-8XW4D-AS0EE-1WYDD-9Z35GH",
        " k7q2m 8xw4d as0ee 1wydd 9z35gh ",
        "K7Q2M–8XW4D–AS0EE–1WYDD–9Z35GH",
        "K7Q2M.8XW4D.AS0EE.1WYDD.9Z35GH",
        "K7Q2M8XW4DASOEEIWYDD9Z35GH",  # O for 0, I for 1
        "k7q2m8xw4dasoeelwydd9z35gh",  # o for 0, l for 1
        "K7Q2M-8XƯ4D-Á0Ê-1ƯYĐ-9Z35GH",  # typed with Telex on
        "k7q2m-8xư4d-á0ê-1ưyđ-9z35gh",
    ],
)
def test_it_opens_however_it_is_typed(client: Client, dossier: Dossier, typed: str) -> None:
    answer = client.get(f"/tra-cuu/{dossier.code}/", {"k": typed})
    assert answer.status_code == 200
    assert "Nguyễn Văn Ân" in answer.content.decode()
    why = client.get(f"/tra-cuu/{dossier.code}/vi-sao/", {"k": typed})
    assert why.status_code == 200


@pytest.mark.parametrize(("meant", "typed"), [("A1D9A6", "ÁĐÂ"), ("E2Y5", "ÈỴ"), ("A61", "Ấ")])
def test_keys_of_the_other_input_method_are_found_too(meant: str, typed: str) -> None:
    """VNI writes the same letters from digits."""
    assert meant in readings(typed)


@pytest.mark.parametrize(
    "typed",
    [SECRET[:-1], SECRET + "0", SECRET[:-1] + "J", SECRET[::-1], OLD, "", "   ", "-", "0" * 26],
)
def test_nothing_else_opens(client: Client, dossier: Dossier, typed: str) -> None:
    answer = client.get(f"/tra-cuu/{dossier.code}/", {"k": typed})
    assert answer.status_code == 404
    assert "Nguyễn Văn Ân" not in answer.content.decode()


@pytest.mark.parametrize("typed", [OLD, f" {OLD} ", f"{OLD[:11]} {OLD[11:]}"])
def test_a_secret_printed_before_still_opens_letter_by_letter(
    client: Client, dossier: Dossier, typed: str
) -> None:
    with_secret(dossier, OLD)
    assert client.get(f"/tra-cuu/{dossier.code}/", {"k": typed}).status_code == 200
    for other in (OLD.upper(), OLD.replace("_", ""), OLD.replace("l", "1")):
        assert client.get(f"/tra-cuu/{dossier.code}/", {"k": other}).status_code == 404


def test_a_scanner_set_to_capitals_loses_nothing(client: Client, dossier: Dossier) -> None:
    address = secrets.lookup_url(dossier)
    assert read_code(address.upper()).secret == SECRET
    answer = client.get("/tra-cuu/", {"ma": address.upper()}, follow=True)
    assert "Nguyễn Văn Ân" in answer.content.decode()
    scanned = client.get(f"/tra-cuu/{dossier.code}/", {"k": address})
    assert scanned.status_code == 200, "the whole address, scanned into the box of the secret"


def boxes(page: str) -> dict[str, str]:
    """The boxes of a page with what stands in them."""
    found = {}
    for box in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="(\w+)"', box), re.search(r'value="([^"]*)"', box)
        if name:
            found[name[1]] = value[1] if value else ""
    return found


def test_a_wrong_secret_asks_again_with_code_and_secret_kept(
    client: Client, dossier: Dossier
) -> None:
    wrong = "K7Q2M-8XW4D-AS0EE-1WYDD-9Z35GJ"
    page = client.get(f"/tra-cuu/{dossier.code.lower()}/", {"k": wrong}, follow=True)
    text = page.content.decode()
    assert boxes(text) == {"ma": dossier.code, "k": wrong}
    assert "Mã hồ sơ hoặc mã tra cứu chưa đúng." in text
    again = client.get("/tra-cuu/", {"ma": dossier.code, "k": SECRET.lower()}, follow=True)
    assert "Nguyễn Văn Ân" in again.content.decode()


def test_how_many_signs_are_missing_is_said_and_nothing_of_the_dossier(
    client: Client, dossier: Dossier
) -> None:
    short = SECRET[:24]
    said = "Mã tra cứu có 26 chữ và số, Ông/Bà đã nhập 24."
    for code in (dossier.code, "H99.999-261123-0001"):
        assert said in client.get(f"/tra-cuu/{code}/", {"k": short}).content.decode()
    assert [length_hint(one) for one in (SECRET, OLD, "")] == ["", "", ""]


@pytest.mark.parametrize("address", ["?k=", "vi-sao/", "vi-sao/?k=+"])
def test_a_missing_secret_is_asked_for_and_is_no_guess(
    client: Client, dossier: Dossier, address: str
) -> None:
    for _ in range(lookup.WRONG_SECRETS.times + 2):
        answer = client.get(f"/tra-cuu/{dossier.code}/{address}")
        assert answer.status_code == 404
    text = answer.content.decode()
    assert "Nhập mã tra cứu" in text
    assert boxes(text) == {"ma": dossier.code, "k": ""}
    assert client.get(f"/tra-cuu/{dossier.code}/", {"k": "sai"}).status_code == 404


def test_the_page_that_says_to_wait_keeps_both_boxes(client: Client, dossier: Dossier) -> None:
    for number in range(lookup.WRONG_SECRETS.times):
        client.get(f"/tra-cuu/{dossier.code}/", {"k": f"sai{number}"})
    closed = client.get(f"/tra-cuu/{dossier.code}/", {"k": "sai-nua"})
    assert closed.status_code == 429
    assert boxes(closed.content.decode()) == {"ma": dossier.code, "k": "sai-nua"}
    with time_machine.travel(vn("25/11/2026 10:16"), tick=False):
        assert client.get(f"/tra-cuu/{dossier.code}/", {"k": "sai"}).status_code == 404


def test_the_limit_of_the_address_keeps_the_code_too(client: Client, dossier: Dossier) -> None:
    for _ in range(lookup.PER_ADDRESS.times):
        client.get(f"/tra-cuu/{dossier.code}/")
    closed = client.get(f"/tra-cuu/{dossier.code}/")
    assert closed.status_code == 429
    assert boxes(closed.content.decode())["ma"] == dossier.code


def test_both_boxes_empty_or_wrong_are_said_beside_them(client: Client) -> None:
    answer = client.get("/tra-cuu/", {"ma": "không có mã", "k": ""})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Mã này không đúng mẫu" in text
    assert "Hãy nhập mã tra cứu" in text
    assert boxes(text)["ma"] == "không có mã"
