"""The one box: what it takes, where it leads each role, what it never shows, what it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import time_machine
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.acts import handovers, printing, reception
from dossiers.acts.many import Seen
from dossiers.intake.brought import Person
from dossiers.intake.secrets import lookup_url
from dossiers.models import Batch, Dossier
from onestop.accounts.models import AccessEvent, AccessKind, Officer, Role
from procedures.models import Status
from tests.world import (
    MONDAY,
    Office,
    an_intake,
    make_case,
    make_office,
    make_officer,
    receive,
)

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Officer], Client]
Queries = Callable[[], CaptureQueriesContext]
CARD = "001087000123||NGUYỄN VĂN ÂN|01021987|Nam|Thôn 2|"
HOME, SUGGEST = "/tiep-nhan/", "/tim/goi-y/"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def office() -> Office:
    return make_office()


def of_person(office: Office, name: str, identity: str) -> Dossier:
    base = an_intake(office, make_case())
    whose = Person(name=name, identity_number=identity, phone="0987654321")
    return reception.receive(replace(base, owner=whose), by=office.desk(office.clerk), at=MONDAY)


def suggested(client: Client, text: str) -> str:
    page = client.get(SUGGEST, {"q": text}, headers={"HX-Request": "true"})
    assert page.status_code == 200
    return page.content.decode()


# --- what it takes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "{code}",
        "{qr}",
        "0001",
        "stt 1",
        "1/TNHS",
        "Số: 1/TNHS",
        "001087000123",
        CARD,
        "0912345678",
        "nguyen van an",
    ],
)
def test_a_dossier_a_person_a_slip_and_a_card_open_the_dossier(
    office: Office, signed_in: SignedIn, typed: str
) -> None:
    dossier = receive(office, make_case())
    printing.receipt(dossier, by=office.desk(office.clerk), at=MONDAY)
    text = typed.format(code=dossier.code, qr=lookup_url(dossier))
    for who in (office.clerk, office.leader):
        client = signed_in(who)
        assert client.get("/tim/", {"q": text}).headers["Location"] == dossier.get_absolute_url()
        part = suggested(client, text)
        assert f'href="{dossier.get_absolute_url()}"' in part
        assert "data-opens" in part


def test_a_procedure_opens_intake_for_a_clerk_and_its_page_for_others(
    office: Office, signed_in: SignedIn
) -> None:
    code = make_case(name="Thủ tục đăng ký khai sinh").version.code
    make_case(name="Thủ tục đăng ký khai sinh có yếu tố nước ngoài")
    for typed in ("dkks", "khai sinh", "Đăng ký khai sinh", code):
        clerk = signed_in(office.clerk)
        opened = clerk.get("/tim/", {"q": typed, "mo": "1"})
        assert opened.headers["Location"] == f"/tiep-nhan/?thu-tuc={code}"
        assert (
            clerk.get(opened.headers["Location"]).headers["Location"] == f"/tiep-nhan/lap/{code}/"
        )
        leader = signed_in(office.leader)
        opened = leader.get("/tim/", {"q": typed, "mo": "1"})
        assert opened.headers["Location"] == f"/thu-tuc/{code}/"
        assert f'href="/thu-tuc/{code}/"' in suggested(leader, typed)
    # Without script all of them stand on the page of what was found.
    page = signed_in(office.clerk).get("/tim/", {"q": "khai sinh"})
    assert page.status_code == 200
    assert page.content.decode().count('class="choice choice-dossier"') == 2


def test_what_is_given_back_at_once_begins_on_the_short_path(
    office: Office, signed_in: SignedIn
) -> None:
    code = make_case("trả ngay", name="Chứng thực bản sao").version.code
    clerk = signed_in(office.clerk)
    assert (
        clerk.get(HOME, {"thu-tuc": code}).headers["Location"]
        == f"/tiep-nhan/tra-ngay/?thu-tuc={code}"
    )


def test_a_procedure_that_waits_is_not_opened_for_a_clerk(
    office: Office, signed_in: SignedIn
) -> None:
    code = make_case(name="Thủ tục chờ xác nhận", status=Status.NEEDS_TERM).version.code
    clerk = signed_in(office.clerk)
    assert clerk.get("/tim/", {"q": "cho xac nhan", "mo": "1"}).status_code == 200
    part = suggested(clerk, "cho xac nhan")
    assert "chưa nhận hồ sơ được" in part
    assert f"thu-tuc={code}" not in part


def test_a_hand_over_list_is_found_by_what_is_printed_on_it_and_by_its_address(
    office: Office, signed_in: SignedIn
) -> None:
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    give_two(other)
    give_two(office)
    batch = Batch.objects.get(agency=office.agency)
    # Numbers run by agency and year, so they are not those of the rows.
    assert (batch.number, batch.year) == (1, 2026)
    assert batch.pk != batch.number
    address, stranger = f"/ban-giao/{batch.pk}/", signed_in(other.clerk)
    for typed in (
        "phiếu 1",
        "Phiếu bàn giao số 1/2026",
        f"https://x.vn{address}phieu/?in=1",
    ):
        clerk = signed_in(office.clerk)
        assert clerk.get("/tim/", {"q": typed}).headers["Location"] == address
        assert f'href="{address}"' in suggested(clerk, typed)
        assert f'href="{address}"' not in suggested(stranger, typed)
    assert "href=" not in suggested(clerk, "phiếu 1/2025")


def give_two(office: Office) -> None:
    handovers.hand_over_many(
        [Seen(receive(office, make_case(code=f"9.00000{n}-{office.agency.pk}")).pk) for n in (1, 2)],
        to=office.room, receiver=None, step=None, by=office.desk(office.clerk), at=MONDAY,
    )  # fmt: skip


def test_who_has_several_dossiers_is_one_line_that_leads_to_all_of_them(
    office: Office, signed_in: SignedIn
) -> None:
    mine = [of_person(office, "Lò Thị Mai", "001187000125") for _ in range(3)]
    clerk = signed_in(office.clerk)
    part = suggested(clerk, "lo thi")
    assert "3 hồ sơ" in part
    assert 'href="/tim/?q=001187000125"' in part
    assert "data-opens" not in part  # which of them is for a person to say
    page = clerk.get("/tim/", {"q": "001187000125"})
    assert {row.line.code for row in page.context["rows"]} == {d.code for d in mine}


def test_a_scanned_card_narrows_every_list_to_its_holder(
    office: Office, signed_in: SignedIn
) -> None:
    mine, other = receive(office, make_case()), of_person(office, "Lò Thị Mai", "001187000125")
    clerk = signed_in(office.clerk)
    page = clerk.get("/viec/", {"loai": "dang-xu-ly", "loc": CARD}).content.decode()
    assert mine.code in page
    assert other.code not in page
    desk = clerk.get("/tra-ket-qua/", {"q": CARD}).content.decode()
    main = desk.partition("<main")[2]
    assert "Thôn 2|" not in main  # only the number of the card comes back


# --- the clerk's home -----------------------------------------------------------------------------


def test_the_home_of_the_clerk_has_one_box_that_takes_all(
    office: Office, signed_in: SignedIn
) -> None:
    dossier = receive(office, make_case())
    clerk = signed_in(office.clerk)
    page = clerk.get(HOME).content.decode()
    assert page.count("data-search") == 1
    assert 'id="o-tim"' not in page
    part = clerk.get(HOME, {"q": "nguyen van"}, headers={"HX-Request": "true"}).content.decode()
    assert f'href="{dossier.get_absolute_url()}"' in part
    opened = clerk.get(HOME, {"q": CARD, "mo": "1"})
    assert opened.headers["Location"] == dossier.get_absolute_url()


def test_enter_before_anything_is_found_opens_the_first_procedure(
    office: Office, signed_in: SignedIn
) -> None:
    code = make_case(name="Thủ tục đăng ký khai sinh").version.code
    make_case(name="Thủ tục đăng ký khai sinh lưu động")
    clerk = signed_in(office.clerk)
    opened = clerk.get(HOME, {"q": "dkks", "mo": "1"})
    assert opened.headers["Location"] == f"/tiep-nhan/lap/{code}/"
    assert clerk.get(HOME, {"q": "dkks"}).status_code == 200  # the list, without script


def test_figures_are_the_end_of_a_code_before_they_are_a_procedures(
    office: Office, signed_in: SignedIn
) -> None:
    """Nobody who types the end of a code may find himself receiving something else."""
    make_case(code="3.000123")
    clerk = signed_in(office.clerk)
    typed = {"q": "0001", "mo": "1"}
    assert clerk.get(HOME, typed).headers["Location"] == "/tiep-nhan/lap/3.000123/"
    dossier = receive(office, make_case())
    assert dossier.code.endswith("-0001")
    assert clerk.get(HOME, typed).headers["Location"] == dossier.get_absolute_url()
    part = clerk.get(HOME, {"q": "0001"}, headers={"HX-Request": "true"}).content.decode()
    assert dossier.get_absolute_url() in part
    assert "/tiep-nhan/lap/" not in part


def test_a_figure_or_two_lists_procedures_and_opens_none(
    office: Office, signed_in: SignedIn
) -> None:
    make_case(code="3.000123")
    clerk = signed_in(office.clerk)
    page = clerk.get(HOME, {"q": "00", "mo": "1"})
    assert page.status_code == 200
    assert "3.000123" in page.content.decode()
    part = clerk.get(HOME, {"q": "00"}, headers={"HX-Request": "true"}).content.decode()
    assert "data-opens" not in part


def test_a_scanned_card_without_dossiers_is_told_what_comes_next(
    office: Office, signed_in: SignedIn
) -> None:
    page = signed_in(office.clerk).get(HOME, {"q": "020187000321", "mo": "1"}).content.decode()
    assert "Chưa có hồ sơ nào bạn được xem mang số 020187000321." in page
    assert "ít chữ hơn" not in page


# --- what it never shows, what it writes down -----------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["{code}", "nguyen van an", "001087000123", CARD, "0001", "stt 1"]
)
def test_nobody_is_offered_anothers_dossier(
    office: Office, signed_in: SignedIn, typed: str
) -> None:
    hidden = receive(make_office("Ủy ban nhân dân xã Tân Lập"), make_case())
    for role in set(Role) - {Role.ADMINISTRATOR, Role.PARTNER}:
        client = signed_in(make_officer("Vai Trò", office.agency, (role, None)))
        part = suggested(client, typed.format(code=hidden.code))
        assert "/ho-so/" not in part, role
        assert "href=" not in part, role
    for role in (Role.ADMINISTRATOR, Role.PARTNER):
        nobody = make_officer("Quản Trị", office.agency, (role, None))
        assert signed_in(nobody).get(SUGGEST, {"q": "an"}).status_code == 403


def test_a_specialist_is_offered_only_what_passed_the_own_room(
    office: Office, signed_in: SignedIn
) -> None:
    given, kept = (receive(office, make_case()) for _ in range(2))
    handovers.hand_over(given, to=office.room, by=office.desk(office.clerk), at=MONDAY)
    part = suggested(signed_in(office.specialist), "nguyen van an")
    assert given.code in part
    assert kept.code not in part


def test_naming_people_leaves_a_trace_without_what_was_typed(
    office: Office, signed_in: SignedIn
) -> None:
    make_case(name="Thủ tục đăng ký khai sinh")
    receive(office, make_case())
    clerk = signed_in(office.clerk)
    suggested(clerk, "khai sinh")
    suggested(clerk, "khong co ai")
    searched = AccessEvent.objects.filter(kind=AccessKind.SEARCHED)
    assert not searched.exists()
    suggested(clerk, "nguyen van an")
    assert searched.get().detail == "gợi ý theo tên: 1 kết quả"


def test_odd_texts_are_no_error(office: Office, signed_in: SignedIn) -> None:
    clerk = signed_in(office.clerk)
    for odd in ("", " ", "|", "a", "²", "%", "9" * 400, "ban-giao/99999999999/", "0/9999"):
        suggested(clerk, odd)
        for page in ("/tim/", HOME):
            assert clerk.get(page, {"q": odd, "mo": "1"}).status_code in (200, 302)


@pytest.mark.parametrize(
    "typed", ["nguyen", "van an", "khai sinh", "0001", "001087000123", "261123-0001", "stt 1"]
)
def test_suggestions_cost_five_statements_for_one_and_for_many(
    office: Office, signed_in: SignedIn, queries: Queries, typed: str
) -> None:
    """Beside the session, the officer and the trace that every page has."""
    clerk = signed_in(office.clerk)
    counts = []
    for _ in range(3):
        for _ in range(3):
            receive(office, make_case(name="Thủ tục đăng ký khai sinh"))
        suggested(clerk, typed)
        with queries() as seen:
            suggested(clerk, typed)
        counts.append(
            sum(
                not query["sql"].startswith(("SAVEPOINT", "RELEASE", "INSERT"))
                for query in seen.captured_queries
            )
        )
    assert len(set(counts)) == 1
    assert counts[0] <= 2 + 5
