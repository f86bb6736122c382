"""Days on paper and reception outside the office (R-01, R-03, R-76): codes are kept and printed
beforehand, and what was received is entered afterwards with its true time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from dossiers.acts import paper_days
from dossiers.intake import codes, secrets
from dossiers.intake.elsewhere import free_codes
from dossiers.ledger.verifying import verify
from dossiers.models import CodeCounter, Dossier, Slip
from dossiers.models.elsewhere import Elsewhere, Outage, PaperPack
from onestop.accounts.models import Agency, Officer, Role
from onestop.errors import DomainError
from procedures.channels import Channel
from tests.clock import Clock
from tests.dossiers.intake import pages
from tests.world import MONDAY, Office, make_case, make_office, make_officer, vn

HERE = "/ngay-giay/"
Enter = Callable[[Officer], Any]


@pytest.fixture
def case(office: Office) -> Any:
    return make_case(name="Thủ tục đăng ký khai sinh")


@pytest.fixture
def pack(office: Office) -> PaperPack:
    at = vn("20/11/2026 16:00")
    return paper_days.prepare(office.agency, size=20, by=office.desk(office.clerk, at), at=at)


@pytest.fixture
def outage(office: Office, pack: PaperPack, clock: Clock) -> Outage:
    """This morning from half past seven until half past ten."""
    clock.now = vn("23/11/2026 11:00")
    return paper_days.record(
        office.agency, kind=Outage.Kind.POWER, note="", began_at=vn("23/11/2026 07:30"),
        ended_at=vn("23/11/2026 10:30"), by=office.desk(office.clerk, clock.now), at=clock.now,
    )  # fmt: skip


def code(office: Office, number: int = 9_002, day: str = "261123") -> str:
    return f"{office.agency.dossier_code}-{day}-{number}"


def entered(client: Any, case: Any, outage: Outage, **changes: str) -> Any:
    data = {"ngoai": f"giay-{outage.pk}", "true_at": "08:10"} | changes
    return client.post(pages.address(case), pages.typed(case, **data))


def test_what_was_received_on_paper_is_entered_with_its_code_and_its_true_time(
    office: Office, case: Any, outage: Outage, signed_in: Enter, clock: Clock
) -> None:
    clerk = signed_in(office.clerk)
    page = clerk.get(f"{pages.address(case)}?ngoai=giay-{outage.pk}").content.decode()
    assert f'<option value="{code(office)}">' in page
    assert 'name="ngoai"' in page
    done = entered(clerk, case, outage, reserved=code(office))
    assert done.status_code == 302, pages.errors(done)
    dossier = Dossier.objects.get(code=code(office))
    assert (dossier.received_at, dossier.recorded_at) == (vn("23/11/2026 08:10"), clock.now)
    slip = Slip.objects.get(dossier=dossier)
    assert slip.snapshot["received_at"].startswith("2026-11-23T")
    assert "mobile_at" not in slip.snapshot
    for address in (done.headers["Location"], dossier.get_absolute_url()):
        assert "Nhận trên giấy, sự cố: Mất điện" in clerk.get(address).content.decode()
    assert list(verify(now=clock.now).misfits) == []
    # The code is offered no more, and not taken twice.
    assert code(office) not in free_codes(outage, office.agency, clock.now)
    again = entered(clerk, case, outage, reserved=code(office))
    assert (again.status_code, "để dành" in pages.errors(again)) == (422, True)


@pytest.mark.postgres
def test_an_incident_keeps_its_times_while_a_reception_relies_on_them(
    office: Office, case: Any, outage: Outage, signed_in: Enter, queries: Callable[..., Any]
) -> None:
    """Who corrects it meanwhile waits, and then sees what was received in it."""
    clerk = signed_in(office.clerk)
    with queries() as asked:
        assert entered(clerk, case, outage, reserved=code(office)).status_code == 302
    read = [one["sql"] for one in asked if 'FROM "dossiers_outage"' in one["sql"]]
    assert sum("FOR NO KEY UPDATE" in one for one in read) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reserved": "H1-261123-9002"}, "để dành"),
        ({"reserved": ""}, "để dành"),
        ({"true_at": "07:29"}, "thời gian sự cố"),
        ({"true_at": "10:31"}, "thời gian sự cố"),
        ({"true_at": "11:30"}, "đã qua"),
        ({"true_at": "sáng"}, "Không đọc được"),
        ({"true_at": "22/11/2026 08:00"}, "thời gian sự cố"),
        ({"ngoai": "giay-999"}, ""),
        ({"channel": "4"}, ""),
    ],
)
def test_neither_code_nor_time_is_made_up(
    office: Office, case: Any, outage: Outage, signed_in: Enter, typed: dict[str, str], words: str
) -> None:
    said = entered(signed_in(office.clerk), case, outage, **{"reserved": code(office)} | typed)
    if typed.get("ngoai"):
        # An incident that is none: an ordinary reception, with a code of the program.
        assert not Elsewhere.objects.exists()
        return
    assert said.status_code == 422
    assert words in pages.errors(said)
    assert not Dossier.objects.exists()


def test_the_code_bears_the_day_it_was_received_on(
    office: Office, case: Any, pack: PaperPack, signed_in: Enter, clock: Clock
) -> None:
    """R-03, of an incident over two days: the hour alone is of the day in the code."""
    clock.now = vn("24/11/2026 11:00")
    outage = paper_days.record(
        office.agency, kind=Outage.Kind.NETWORK, note="", began_at=vn("23/11/2026 07:30"),
        ended_at=None, by=office.desk(office.clerk, clock.now), at=clock.now,
    )  # fmt: skip
    clerk = signed_in(office.clerk)
    wrong = entered(clerk, case, outage, reserved=code(office), true_at="24/11/2026 08:00")
    assert "ngày trong mã" in pages.errors(wrong)
    assert entered(clerk, case, outage, reserved=code(office)).status_code == 302
    assert Dossier.objects.get().received_at == vn("23/11/2026 08:10")


def test_outside_the_office_the_place_is_on_the_slip(
    office: Office, case: Any, signed_in: Enter, clock: Clock
) -> None:
    clerk, data = signed_in(office.clerk), {"ngoai": "luu-dong", "true_at": "20/11/2026 15:00"}
    bare = clerk.post(pages.address(case), pages.typed(case, **data))
    assert "địa điểm tiếp nhận lưu động" in pages.errors(bare)
    old = data | {"place": "Nà Lốc", "true_at": "10/11/2026 15:00"}
    assert "7 ngày" in pages.errors(clerk.post(pages.address(case), pages.typed(case, **old)))
    done = clerk.post(
        pages.address(case), pages.typed(case, **data, place="Nhà văn hóa thôn Nà Lốc")
    )
    assert done.status_code == 302, pages.errors(done)
    dossier = Dossier.objects.get()
    assert dossier.received_at == vn("20/11/2026 15:00")
    assert "-261120-" in dossier.code
    assert Slip.objects.get().snapshot["mobile_at"] == "Nhà văn hóa thôn Nà Lốc"
    paper = clerk.get(f"{dossier.get_absolute_url()}phieu/tiep-nhan/").content.decode()
    assert "Tiếp nhận lưu động tại: Nhà văn hóa thôn Nà Lốc" in paper
    assert "ngày 20 tháng 11 năm 2026" in paper
    assert "Tiếp nhận lưu động tại" in clerk.get(dossier.get_absolute_url()).content.decode()
    # Whoever has the slip reads it in the look-up; by the code alone nobody does.
    page, secret = f"/tra-cuu/{dossier.code}/", secrets.secret_of(dossier)
    words = "Tiếp nhận lưu động tại Nhà văn hóa thôn Nà Lốc"
    assert words in Client().get(f"{page}?k={secret}", follow=True).content.decode()
    assert "Nà Lốc" not in Client().get(page).content.decode()
    assert list(verify(now=clock.now).misfits) == []


@pytest.mark.parametrize("way", ["giay", "luu-dong"])
def test_what_a_door_needs_is_not_called_optional_and_is_asked_first(
    office: Office, case: Any, outage: Outage, signed_in: Enter, way: str
) -> None:
    named = f"giay-{outage.pk}" if way == "giay" else way
    page = signed_in(office.clerk).get(f"{pages.address(case)}?ngoai={named}").content.decode()
    door = page[page.index('id="nhan-o-ngoai"') :].partition("</fieldset>")[0]
    assert "(nếu có)" not in door
    assert page.index("data-focus") > page.index(door)
    assert "data-focus" in door


@pytest.mark.parametrize("way", ["giay", "luu-dong"])
def test_a_door_offers_no_other_channel_and_promises_nothing_before_its_hour(
    office: Office, case: Any, outage: Outage, signed_in: Enter, way: str
) -> None:
    named = f"giay-{outage.pk}" if way == "giay" else way
    clerk = signed_in(office.clerk)
    page = clerk.get(f"{pages.address(case)}?ngoai={named}").content.decode()
    assert page.count('name="channel"') == 1
    assert f'value="{int(Channel.DIRECT)}"' in page
    assert "Ghi giờ nhận thật để biết ngày hẹn." in page
    assert "nhận lúc 23/11/2026" not in page
    plain = clerk.get(pages.address(case)).content.decode()
    assert plain.count('name="channel"') > 1
    assert "Ghi giờ nhận thật" not in plain


def test_no_counter_gives_a_number_that_is_kept_for_paper(office: Office) -> None:
    day = MONDAY.date()
    CodeCounter.objects.create(agency=office.agency, day=day, last=9_000)
    pattern = "{unit}-{day:%y%m%d}-{number:04d}"
    made = codes.next_code(agency_id=office.agency.pk, unit="H1", pattern=pattern, day=day)
    assert made == "H1-261123-10000"


def test_packs_never_hold_the_same_number(office: Office, pack: PaperPack, clock: Clock) -> None:
    by = office.desk(office.clerk)
    second = paper_days.prepare(office.agency, size=100, by=by, at=MONDAY)
    assert (pack.numbers, second.numbers) == (range(9_001, 9_021), range(9_021, 9_121))
    for _ in range(8):
        paper_days.prepare(office.agency, size=100, by=by, at=MONDAY)
    with pytest.raises(DomainError, match="pack_full"):
        paper_days.prepare(office.agency, size=100, by=by, at=MONDAY)
    paper_days.end_pack(second.pk, office.agency, by=by, at=MONDAY)
    assert paper_days.prepare(office.agency, size=100, by=by, at=MONDAY).first == 9_021
    # Nobody of another office keeps numbers here.
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    with pytest.raises(DomainError, match="not_your_counter"):
        paper_days.prepare(office.agency, size=20, by=other.desk(other.clerk), at=MONDAY)


def test_an_agency_without_a_unit_code_is_told_what_to_set_where(
    office: Office, pack: PaperPack, signed_in: Enter
) -> None:
    """R-03, R-76: no code can be kept without its first part; said before anything is asked."""
    Agency.objects.filter(pk=office.agency.pk).update(dossier_code="")
    clerk = signed_in(office.clerk)
    page = clerk.get(HERE).content.decode()
    assert "Quản trị, Cơ quan, chọn cơ quan này và nhập ô “Phần đơn vị trong mã hồ sơ”" in page
    assert ("Để dành số" in page, "Ghi sự cố" in page) == (False, True)
    answer = clerk.post(HERE, {"viec": "goi", "size": "20"}, follow=True).content.decode()
    assert "chưa có phần đơn vị trong mã hồ sơ" in answer
    assert PaperPack.objects.count() == 1
    # The place that is named is there, and shows the field.
    administrator = make_officer("Quản Trị Viên", office.agency, (Role.ADMINISTRATOR, None))
    shown = signed_in(administrator).get(f"/quan-tri/co-quan/{office.agency.pk}/").content.decode()
    assert "Phần đơn vị trong mã hồ sơ" in shown


def test_the_pack_is_printed_with_what_is_due_today(
    office: Office, case: Any, pack: PaperPack, signed_in: Enter, clock: Clock
) -> None:
    from tests.world import receive

    due = receive(office, make_case("3 ngày làm việc"), at=MONDAY)
    later = receive(office, case, at=MONDAY)
    assert due.due_at is not None
    clock.now = due.due_at - timedelta(hours=2)
    clerk = signed_in(office.clerk)
    page = clerk.get(f"{HERE}goi/{pack.pk}/").content.decode().replace("<wbr>", "")
    assert f"{office.agency.dossier_code}-" in page
    assert "-9020" in page
    assert (due.code in page, later.code in page) == (True, False)
    file = clerk.get(f"{HERE}goi/{pack.pk}/goi.pdf")
    assert (file.headers["Content-Type"], file.content[:5]) == ("application/pdf", b"%PDF-")


def test_an_incident_keeps_what_was_received_in_it(
    office: Office, case: Any, outage: Outage, signed_in: Enter
) -> None:
    clerk, here = signed_in(office.clerk), f"{HERE}su-co/{outage.pk}/"
    entered(clerk, case, outage, reserved=code(office))
    times = {"kind": "1", "began_at": "07:30", "note": "", "viec": "sua"}
    refused = clerk.post(here, times | {"ended_at": "08:00"})
    assert (refused.status_code, "Đã có hồ sơ nhận" in pages.errors(refused)) == (422, True)
    assert clerk.post(here, {"viec": "bo"}).status_code == 302
    outage.refresh_from_db()
    assert (outage.cancelled_at, outage.ended_at) == (None, vn("23/11/2026 10:30"))
    assert clerk.post(here, times | {"ended_at": "09:00"}).status_code == 302
    outage.refresh_from_db()
    assert outage.ended_at == vn("23/11/2026 09:00")


def test_the_page_makes_a_pack_and_records_an_incident(office: Office, signed_in: Enter) -> None:
    clerk = signed_in(office.clerk)
    assert clerk.post(HERE, {"viec": "goi", "size": "20"}).status_code == 302
    said = {
        "viec": "su-co",
        "kind": "2",
        "began_at": "07:30",
        "ended_at": "08:30",
        "note": "Đứt cáp",
    }
    wrong = clerk.post(HERE, said | {"ended_at": "07:00"})
    assert (wrong.status_code, "sau giờ bắt đầu" in pages.errors(wrong)) == (422, True)
    assert clerk.post(HERE, said).status_code == 302
    page = clerk.get(HERE).content.decode()
    row = Outage.objects.get()
    for words in ("9001 đến 9020", "Mất mạng", "Đứt cáp", f"?ngoai=giay-{row.pk}"):
        assert words in page
    start = clerk.get(f"/tiep-nhan/?ngoai=giay-{row.pk}").content.decode()
    assert "đã nhận trên giấy" in start
