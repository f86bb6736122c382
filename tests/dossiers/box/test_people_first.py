"""What was typed says whether a person or a procedure stands first, in every box."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from dossiers.desk.meant import people_lead
from onestop.accounts.models import Officer
from tests.world import MONDAY, Office, make_case, make_office, receive

SignedIn = Callable[[Officer], Client]
LAND = "Thủ tục đăng ký đất đai lần đầu"
BIRTH = "Thủ tục đăng ký khai sinh"
CULTURE = "Công nhận gia đình văn hóa"
Asked = tuple[str, str]


@pytest.fixture
def office() -> Iterator[Office]:
    with time_machine.travel(MONDAY, tick=False):
        yield make_office()


@pytest.mark.parametrize(
    ("typed", "owner", "procedure", "lead"),
    [
        # Of a name and of a procedure alone.
        ("nguyen van an", "Nguyễn Văn Ân", BIRTH, 1),
        # Whole words before those of a name that no line shows (who brought it), begun ones not.
        ("khai sinh", "Nguyễn Văn Ân", BIRTH, -1),
        ("khai s", "Nguyễn Văn Ân", BIRTH, 0),
        # Without marks both are meant, with marks the one that has them.
        ("dat", "Lê Văn Đạt", LAND, 0),
        ("Đạt", "Lê Văn Đạt", LAND, 1),
        ("đất", "Lê Văn Đạt", LAND, -1),
        ("ĐẤT ĐAI", "Lê Văn Đạt", LAND, -1),
        ("van hoa", "Trần Văn Hoa", CULTURE, 0),
        ("văn hoá", "Trần Văn Hoa", CULTURE, -1),  # the older place of the mark
        ("Văn Hoa", "Trần Văn Hoa", CULTURE, 0),  # it has no mark of its own to tell by
        # Typed to the end of a word before begun.
        ("kha", "Phạm Thị Kha", BIRTH, 1),
        ("khai", "Phạm Thị Khả Ái", BIRTH, -1),
        # Beside each other before here and there.
        ("ky sinh", "Đặng Kỳ Sinh", BIRTH, 1),
        # Decomposed, with a dash, of two words in one.
        ("\u0110a\u0323t", "Lê Văn Đạt", LAND, 1),
        ("niê-kđăm", "H'Hoa Niê-Kđăm", LAND, 1),
        ("hhoa", "H'Hoa Niê", LAND, 1),
        ("", "Lê Văn Đạt", LAND, 1),
    ],
)
def test_words_are_whose_names_they_stand_in(
    typed: str, owner: str, procedure: str, lead: int
) -> None:
    assert people_lead(typed, [owner], [procedure]) == lead


def test_one_that_fits_best_speaks_for_all() -> None:
    assert people_lead("Đạt", ["Trần Thị Đất", "Lê Văn Đạt"], [LAND]) == 1
    assert people_lead("đất", ["Lê Văn Đạt"], [BIRTH, LAND]) == -1
    assert people_lead("dat", [], [LAND]) < 0 < people_lead("dat", ["Lê Văn Đạt"], [])
    assert people_lead("dat", [], []) == 0


def _places(text: str, *words: str) -> list[int]:
    return [text.index(word) for word in words]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "first"), [("dat", "Lê Văn Đạt"), ("Đạt", "Lê Văn Đạt"), ("đất", LAND)]
)
def test_the_page_and_the_box_put_first_what_is_meant(
    office: Office, signed_in: SignedIn, typed: str, first: str
) -> None:
    make_case(name=LAND)
    make_case(name=f"{LAND} trên mạng")
    for _ in range(2):
        receive(office, make_case(), owner="Lê Văn Đạt")
    for who in (office.clerk, office.leader):
        client = signed_in(who)
        for address in ("/tim/", "/tim/goi-y/"):
            shown = client.get(address, {"q": typed}).content.decode().partition("<main")[2]
            shown = shown or client.get(address, {"q": typed}).content.decode()
            somebody, something = _places(shown, "Lê Văn Đạt", LAND)
            assert (somebody < something) == (first != LAND), address
    page = signed_in(office.clerk).get("/tim/", {"q": typed}).content.decode()
    assert ("ở dưới các hồ sơ" in page) == (first != LAND)


@pytest.mark.django_db
def test_one_dossier_of_such_a_name_opens_where_the_words_are_its_alone(
    office: Office, signed_in: SignedIn
) -> None:
    make_case(name=LAND)
    dossier = receive(office, make_case(), owner="Lê Văn Đạt")
    client = signed_in(office.clerk)
    assert client.get("/tim/", {"q": "Đạt"}).headers["Location"] == dossier.get_absolute_url()
    for typed in ("dat", "đất"):
        assert client.get("/tim/", {"q": typed}).status_code == 200


@pytest.mark.django_db
def test_at_the_counter_procedures_stay_first_unless_the_words_are_a_name(
    office: Office, signed_in: SignedIn
) -> None:
    """Whoever types there receives: what fits both as well is a procedure."""
    code = make_case(name=LAND).version.code
    dossier = receive(office, make_case(), owner="Lê Văn Đạt")
    client, part = signed_in(office.clerk), {"HX-Request": "true"}
    for typed, opens in (
        ("dat", f"/tiep-nhan/lap/{code}/"),
        ("đất", f"/tiep-nhan/lap/{code}/"),
        ("Đạt", dossier.get_absolute_url()),
    ):
        assert client.get("/tiep-nhan/", {"q": typed, "mo": "1"}).headers["Location"] == opens
        shown = client.get("/tiep-nhan/", {"q": typed}, headers=part).content.decode()
        _, _, below = shown.partition("data-opens")
        assert min(_places(below, 'href="')) == below.index(f'href="{opens}')
