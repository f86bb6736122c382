"""The search box: what people type, what they find, and what they never see."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from dossiers.acts import endings, handovers, reception
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.desk import search as queries_module
from dossiers.desk.search import search
from dossiers.intake import names, secrets
from dossiers.intake.brought import Person, SubmitterIn
from dossiers.intake.names import keys_of
from dossiers.models import Dossier, NameKey, Return
from onestop.accounts.models import AccessEvent, Officer, Role
from tests.world import (
    IN_PERSON,
    MONDAY,
    Office,
    an_intake,
    make_agency,
    make_case,
    make_office,
    make_officer,
    receive,
    vn,
)

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Officer], Any]
TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(vn("25/11/2026 09:00"), tick=False):
        yield


@pytest.fixture
def office() -> Office:
    return make_office()


def receive_of(office: Office, case: Any, name: str, identity: str, phone: str) -> Dossier:
    base = an_intake(office, case)
    whose = Person(name=name, identity_number=identity, phone=phone)
    return reception.receive(replace(base, owner=whose), by=office.desk(office.clerk), at=MONDAY)


def returned_to(office: Office, name: str, identity: str) -> Dossier:
    """A dossier whose result was taken: with a number for the owner, without by the owner."""
    dossier, clerk = receive(office, make_case()), office.desk(office.clerk, MONDAY)
    result = endings.ResultIn(
        title="Giấy xác nhận",
        number="12/GXN",
        issued_on=date(2026, 11, 23),
        signer="Hoàng Minh Tuấn",
    )
    endings.record_result(Seen(dossier.pk), result, by=clerk, at=MONDAY)
    endings.finish(Seen(dossier.pk), by=clerk, at=MONDAY, note="Sở ký")
    for_another = (
        {"taker": Return.Taker.AUTHORISED, "authorisation": "Giấy ủy quyền số 3"}
        if identity
        else {}
    )
    taking = endings.Taking(name=name, identity=identity, **for_another, told=IN_PERSON)
    endings.give_back(Seen(dossier.pk), taking, by=clerk, at=MONDAY)
    return dossier


def found(office: Office, text: str, who: Officer | None = None) -> list[str]:
    hits = search(office.desk(who or office.clerk), text, on=TODAY)
    codes = dict(Dossier.objects.values_list("pk", "code"))
    return [codes[pk] for pk in hits.pks]


@pytest.mark.parametrize(
    "typed",
    ["{code}", "{lower}", " {code} ", "{blank}", "{qr}", "261123-0002", "0002", "2", "{part}"],
)
def test_codes_whole_part_or_scanned(office: Office, typed: str) -> None:
    case = make_case()
    receive(office, case)
    wanted = receive(office, case, owner="Lê Thị Bé")
    text = typed.format(
        code=wanted.code,
        lower=wanted.code.lower(),
        blank=wanted.code.replace("-", " "),
        qr=secrets.lookup_url(wanted),
        part=wanted.code[:-1] + "2",
    )
    assert found(office, text) == [wanted.code]


def test_the_beginning_of_a_code_gives_the_day(office: Office) -> None:
    case = make_case()
    codes = [receive(office, case).code for _ in range(3)]
    assert found(office, codes[0][:-3]) == codes


@pytest.mark.parametrize(
    "typed", ["Nguyễn Văn Ân", "nguyen van an", "NGUYEN  VAN", "van an", "an", "ngu"]
)
def test_names_without_diacritics_by_any_run_of_words(office: Office, typed: str) -> None:
    wanted = receive(office, make_case())
    receive(office, make_case(), owner="Đỗ Thị Hạnh")
    assert found(office, typed) == [wanted.code]
    assert found(office, "do thi") != [wanted.code]


def test_the_exact_name_stands_before_longer_ones_and_newer_before_older(office: Office) -> None:
    case = make_case()
    longer = receive(office, case, owner="Nguyễn Văn Ân Phúc")
    older, newer = receive(office, case), receive(office, case)
    assert found(office, "nguyen van an") == [newer.code, older.code, longer.code]


def test_the_submitter_is_found_too(office: Office) -> None:
    wanted = receive(office, make_case(), submitter=SubmitterIn("Lò Thị Pành", "Giấy ủy quyền"))
    assert found(office, "lo thi panh") == [wanted.code]


@pytest.mark.parametrize(
    "typed",
    ["001087000123", "001 087 000 123", "0987654321", "098 765 4321", "+84987654321", "C1234567"],
)
def test_identity_numbers_and_telephones(office: Office, typed: str) -> None:
    case = make_case()
    wanted = receive_of(
        office, case, "Lê Thị Bé", "C1234567" if typed[0] == "C" else "001087000123", "0987654321"
    )
    receive_of(office, case, "Trần Đạt", "001087000999", "0911111111")
    assert found(office, typed) == [wanted.code]


ODD_NAMES = [
    ("Ðặng Thị Ðào", ["dang thi dao", "đặng thị đào", "dao", "Ðào"]),  # both U+00D0
    ("Ɖặng Thị Đào", ["dang thi dao", "Đặng Thị"]),
    ("Søren Ødegård", ["soren odegard", "Ødegård", "odegard"]),
    ("H'Hoa Niê", ["hhoa nie", "h hoa", "h'hoa", "h’hoa", "hoa nie", "HHOA", "nie"]),
    ("H’Hoa Niê", ["hhoa nie", "h'hoa"]),
    ("H' Hoa Niê", ["hhoa nie", "h hoa nie"]),
    ("Hhoa Niê", ["h'hoa", "hhoa"]),
    ("José O'Neill", ["oneill", "o neill", "o'neill", "neill", "jose oneill"]),
    ("Y Bliu Niê-Kđăm", ["niekdam", "nie kdam", "kdam", "niê-kđăm"]),
    ("H'Yuôl Niê-Kđăm", ["hyuol nie kdam", "h yuol niekdam"]),
    ("Nguyễn  Văn  Ân", ["nguyen van an"]),
]


@pytest.mark.parametrize(
    ("name", "typed"), [(name, typed) for name, ways in ODD_NAMES for typed in ways]
)
def test_a_name_is_found_whatever_keyboard_and_marks(office: Office, name: str, typed: str) -> None:
    wanted, _ = (
        receive(office, make_case(), owner=name),
        receive(office, make_case(), owner="Trần Đạt"),
    )
    assert found(office, typed) == [wanted.code]
    assert [d.code for d in Dossier.objects.filter(queries_module.matches(typed))] == [wanted.code]


def test_who_took_the_result_or_asked_for_the_end_is_found_by_name(office: Office) -> None:
    """R-72, R-78."""
    clerk = office.desk(office.clerk, MONDAY)
    given, ended = returned_to(office, "Vừ A Páo", "020190777777"), receive(office, make_case())
    endings.withdraw(
        Seen(ended.pk),
        endings.EndingIn("Lò Thị Pành", "Không cần nữa", authorisation="Giấy ủy quyền số 4"),
        by=clerk,
        at=MONDAY,
    )
    assert found(office, "vu a pao") == [given.code]
    assert found(office, "lo thi panh") == [ended.code]


def test_the_owners_own_name_is_keyed_once(office: Office) -> None:
    before = NameKey.objects.count()
    returned_to(office, "NGUYEN VAN AN", "")
    assert NameKey.objects.count() == before + len(keys_of("Nguyễn Văn Ân"))


def test_keys_of_old_rows_are_made_anew_by_the_command(office: Office) -> None:
    first = receive(
        office,
        make_case(),
        owner="H'Hoa Niê",
        submitter=SubmitterIn("Søren Ødegård", "Giấy ủy quyền"),
    )
    second = returned_to(office, "Vừ A Páo", "020190777777")
    right = sorted(NameKey.objects.values_list("dossier_id", "agency_id", "text"))
    NameKey.objects.all().delete()
    NameKey.objects.create(dossier=first, agency=office.agency, text="s ren degard")
    call_command("rebuild_names", stdout=StringIO())
    assert sorted(NameKey.objects.values_list("dossier_id", "agency_id", "text")) == right
    kept = list(NameKey.objects.order_by("pk").values_list("pk", flat=True))
    assert list(names.rebuild()) == [(2, 0)]
    assert list(NameKey.objects.order_by("pk").values_list("pk", flat=True)) == kept
    assert found(office, "odegard") == [first.code]
    assert found(office, "vu a pao") == [second.code]


COMPANY = "4999999902"


def company(office: Office, number: str) -> Dossier:
    owner = Person(name="Công ty Hoa Hồi", kind=2, identity_kind=3, identity_number=number)
    return reception.receive(
        replace(an_intake(office, make_case()), owner=owner),
        by=office.desk(office.clerk),
        at=MONDAY,
    )


@pytest.mark.parametrize(
    "typed",
    [
        "4999999902-001",
        "4999999902001",
        "4999999902 001",
        "4999999902–001",
        "４９９９９９９９０２００１",
    ],
)
def test_a_branch_is_found_however_its_tax_code_is_typed(office: Office, typed: str) -> None:
    wanted, _ = company(office, "4999999902001"), company(office, "4999999902-002")
    assert wanted.identity_number == "4999999902-001"
    assert found(office, typed) == [wanted.code]


def test_the_ten_digits_of_a_company_find_its_branches_and_nobody_else(office: Office) -> None:
    codes = [
        company(office, number).code for number in (COMPANY, f"{COMPANY}-001", f"{COMPANY}-999")
    ]
    receive_of(office, make_case(), "Trần Đạt", f"{COMPANY}00", "0911111111")
    assert found(office, COMPANY) == found(office, "4999 999 902") == codes[::-1]


NUMBERS = [
    "020190777777",
    "020 190 777 777",
    "０２０１９０７７７７７７",
    "0913111222",
    "+84 913 111 222",
    "0084913111222",
]


@pytest.mark.parametrize("typed", NUMBERS)
def test_who_brought_the_dossier_is_found_by_the_own_numbers(office: Office, typed: str) -> None:
    """R-19: the submitter is who stands at the counter again."""
    brought_by = SubmitterIn(
        "Lò Thị Pành", "Giấy ủy quyền", identity_number="020 190 777 777", phone="+84 913 111 222"
    )
    wanted = receive(office, make_case(), submitter=brought_by)
    receive(office, make_case())
    assert found(office, typed) == [wanted.code]
    at_desk = Dossier.objects.filter(queries_module.matches(typed))
    assert [d.code for d in at_desk] == [wanted.code]


def test_one_number_finds_what_the_person_owns_and_what_the_person_brought(office: Office) -> None:
    case = make_case()
    own = receive_of(office, case, "Lò Thị Pành", "020190777777", "0913111222")
    brought = receive(
        office,
        case,
        submitter=SubmitterIn("Lò Thị Pành", "Giấy ủy quyền", identity_number="020190777777"),
    )
    assert found(office, "020190777777") == [brought.code, own.code]


def test_who_took_the_result_for_the_owner_is_found(office: Office) -> None:
    """R-78."""
    dossier = returned_to(office, "Vừ A Páo", "020 190 777 777")
    row = Return.objects.get()
    assert row.taker_identity == "020190777777"
    assert found(office, "020 190 777 777") == [dossier.code]


def test_a_number_is_asked_for_in_a_fixed_number_of_statements(
    office: Office, queries: Any
) -> None:
    case = make_case(papers=1)
    desk = office.desk(office.clerk)
    receive(office, case)
    search(desk, "001087000123", on=TODAY)  # what a desk asks once about itself
    with queries() as one:
        search(desk, "001087000123", on=TODAY)
    receive(office, case)
    with queries() as two:
        search(desk, "001087000123", on=TODAY)
    with queries() as phone:
        search(desk, "+84 912 345 678", on=TODAY)
    assert (len(one), len(two)) == (3, 3)
    assert len(phone) <= 4


@pytest.mark.parametrize(
    "typed", ["²", "02²", "020²90123456", "①", "9" * 300, "+84", "00", "(+", "-", "/"]
)
def test_odd_figures_find_nothing_and_break_nothing(
    signed_in: SignedIn, office: Office, typed: str
) -> None:
    receive(office, make_case())
    client = signed_in(office.clerk)
    assert client.get("/tim/", {"q": typed}).status_code == 200
    assert client.get("/tra-ket-qua/", {"q": typed}).status_code == 200


def test_what_another_office_has_is_not_there(office: Office) -> None:
    elsewhere = make_office("Ủy ban nhân dân xã Tân Lập")
    hidden = receive(elsewhere, make_case())
    for typed in (hidden.code, "nguyen van an", "001087000123", "0912345678"):
        assert found(office, typed) == []


def test_a_specialist_finds_what_passed_the_own_room_only(office: Office) -> None:
    case = make_case()
    passed, other = receive(office, case), receive(office, case)
    step = NextStep(order=2, name="Xử lý")
    handovers.hand_over(passed, to=office.room, step=step, by=office.desk(office.clerk), at=MONDAY)
    assert found(office, "nguyen van an", office.specialist) == [passed.code]
    assert found(office, other.code, office.specialist) == []


def test_an_overseer_finds_below_and_the_receiving_counter_what_it_took_for_another(
    office: Office,
) -> None:
    province = make_agency("Ủy ban nhân dân tỉnh", code="H98")
    office.agency.parent = province
    office.agency.save()
    controller = make_officer("Kiểm Soát", province, (Role.CONTROLLER, None))
    wanted = receive(office, make_case())
    assert found(office, "van an", controller) == [wanted.code]
    taken_for_another = receive(office, make_case(), owner="Vừ A Páo", handled_by=province)
    assert found(office, "vu a pao") == [taken_for_another.code]


def test_one_hit_opens_and_several_are_listed(signed_in: SignedIn, office: Office) -> None:
    case = make_case()
    first = receive(office, case)
    client = signed_in(office.clerk)
    assert client.get("/tim/", {"q": "van an"}).headers["Location"] == f"/ho-so/{first.code}/"
    second = receive(office, case)
    page = client.get("/tim/", {"q": "van an"})
    text = page.content.decode()
    assert first.code in text
    assert second.code in text
    assert "Không tìm thấy" in client.get("/tim/", {"q": "khong co ai"}).content.decode()
    assert client.get("/tim/").status_code == 200


def test_a_search_is_written_down_without_what_was_typed(
    signed_in: SignedIn, office: Office
) -> None:
    signed_in(office.clerk).get("/tim/", {"q": "001087000123"})
    (line,) = AccessEvent.objects.filter(kind="searched")
    assert "001087000123" not in line.detail
    assert line.detail == "theo số giấy tờ hoặc số điện thoại: 0 kết quả"


def test_pages_go_on_by_key_and_statements_do_not_grow(
    signed_in: SignedIn, office: Office, queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries_module, "PAGE", 5)
    case = make_case(papers=1)
    receive(office, case)
    receive(office, case)
    client = signed_in(office.clerk)
    client.get("/tim/", {"q": "van"})
    with queries() as few:
        client.get("/tim/", {"q": "van"})
    for _ in range(10):
        receive(office, case)
    with queries() as many:
        page = client.get("/tim/", {"q": "van"})
    assert len(few) == len(many) <= 12
    codes: list[str] = []
    address = "/tim/?q=van"
    while address:
        page = client.get(address)
        codes += [row.line.code for row in page.context["rows"]]
        address = page.context["next"]
    assert len(codes) == len(set(codes)) == 12


def test_a_small_part_of_a_big_office_is_looked_through_in_bounded_steps(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries_module, "SCAN", 3)
    case = make_case(papers=1)
    dossiers = [receive(office, case) for _ in range(8)]
    step = NextStep(order=2, name="Xử lý")
    handovers.hand_over(
        dossiers[0], to=office.room, step=step, by=office.desk(office.clerk), at=MONDAY
    )
    desk, after, pks, steps = office.desk(office.specialist), "", [], 0
    while True:
        hits = search(desk, "nguyen van an", on=TODAY, after=after)
        pks += hits.pks
        steps += 1
        if not hits.next:
            break
        after = hits.next
    assert (pks, steps) == ([dossiers[0].pk], 3)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_that_opens_dossiers_may_search_and_nobody_finds_anothers(
    signed_in: SignedIn, office: Office, role: Role
) -> None:
    hidden = receive(make_office("Ủy ban nhân dân xã Tân Lập"), make_case())
    client = signed_in(make_officer("Vai Trò", office.agency, (role, None)))
    for typed in (hidden.code, "nguyen van an", "001087000123"):
        page = client.get("/tim/", {"q": typed})
        opens_none = role in (Role.ADMINISTRATOR, Role.PARTNER)
        assert page.status_code == (403 if opens_none else 200)
        assert hidden.owner_name not in page.content.decode().replace("Nguyễn Văn Ân</strong>", "")
        assert f"/ho-so/{hidden.code}/" not in page.content.decode()


def test_strangers_sign_in_first(client: Any) -> None:
    assert client.get("/tim/?q=a").headers["Location"].startswith("/dang-nhap/")
