"""Partner offices as data of administration, and a partner's own program at a signed door."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers.acts import partner_offices
from dossiers.intake.said import said_of
from dossiers.models import Dossier, OnlineFiling, PartnerCounter, PartnerOffice, PartnerOfficer
from exchange.inbox import arriving, closing, letting, taking
from exchange.models import Door, Mapping, Message
from exchange.outbox.taking import KINDS
from onestop.accounts.models import Role
from onestop.errors import DomainError, say, sentence
from onestop.outbox.models import Fact
from procedures.channels import Channel, method_channel
from procedures.models import Method, Paper
from tests.dossiers.domain.test_voiding import void
from tests.dossiers.partners.office import Kind, Partner, files_of, make_partner, typed
from tests.exchange.sent import SECRET, a_door, body_of, came, data_of, send
from tests.exchange.world import said as peer
from tests.world import MONDAY, make_agency, make_case, make_office, make_officer

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def test_an_administrator_keeps_them(signed_in: Any) -> None:
    """Name, kind, channel, days; counters below the own agency; accounts that hold the role."""
    office = make_office()
    admin = make_officer("Phan Anh Dũng", office.agency, (Role.ADMINISTRATOR, None))
    client = signed_in(admin)
    said = {
        "name": "Đại lý Số 1", "kind": Kind.AGENT, "channel": Channel.POST, "valid_from": "01/01/2026",
        "valid_to": "", "pattern": "",
    }  # fmt: skip
    refused = client.post(reverse("partner_offices"), said)
    assert "Chỉ đơn vị bưu chính" in refused.content.decode()
    made = client.post(reverse("partner_offices"), said | {"channel": Channel.DIRECT})
    partner = PartnerOffice.objects.select_related("source").get()
    address = reverse("partner_office", args=[partner.pk])
    assert made["Location"] == address
    assert (partner.source.channel, partner.source.agency) == (Channel.DIRECT, office.agency)
    between = {"c-valid_from": "01/01/2026", "c-valid_to": ""}
    counter = {"viec": "noi-nhan", "c-agency": office.agency.name} | between
    assert client.post(address, counter).status_code == 302
    assert "đã có trong danh sách" in client.post(address, counter).content.decode()
    person = make_officer("Vi Thị Lan", office.agency, (Role.PARTNER, None))
    seat = {"viec": "nhan-vien", "n-username": admin.username, "n-valid_from": "01/01/2026"}
    assert "Không có tài khoản" in client.post(address, seat).content.decode()
    assert client.post(address, seat | {"n-username": person.username}).status_code == 302
    other = make_partner(office, name="Bưu điện Khác")
    there = reverse("partner_office", args=[other.partner.pk])
    taken = client.post(there, seat | {"n-username": person.username})
    assert "thuộc Đại lý Số 1 từ 01/01/2026, trùng" in taken.content.decode()
    page = client.get(address).content.decode()
    assert "Vi Thị Lan" in page
    row = PartnerOfficer.objects.get(officer=person)
    client.post(address, {"viec": "ket-thuc-nhan-vien", "dong": row.pk})
    row.refresh_from_db()
    assert row.ended_at == MONDAY
    change = said | {"viec": "sua", "channel": Channel.DIRECT, "name": "Đại lý Số 2", "pattern": "DL-######-####+"}  # fmt: skip
    assert client.post(address, change).status_code == 302
    partner.source.refresh_from_db()
    assert partner.source.name == "Đại lý Số 2"
    assert partner.source.code_pattern == f"GH{partner.pk}-######-####+; DL-######-####+"


def test_offices_their_counters_and_people_are_listed_to_their_end(
    signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And each row may be ended, on whichever page it stands."""
    partner = make_partner()
    make_partner(partner.office, name="Bưu điện Đông Kinh")
    keeper, office = partner.office.desk(partner.administrator), partner.partner
    commune = make_agency("Xã Bình Minh", parent=partner.office.agency)
    partner_offices.add_counter(office, commune, date(2026, 1, 1), None, by=keeper)
    mate = make_officer("An Thị Mai", partner.office.agency, (Role.PARTNER, None))
    partner_offices.add_officer(office, mate, date(2026, 1, 1), None, by=keeper)
    monkeypatch.setattr("dossiers.views.partner_offices.SIZE", 1)
    client = signed_in(partner.administrator)
    listed, one = reverse("partner_offices"), reverse("partner_office", args=[office.pk])

    def shown(address: str, rows: str, following: str) -> list[str]:
        found, here = [], address
        while here:
            page = client.get(here)
            found += [str(row) for row, _ in page.context[rows]]
            here = page.context[following] and f"{address}{page.context[following]}"
        return found

    assert set(shown(listed, "rows", "next")) == {"Bưu điện Tam Thanh", "Bưu điện Đông Kinh"}
    assert len(shown(one, "counters", "next")) == 2
    assert shown(one, "officers", "next_officers") == [str(mate), str(partner.person)]
    last = office.officers.get(officer=partner.person)
    client.post(one, {"viec": "ket-thuc-nhan-vien", "dong": last.pk})
    last.refresh_from_db()
    assert last.ended_at == MONDAY


def test_days_of_one_office_do_not_overlap_whenever_they_begin() -> None:
    """Also days to come: what ends before they begin is another matter, what meets them is refused."""
    partner = make_partner()
    keeper, agency = partner.office.desk(partner.administrator), partner.office.agency
    for row in (partner.partner.counters.get(), partner.partner.officers.get()):
        partner_offices.end_row(row, by=keeper, at=MONDAY)
    other = make_officer("Lý Thị Mai", agency, (Role.PARTNER, None))

    def add(start: tuple[int, int], end: tuple[int, int] | None) -> None:
        days = date(2027, *start), date(2027, *end) if end else None
        partner_offices.add_counter(partner.partner, agency, *days, by=keeper)
        partner_offices.add_officer(partner.partner, other, *days, by=keeper)

    add((3, 1), (6, 30))
    add((1, 1), (2, 28))
    add((7, 1), None)
    for start, end in [((2, 1), (3, 1)), ((4, 1), (5, 1)), ((6, 30), None), ((1, 1), (12, 31))]:
        days = date(2027, *start), date(2027, *end) if end else None
        with pytest.raises(DomainError, match="partner_known") as met:
            partner_offices.add_counter(partner.partner, agency, *days, by=keeper)
        assert "trùng những ngày này" in sentence(met.value)
        with pytest.raises(DomainError, match="partner_officer_other"):
            partner_offices.add_officer(partner.partner, other, *days, by=keeper)
    assert "từ 01/07/2027," in sentence(met_by(partner, agency, date(2028, 1, 1), keeper))
    # What was ended counts no more.
    for row in partner.partner.counters.filter(ended_at=None):
        partner_offices.end_row(row, by=keeper, at=MONDAY)
    partner_offices.add_counter(partner.partner, agency, date(2027, 1, 1), None, by=keeper)


def met_by(partner: Partner, agency: Any, start: date, keeper: Any) -> DomainError:
    with pytest.raises(DomainError) as met:
        partner_offices.add_counter(partner.partner, agency, start, None, by=keeper)
    return met.value


def test_it_hands_to_its_counters_in_its_days_only(signed_in: Any) -> None:
    partner, far = make_partner(), make_office("Xã Khác")
    desk = partner.office.desk(partner.administrator)
    with pytest.raises(Exception, match="partner_agency"):
        partner_offices.add_counter(partner.partner, far.agency, MONDAY.date(), None, by=desk)
    client = signed_in(partner.person)
    page = client.get(reverse("partner_find"))
    assert page.status_code == 200
    elsewhere = client.get(reverse("partner_find"), {"quay": far.agency.pk})
    assert elsewhere.status_code == 404
    case = make_case()
    straight = reverse("partner_hand_in", args=[case.version.code])
    PartnerCounter.objects.update(ended_at=MONDAY)
    none = client.get(straight, follow=True).content.decode()
    assert "chưa được gửi hồ sơ tới nơi nào" in none
    PartnerOffice.objects.update(valid_to=date(2026, 11, 22))
    assert "không còn được gửi hộ hồ sơ" in client.get(straight, follow=True).content.decode()
    assert client.get(reverse("partner_find")).status_code == 302
    assert "không còn được gửi" in client.get(reverse("partner_filings")).content.decode()


@pytest.fixture
def machine(settings: Any) -> tuple[Partner, Door]:
    settings.EXCHANGE_SECRETS = {"buu-dien": SECRET}
    partner = make_partner(pattern="EMS-######-####+")
    return partner, Door.objects.create(name="buu-dien", source=partner.partner.source)


def told(partner: Partner, **more: Any) -> dict[str, Any]:
    case = more.pop("case", None) or make_case()
    said = {"MaHoSo": "EMS-261123-0001", "NgayNopHoSo": "20261123083000"}
    return data_of(partner.office, case, **(said | more))


def test_its_program_hands_in_at_a_signed_door(
    client: Any, signed_in: Any, machine: tuple[Partner, Door]
) -> None:
    """The channel by the data of the office, never on line (R-12); papers in no file follow by bag."""
    partner, door = machine
    body = body_of(told(partner, NguoiDuocUyQuyen={"HoTen": "Lò Văn Mang", "VanBanUyQuyen": "GUQ 5"}))  # fmt: skip
    assert send(client, body, name="buu-dien").json()["error_code"] == 0
    message = came(door, body, MONDAY)
    filing = OnlineFiling.objects.get()
    assert (message.state, filing.channel) == (Message.State.MAPPED, Channel.POST)
    assert (filing.papers_follow, filing.accept_by) == (True, None)
    assert said_of(filing).authorisation == "GUQ 5"
    assert "EMS-261123-0001" in signed_in(partner.person).get(reverse("partner_filings")).content.decode()  # fmt: skip
    clerk = signed_in(partner.office.clerk)
    page = clerk.get(reverse("online_filing", args=[filing.pk])).content.decode()
    assert "Lò Văn Mang" in page
    assert "Giấy tờ gửi theo túi thư" in page
    clerk.post(reverse("online_filing_settle", args=[filing.pk]), {"reason": "Trùng"})
    # A portal knows nothing of it: nothing is told there.
    assert not Fact.objects.filter(topic__in=KINDS).exists()
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"KenhThucHien": "2"}, "missing_value"),
        # the office's own way and no other.
        ({"KenhThucHien": "1"}, "missing_value"),
        ({"MaDonVi": "H99.khac"}, "missing_unit"),
        ({"MaHoSo": "KHAC-1"}, "missing_pattern"),
    ],
)
def test_what_it_may_not_say_waits_for_a_person(
    machine: tuple[Partner, Door], more: dict[str, Any], code: str
) -> None:
    partner, door = machine
    message = came(door, body_of(told(partner, **more)), MONDAY)
    assert message.state == Message.State.QUARANTINED
    assert code in [one["code"] for one in message.missing]


def test_its_program_may_send_what_its_page_may(client: Any, machine: tuple[Partner, Door]) -> None:
    """Counter, procedure, days: refused at the door by a true code, in the sentence of the page; kept
    under its reason, and taken once it may be sent.
    """
    partner, _ = machine
    case = make_case()
    said = told(partner, case=case)

    def sent(**more: Any) -> tuple[int, int, str]:
        updating = more.pop("updating", False)
        answer = send(client, body_of(said | more, updating=updating), name="buu-dien")
        return answer.status_code, answer.json()["error_code"], answer.json()["message"]

    PartnerCounter.objects.update(ended_at=MONDAY)
    assert sent() == (403, 3, say("partner_counter", {
        "partner": "Bưu điện Tam Thanh", "agency": partner.office.agency.name,
    }))  # fmt: skip
    PartnerCounter.objects.update(ended_at=None)
    methods = Method.objects.filter(case=case)
    by_post = list(methods.filter(channel=method_channel(Channel.POST)))
    methods.filter(channel=method_channel(Channel.POST)).delete()
    status, code, words = sent()
    assert (status, code) == (403, 3)
    assert words == say(
        "procedures.no_method", {"procedure": case.version.code, "channel": Channel.POST.label}
    )
    Method.objects.bulk_create(by_post)
    assert not Message.objects.exclude(state=Message.State.REFUSED).exists()
    # What could not be sent may be sent again; what was taken is known for ever.
    assert sent()[:2] == (200, 0)
    message = Message.objects.get(foreign_code=said["MaHoSo"])
    assert taking.read(message.pk, at=MONDAY).state == Message.State.MAPPED
    PartnerOffice.objects.update(valid_to=date(2026, 11, 22))
    assert sent()[:2] == (200, 0)
    over = say("partner_over", {"partner": "Bưu điện Tam Thanh"})
    assert sent(updating=True, SoDienThoai="0987654321") == (403, 3, over)
    assert sent(MaHoSo="EMS-261123-0002") == (403, 3, over)
    assert set(Message.objects.filter(state=Message.State.REFUSED).values_list("foreign_code")) == {
        ("",)
    }
    # What it handed in it may take back, as on its page.
    back = body_of({"MaHoSo": said["MaHoSo"]}, service="RutHoSoDVCQG")
    assert send(client, back, name="buu-dien").status_code == 200


def test_what_was_closed_and_is_sent_again_is_asked_anew(
    client: Any, machine: tuple[Partner, Door]
) -> None:
    """It is a message of its own: past its days the office is refused, and no counter holds it."""
    partner, door = machine
    body = body_of(told(partner, ChuHoSo=None))
    held = came(door, body, MONDAY)
    PartnerOffice.objects.update(valid_to=date(2026, 11, 22))
    # What is held still is known.
    assert send(client, body, name="buu-dien").status_code == 200
    closing.close(held.pk, reason="Sai", by=partner.office.clerk, at=MONDAY)
    assert send(client, body, name="buu-dien").status_code == 403
    assert list(Message.objects.filter(foreign_code=held.foreign_code)) == [held]
    PartnerOffice.objects.update(valid_to=None)
    assert send(client, body, name="buu-dien").status_code == 200
    assert Message.objects.filter(foreign_code=held.foreign_code).count() == 2


def test_of_one_body_its_days_and_counters_are_read_once(machine: tuple[Partner, Door]) -> None:
    partner, door = machine
    case = make_case()
    many = [told(partner, case=case, MaHoSo=f"EMS-261123-000{number}") for number in range(1, 4)]
    with CaptureQueriesContext(connection) as seen:
        assert len(arriving.take(door, body_of(many), at=MONDAY).messages) == 3
    for table in (PartnerOffice, PartnerCounter):
        read = f'FROM "{table._meta.db_table}"'
        assert sum(read in one["sql"] for one in seen.captured_queries) == 1
    # Of a portal nothing is read.
    with CaptureQueriesContext(connection) as seen:
        arriving.take(a_door(), body_of(data_of(partner.office, case)), at=MONDAY)
    assert not [one for one in seen.captured_queries if "partner" in one["sql"]]


def test_a_dossier_more_in_a_body_costs_its_row_and_no_question(
    machine: tuple[Partner, Door],
) -> None:
    """A day's dossiers come in one list, of one procedure to one counter: new ones, and some again."""
    partner, door = machine
    cases = [make_case(), make_case()]
    asked = []
    for first, count in ((100, 2), (200, 2), (300, 12)):
        many = [
            told(partner, case=cases[number % 2], MaHoSo=f"EMS-261123-0{first + number}")
            for number in range(count)
        ]
        for body in (body_of(many), body_of(many, updating=True)):
            with CaptureQueriesContext(connection) as seen:
                assert len(arriving.take(door, body, at=MONDAY).messages) == count
            kept = [one for one in seen if "SAVEPOINT" in one["sql"] or "INSERT" in one["sql"]]
            assert len(kept) == 3 * count
            asked.append(len(seen) - len(kept))
    # The first of all builds the calendar and reads the published cases.
    assert asked[2:4] == asked[4:6]


def test_what_the_door_cannot_ask_is_kept_and_a_counter_elsewhere_is_refused(
    client: Any, machine: tuple[Partner, Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours while it is asked loses nothing: the message is kept, and read later."""
    partner, _ = machine
    far = make_office("Xã Khác")
    elsewhere = send(client, body_of(told(partner, MaDonVi=far.agency.code)), name="buu-dien")
    assert elsewhere.status_code == 403
    assert far.agency.name in elsewhere.json()["message"]

    def faulty(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(letting, "mapped", faulty)
    assert send(client, body_of(told(partner)), name="buu-dien").status_code == 200
    assert Message.objects.get(state=Message.State.NEW).foreign_code == "EMS-261123-0001"


def test_what_its_program_changes_keeps_what_was_noted_on_its_page(
    signed_in: Any, machine: tuple[Partner, Door]
) -> None:
    partner, door = machine
    case = make_case()
    address = reverse("partner_hand_in", args=[case.version.code])
    said = typed(partner.office, case, follows="on", note="Túi số 7")
    signed_in(partner.person).post(address, said)
    filing = OnlineFiling.objects.get()
    changed = told(partner, case=case, MaHoSo=filing.code, SoDienThoai="0987654321")
    came(door, body_of(changed, updating=True), MONDAY + HOUR)
    filing.refresh_from_db()
    assert (filing.phone, said_of(filing).note) == ("0987654321", "Túi số 7")


def test_what_may_no_more_be_sent_when_it_is_read_is_held(machine: tuple[Partner, Door]) -> None:
    partner, door = machine
    [message] = arriving.take(door, body_of(told(partner)), at=MONDAY).messages
    PartnerCounter.objects.update(ended_at=MONDAY)
    held = taking.read(message.pk, at=MONDAY)
    assert [one["code"] for one in held.missing] == ["missing_unit_scope"]


def test_an_agents_program_says_by_which_paper_it_acts(client: Any, settings: Any) -> None:
    """As the agent's page asks (NĐ 118 Điều 16); of a list the others are taken. A change that says
    nothing of it takes it not away.
    """
    settings.EXCHANGE_SECRETS = {"dai-ly": SECRET}
    partner = make_partner(name="Đại lý Số 1", kind=Kind.AGENT, pattern="EMS-######-####+")
    door = Door.objects.create(name="dai-ly", source=partner.partner.source)
    case = make_case()
    bare = told(partner, case=case)
    refused = send(client, body_of(bare), name="dai-ly")
    assert (refused.status_code, refused.json()["message"]) == (400, say("exchange_authorisation"))
    right = bare | {
        "MaHoSo": "EMS-261123-0002",
        "NguoiDuocUyQuyen": {"VanBanUyQuyen": "HĐ 12/2026"},
    }
    answer = send(client, body_of([bare, right]), name="dai-ly").json()
    assert (answer["error_code"], answer["SoKhongNhan"]) == (0, 1)
    assert answer["DanhSachKhongNhan"][0]["LyDo"] == say("exchange_authorisation")
    taking.read_new(MONDAY)
    filing = OnlineFiling.objects.get()
    assert said_of(filing).authorisation == "HĐ 12/2026"
    changed = bare | {"MaHoSo": filing.code, "SoDienThoai": "0987654321"}
    came(door, body_of(changed, updating=True), MONDAY + HOUR)
    filing.refresh_from_db()
    assert (filing.phone, said_of(filing).authorisation) == ("0987654321", "HĐ 12/2026")


def test_what_gets_its_code_later_is_asked_then(settings: Any) -> None:
    """By a row of the table; what may not be handed in stays held, with the hours of its filing."""
    settings.EXCHANGE_SECRETS = {"dai-ly": SECRET}
    partner = make_partner(name="Đại lý Số 1", kind=Kind.AGENT, pattern="EMS-######-####+")
    door = Door.objects.create(name="dai-ly", source=partner.partner.source)
    bare = told(partner, MaHoSo=None) | {"SoHoSo": "EMS-261123-0001"}
    right = bare | {"SoHoSo": "EMS-261123-0002", "VanBanUyQuyen": "HĐ 12/2026"}
    for one in (bare, right):
        with pytest.raises(DomainError, match="exchange_code"):
            arriving.take(door, body_of(one), at=MONDAY)
    taking.read_new(MONDAY)
    first, second = Message.objects.order_by("pk")
    until = first.answer_by
    Mapping.objects.create(door=door, fields={"code": "SoHoSo"}, valid_from=date(2026, 11, 1))
    for _ in range(2):
        held = taking.read(first.pk, at=MONDAY)
        assert [one["code"] for one in held.missing] == ["missing_authorisation"]
        assert (held.foreign_code, held.agency) == ("", partner.office.agency)
        assert held.answer_by == until
    PartnerOffice.objects.update(valid_to=date(2026, 11, 22))
    over = taking.read(second.pk, at=MONDAY)
    assert over.missing[0]["code"] == "partner_over"
    PartnerOffice.objects.update(valid_to=None)
    assert taking.read(second.pk, at=MONDAY).state == Message.State.MAPPED
    assert OnlineFiling.objects.get().code == "EMS-261123-0002"


def test_what_its_program_says_of_what_was_received_makes_no_second_dossier(
    signed_in: Any, machine: tuple[Partner, Door]
) -> None:
    """It waits anew only once the reception was voided; a withdrawal reaches the clerk."""
    partner, door = machine
    case, clerk = make_case(), signed_in(partner.office.clerk)
    first = told(partner, case=case)
    came(door, body_of(first), MONDAY)
    filing = OnlineFiling.objects.get()
    address = reverse("intake_form", args=[case.version.code])
    opened = clerk.get(f"{address}?truc-tuyen={filing.pk}").content.decode()
    clerk.post(address, {
        "token": opened.split('name="token" value="')[1].split('"')[0],
        "co-quan": partner.office.agency.pk, "channel": 3, "gui-ho": filing.pk, "case": case.pk,
        "owner_name": filing.owner_name, "owner_kind": 1, "identity_kind": 1, "sets": 1,
        "identity_number": filing.identity_number, "phone": filing.phone, "viec": "nhan",
        "no_scan_reason": "Giấy theo túi thư",
        **{f"g{one.pk}-o": 1 for one in Paper.objects.filter(case=case)},
    })  # fmt: skip
    dossier = Dossier.objects.get()
    update = body_of(first | {"SoDienThoai": "0987654321"}, updating=True)
    held = came(door, update, MONDAY + HOUR)
    assert [one["code"] for one in held.missing] == ["missing_received"]
    other = came(door, body_of(first | {"SoDienThoai": "0987654322"}), MONDAY + HOUR)
    assert (other.state, other.reason) == (Message.State.DONE, "Hồ sơ đã được tiếp nhận.")
    back = body_of({"MaHoSo": filing.code}, service="RutHoSoDVCQG")
    recalled = came(door, back, MONDAY + HOUR)
    assert [one["code"] for one in recalled.missing] == ["missing_recalled"]
    assert recalled.agency == partner.office.agency
    filing.refresh_from_db()
    assert (filing.state, filing.dossier) == (OnlineFiling.State.RECEIVED, dossier)
    void(partner.office, dossier)
    came(door, body_of(first | {"SoDienThoai": "0987654323"}, updating=True), MONDAY + 2 * HOUR)
    filing.refresh_from_db()
    assert (filing.is_waiting, filing.dossier, filing.phone) == (True, None, "0987654323")


def test_the_portal_is_told_nothing_of_what_a_partner_sent(
    machine: tuple[Partner, Door], settings: Any
) -> None:
    settings.EXCHANGE_PEERS = [peer("B")]
    partner, door = machine
    held = came(door, body_of(told(partner, MaDonVi="H99.khac")), MONDAY)
    assert not closing.is_told(held)
    clerk = partner.office.clerk
    closing.close(held.pk, reason="Sai nơi nhận", by=clerk, at=MONDAY, tells=True)
    closing.open_again(held.pk, by=clerk, at=MONDAY + HOUR)
    assert not Fact.objects.filter(topic__in=KINDS).exists()


def test_what_an_administrator_changes_leaves_the_count_of_hand_ins(signed_in: Any) -> None:
    """Read before a hand-in, written after it: the next code is not given twice."""
    partner, case = make_partner(), make_case()
    stale = PartnerOffice.objects.select_related("source__agency").get()
    client, address = (
        signed_in(partner.person),
        reverse("partner_hand_in", args=[case.version.code]),
    )
    client.post(address, typed(partner.office, case) | files_of(case))
    said = partner_offices.OfficeIn("Bưu điện Mới", Kind.POST, Channel.POST, date(2026, 1, 1))
    partner_offices.change(stale, said, by=partner.office.desk(partner.administrator))
    client.post(address, typed(partner.office, case) | files_of(case))
    codes = OnlineFiling.objects.order_by("pk").values_list("code", flat=True)
    assert [one[-4:] for one in codes] == ["0001", "0002"]
