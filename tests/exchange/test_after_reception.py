"""What a portal says of a dossier that was received reaches at once whoever has to do with it: the
counter's clerks, whoever has the dossier, and all who open it, until somebody saw to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse

from dossiers.acts import filings, handovers
from dossiers.intake.brought import OnlineIn
from dossiers.models import Dossier, OnlineFiling, OnlineSource
from exchange.inbox import closing, taking
from exchange.models import Door, Message
from onestop.outbox.models import Message as Notice
from procedures.channels import Channel
from procedures.models import Case
from tests.exchange.sent import a_door, body_of, came, code_of, data_of
from tests.world import Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
CAME, LATER = vn("23/11/2026 07:31"), vn("23/11/2026 08:00")
NEWER = "20261123080000"
ASK_FIRST = "Hãy hỏi Bộ phận Một cửa trước khi giải quyết tiếp."


@dataclass
class World:
    office: Office
    case: Case
    dossier: Dossier

    def withdraws(self) -> Message:
        body = body_of({"MaHoSo": code_of(self.office)}, service="RutHoSoDVCQG")
        return came(a_door(), body, LATER)

    def says_more(self, **more: Any) -> Message:
        data = data_of(self.office, self.case, NgayCapNhat=NEWER, **more)
        return came(a_door(), body_of(data, updating=True), LATER)

    def goes_to_the_specialist(self) -> None:
        handovers.hand_over(
            self.dossier, to=self.office.room, receiver=self.office.specialist,
            by=self.office.desk(self.office.clerk), at=CAME,
        )  # fmt: skip
        self.dossier.refresh_from_db()


@pytest.fixture
def world(settings: Any) -> World:
    settings.EXCHANGE_SECRETS = {"cong": "khoa"}
    office, case = make_office(), make_case()
    came(a_door(), body_of(data_of(office, case)), CAME)
    return World(office, case, _received(office, case))


def _received(office: Office, case: Case) -> Dossier:
    return receive(
        office,
        case,
        channel=Channel.ONLINE_FULL,
        online=OnlineIn(code_of(office), vn("20/11/2026 16:00")),
        at=CAME,
    )


def page(client: Any, dossier: Dossier) -> str:
    return " ".join(client.get(dossier.get_absolute_url()).content.decode().split())


def told(message: Message) -> dict[int | None, Notice]:
    rows = Notice.objects.filter(dedupe__startswith=f"said-of-received:{message.pk}:")
    return {one.to_officer_id: one for one in rows}


def test_the_clerk_is_told_at_once_of_a_withdrawal(world: World) -> None:
    message = world.withdraws()
    notices = told(message)
    notice = notices[world.office.clerk.pk]
    assert notice.subject == f"Người nộp rút hồ sơ trên Cổng: hồ sơ {world.dossier.code}"
    assert "hãy làm thủ tục rút hồ sơ hoặc báo lại người nộp" in notice.body
    assert notice.link == reverse("exchange_message", args=[message.pk])
    # Read again it is the same message.
    taking.read(message.pk, at=LATER)
    assert told(message).keys() == notices.keys()


def test_whoever_has_the_dossier_is_told_and_who_opens_it_reads_it(
    world: World, signed_in: Any, queries: Any
) -> None:
    world.goes_to_the_specialist()
    office, dossier = world.office, world.dossier
    specialist, clerk = signed_in(office.specialist), signed_in(office.clerk)
    page(specialist, dossier)
    with queries() as before:
        assert ASK_FIRST not in page(specialist, dossier)
    message = world.withdraws()
    notices = told(message)
    assert notices.keys() == {office.clerk.pk, office.specialist.pk, office.head.pk}
    assert notices[office.specialist.pk].link == dossier.get_absolute_url()
    address = reverse("exchange_message", args=[message.pk])
    with queries() as after:
        shown = page(specialist, dossier)
    assert "Người nộp rút hồ sơ trên Cổng.</strong> Thông điệp đến lúc 08:00 23/11/2026" in shown
    assert ASK_FIRST in shown
    assert address not in shown
    # The bell's notice of this dossier is read by opening it, one statement.
    assert len(after) <= len(before) + 1
    assert address in page(clerk, dossier)
    closing.close(message.pk, reason="Đã hỏi, không rút", by=office.clerk, at=LATER)
    assert "Thông điệp đến lúc" not in page(specialist, dossier)


@pytest.mark.parametrize("more", [{}, {"MaTruongHop": "Không có"}], ids=["read", "unread"])
def test_newer_content_is_told_as_a_withdrawal_is(
    world: World, signed_in: Any, more: dict[str, str]
) -> None:
    world.goes_to_the_specialist()
    message = world.says_more(SoDienThoai="0987654321", **more)
    assert message.is_held
    assert world.office.clerk.pk in told(message)
    assert world.office.specialist.pk in told(message)
    shown = page(signed_in(world.office.specialist), world.dossier)
    assert "Cổng gửi nội dung mới.</strong>" in shown


def test_it_is_told_also_where_no_message_brought_the_dossier(
    settings: Any, signed_in: Any
) -> None:
    """Received at the counter by its code before the portal was connected."""
    settings.EXCHANGE_SECRETS = {"cong": "khoa"}
    office, case = make_office(), make_case()
    world = World(office, case, _received(office, case))
    message = world.withdraws()
    assert message.filing is None
    assert office.clerk.pk in told(message)
    assert "Người nộp rút hồ sơ trên Cổng.</strong>" in page(signed_in(office.clerk), world.dossier)


def test_a_retry_of_a_withdrawal_of_what_was_put_back_is_told(settings: Any) -> None:
    settings.EXCHANGE_SECRETS = {"cong": "khoa"}
    office, case = make_office(), make_case()
    came(a_door(), body_of(data_of(office, case)), CAME)
    world = World(office, case, Dossier())
    assert not told(world.withdraws())
    filing = OnlineFiling.objects.get()
    filings.reopen(filing.pk, by=office.desk(office.clerk), at=LATER)
    again = world.withdraws()
    assert again.is_held
    assert told(again).keys() == {office.clerk.pk}


def test_another_source_says_nothing_of_the_dossier(world: World, signed_in: Any) -> None:
    other = OnlineSource.objects.create(name="Cổng khác")
    door = Door.objects.create(name="khac", source=other)
    body = body_of({"MaHoSo": code_of(world.office)}, service="RutHoSoDVCQG")
    message = came(door, body, LATER)
    assert message.is_held
    assert not told(message)
    assert "Thông điệp đến lúc" not in page(signed_in(world.office.clerk), world.dossier)
