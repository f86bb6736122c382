"""What an applicant sends on the portal for our request for completion reaches the clerk with its files,
and the clerk's act takes it in (R-47, R-48).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dossiers.acts import endings, sent, supplements
from dossiers.acts.endings import EndingIn
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.desk import lookup, of_owner
from dossiers.desk import sent as desk
from dossiers.intake.brought import OnlineIn
from dossiers.intake.wanted import declared
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, OnlineFiling
from dossiers.models.sent import FILES, SentPapers
from dossiers.states import State as Stands
from exchange.inbox import files, taking
from exchange.models import IncomingFile, Message
from onestop.errors import DomainError
from onestop.files.domain import keep
from onestop.files.models import Attachment
from onestop.outbox.models import Message as Notice
from procedures.channels import Channel
from procedures.models import Case
from tests.exchange.sent import a_door, body_of, came, data_of
from tests.samples import PDF, a_pdf
from tests.world import Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
CAME, ASKED = vn("23/11/2026 07:31"), vn("23/11/2026 08:00")
SENT, NOW = "20261123083000", vn("23/11/2026 08:30")


def item(name: str, content: bytes = PDF) -> dict[str, str]:
    return {"TenTep": name, "Base64": base64.b64encode(content).decode()}


@dataclass
class World:
    """A dossier of the portal, received with one file, that waits for papers."""

    office: Office
    case: Case
    dossier: Dossier

    def sends(self, *items: dict[str, str], **more: Any) -> Message:
        data = data_of(self.office, self.case, NgayCapNhat=SENT, TaiLieuNop=list(items), **more)
        found = came(a_door(), body_of(data, updating=True), NOW)
        files.fetch_due(timezone.now)
        found.refresh_from_db()
        return found

    def now(self) -> Dossier:
        self.dossier.refresh_from_db()
        return self.dossier

    @property
    def of_dossier(self) -> list[str]:
        rows = Attachment.objects.of("dossier", self.dossier.pk)
        return [row.name for row in rows]

    @property
    def complete(self) -> str:
        return reverse("act_complete", args=[self.dossier.code])


@pytest.fixture
def world() -> World:
    office, case = make_office(), make_case()
    filed = data_of(office, case, TaiLieuNop=[item("to-khai.pdf")])
    came(a_door(), body_of(filed), CAME)
    files.fetch_due(timezone.now)
    filing = OnlineFiling.objects.get()
    dossier = receive(
        office, case, channel=Channel.ONLINE_FULL, online=OnlineIn(filing.code), at=CAME
    )
    supplements.ask(
        Seen(dossier.pk), items=declared("Họ tên người mẹ"), reason="Thiếu", by=office.desk(office.clerk), at=ASKED
    )  # fmt: skip
    return World(office, case, dossier)


def test_what_was_sent_earlier_and_came_late_is_told_and_moves_no_time(world: World) -> None:
    """Here at 08:45, then what the portal sent at 08:30: the last is still from our own page."""
    later, at = vn("23/11/2026 08:45"), vn("23/11/2026 08:46")
    request = sent.awaited(world.dossier.pk)
    assert request is not None
    sent.arrive(request, None, sent_at=later, at=later)
    sent.arrive(request, a_door().source, sent_at=NOW, at=at)
    row = SentPapers.objects.get()
    assert (row.source, row.at) == (None, later)
    assert Notice.objects.filter(kind="papers_sent").count() == 2


def test_what_came_by_the_portal_is_not_taken_back_on_our_own_page(world: World) -> None:
    """Whoever sent it there takes it back there; what was sent here beside it goes, and the rest waits on."""
    world.sends(item("giay-khai-sinh.pdf", a_pdf()))
    kept, of, at = keep(PDF, name="cccd.pdf"), world.dossier.pk, vn("23/11/2026 08:40")
    assert sent.send(of, [kept], belongs=lambda one: True, at=at) == 1
    theirs, own = Attachment.objects.filter(
        kind=FILES, name__in=("giay-khai-sinh.pdf", "cccd.pdf")
    ).order_by("pk")
    shown = desk.shown(world.now())
    assert shown is not None
    assert desk.own_of(shown) == {own.pk}
    assert not sent.take_back(of, theirs.pk, belongs=lambda one: True, at=at)
    assert sent.take_back(of, own.pk, belongs=lambda one: True, at=at)
    shown = desk.shown(world.now())
    assert shown is not None
    assert [one.name for one in shown.files] == ["giay-khai-sinh.pdf"]


def test_where_files_of_the_portal_are_on_their_way_the_answer_stands(world: World) -> None:
    """Though nothing that was sent on our own page is left of it."""
    data = data_of(world.office, world.case, NgayCapNhat=SENT, TaiLieuNop=[item("b.pdf", a_pdf())])
    came(a_door(), body_of(data, updating=True), NOW)
    of = world.dossier.pk
    sent.send(of, [keep(PDF, name="cccd.pdf")], belongs=lambda one: True, at=NOW)
    own = Attachment.objects.get(name="cccd.pdf")
    assert sent.take_back(of, own.pk, belongs=lambda one: True, at=NOW)
    files.fetch_due(timezone.now)
    shown = desk.shown(world.now())
    assert shown is not None
    assert [one.name for one in shown.files] == ["b.pdf"]


def test_a_file_of_an_answer_that_nobody_can_read_is_told_where_it_is_taken_in(
    world: World, signed_in: Any
) -> None:
    """Or its message is held, where it is all that came."""
    nameless = {"TenTep": "la.pdf", "LinkTep": "https://cong.test/1"}
    assert [one["code"] for one in world.sends(nameless).missing] == ["missing_received"]
    world.sends(nameless, item("cu.pdf", a_pdf()))
    page = signed_in(world.office.clerk).get(world.complete).content.decode()
    assert "địa chỉ hay nội dung đọc được: la.pdf" in page
    assert "data-enter" not in page.partition("Đã nhận đủ")[0][-300:]
    assert world.sends(nameless, ChuHoSo="Lê Mới").is_held


def test_an_answer_reaches_the_clerk_and_is_taken_in_by_one_key(
    world: World, signed_in: Any
) -> None:
    """The portal sends all its files once more; what the dossier has it does not get twice."""
    message = world.sends(item("to-khai.pdf"), item("giay-khai-sinh.pdf", a_pdf()), MaTTHC="la")
    row = SentPapers.objects.get()
    assert (message.state, message.reason) == (Message.State.DONE, taking.ANSWERS)
    assert (row.at, row.source, world.now().state) == (
        NOW, a_door().source, Stands.AWAITING_PAPERS,
    )  # fmt: skip
    assert [one.name for one in Attachment.objects.of(FILES, row.pk)] == ["giay-khai-sinh.pdf"]
    assert world.of_dossier == ["to-khai.pdf"]
    [told] = Notice.objects.filter(kind="papers_sent")
    assert (told.to_officer, told.link) == (world.office.clerk, world.complete)
    # What came twice is one.
    again = world.sends(item("giay-khai-sinh.pdf", a_pdf()), ChuHoSo="Nguyễn Thị Bình")
    assert (again.state, SentPapers.objects.count()) == (Message.State.DONE, 1)
    assert Attachment.objects.of(FILES, row.pk).count() == 1
    assert Notice.objects.filter(kind="papers_sent").count() == 1
    # The officer and the citizen read the same.
    client = signed_in(world.office.clerk)
    here = world.dossier.get_absolute_url()
    assert "Người nộp đã gửi bổ sung trực tuyến lúc" in client.get(here).content.decode()
    assert "đã gửi bổ sung" in client.get(f"{reverse('work')}?loai=cho-bo-sung").content.decode()
    page = client.get(world.complete).content.decode()
    [file] = Attachment.objects.of(FILES, row.pk)
    address = reverse("dossier_file", args=[world.dossier.code, file.pk])
    assert address in page
    assert "data-enter" in page.partition("Đã nhận đủ")[0][-300:]
    answer = client.get(address)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    said = "Đã gửi bổ sung, chờ cơ quan tiếp nhận."
    looked_up = Client().get(f"/tra-cuu/{world.dossier.code}/").content.decode()
    assert said in looked_up
    full = lookup.full(world.dossier.code)
    assert full is not None
    assert full.asked is not None
    assert full.asked["sent_at"] == NOW
    [mine] = of_owner.page_of(world.dossier.identity_number, NOW).rows
    assert mine.sent_at == NOW
    # The act takes the files in and tells them in its event; taken back they wait again.
    client.post(world.complete, {"seen": world.now().row_version, "newest": file.pk})
    assert world.now().state == Stands.IN_PROGRESS
    assert world.of_dossier == ["to-khai.pdf", "giay-khai-sinh.pdf"]
    assert "Nhận 1 tệp người nộp gửi trực tuyến" in client.get(here).content.decode()
    assert said not in Client().get(f"/tra-cuu/{world.dossier.code}/").content.decode()
    seen, by = Seen(world.dossier.pk), world.office.desk(world.office.clerk)
    take_back(seen, by=by, at=NOW)
    assert world.of_dossier == ["to-khai.pdf"]
    shown = desk.shown(world.now())
    assert shown is not None
    assert [one.name for one in shown.files] == ["giay-khai-sinh.pdf"]
    supplements.complete(seen, by=by, at=NOW)
    assert world.of_dossier == ["to-khai.pdf", "giay-khai-sinh.pdf"]
    assert not verify(now=NOW).misfits


def test_what_is_no_answer_is_held_and_nothing_hangs(world: World, signed_in: Any) -> None:
    seen, by = Seen(world.dossier.pk), world.office.desk(world.office.clerk)
    # Sent before we asked; no file that is not here.
    for sent_at in ("20261123075900", SENT):
        data = data_of(world.office, world.case, NgayCapNhat=sent_at)
        held = came(a_door(), body_of(data, updating=True), NOW)
        assert [one["code"] for one in held.missing] == ["missing_received"]
    assert not SentPapers.objects.exists()
    # A file that cannot be had: told where it is taken in, and no key does it unseen.
    world.sends({"TenTep": "cu.pdf", "DuongDan": "https://127.0.0.1/a"})
    row = SentPapers.objects.get()
    page = signed_in(world.office.clerk).get(world.complete).content.decode()
    assert "Thiếu tệp cu.pdf" in page
    assert "data-enter" not in page.partition("Đã nhận đủ")[0][-300:]
    with pytest.raises(DomainError, match="sent_meanwhile"):
        take_back(seen, by=by, at=NOW)
    # Withdrawn: nobody is told any more that something waits.
    endings.withdraw(seen, EndingIn("", "Không cần nữa"), by=by, at=NOW)
    assert desk.shown(world.now()) is None
    take_back(seen, by=by, at=NOW)
    assert desk.shown(world.now()) is not None
    # Completed on paper: what is fetched after it is held with its message, for a person.
    IncomingFile.objects.filter(sent=row).update(state=1, place=0, url="", next_at=None)
    message = IncomingFile.objects.get(sent=row).message
    body = body_of(
        data_of(world.office, world.case, TaiLieuNop=[item("cu.pdf", a_pdf())]), updating=True
    )
    Message.objects.filter(pk=message.pk).update(raw=body.decode())
    supplements.complete(seen, by=by, at=NOW)
    assert files.fetch_due(timezone.now) == (0, 1)
    message.refresh_from_db()
    assert [one["code"] for one in message.missing] == ["missing_received"]
    assert message.is_held
    assert world.of_dossier == ["to-khai.pdf"]
    late = world.sends(item("moi.pdf", a_pdf()))
    assert late.is_held
