"""Where "Hoàn tác" is offered, what one press takes back, and how what was taken back is shown:
acts, many acts, slips.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from dossiers.acts import approval, endings, handovers, supplements, taking_back
from dossiers.acts.many import Seen
from dossiers.intake.wanted import declared
from dossiers.models import Dossier, HandOver, Result, Slip
from dossiers.states import State
from onestop.accounts.models import Role
from onestop.pdf import PdfUnavailable
from tests.clock import Clock
from tests.dossiers.work.conftest import approved_by
from tests.samples import PDF
from tests.world import MONDAY, Office, make_case, make_officer, receive, vn


def undo_in(page: Any) -> str:
    """The address of the toast's button."""
    found = re.search(r'data-toast>.*?<form action="([^"]+)"', page.content.decode(), flags=re.S)
    assert found is not None
    return unescape(found.group(1))


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def given(office: Office, count: int) -> list[Dossier]:
    case = make_case()
    made = [receive(office, case) for _ in range(count)]
    handovers.hand_over_many(
        [Seen(d.pk) for d in made],
        to=office.room,
        receiver=None,
        step=None,
        by=office.desk(office.clerk),
        at=MONDAY + timedelta(minutes=1),
    )
    return made


def unconfirmed(dossiers: list[Dossier]) -> list[bool]:
    return [HandOver.objects.get(dossier=d).confirmed_at is None for d in dossiers]


def test_one_receipt_is_taken_back_from_the_toast_or_from_the_page(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    (dossier,) = given(office, 1)
    client, address = signed_in(office.specialist), dossier.get_absolute_url()
    page = client.post(f"{address}nhan/", {"seen": fresh(dossier).row_version}, follow=True)
    assert undo_in(page) == f"{address}hoan-tac/?seen={fresh(dossier).row_version}"
    assert "Hoàn tác “nhận bàn giao”" in page.content.decode()
    after = client.post(undo_in(page), follow=True)
    assert "Đã hoàn tác việc vừa làm" in after.content.decode()
    assert (fresh(dossier).pending_department, fresh(dossier).state) == (
        office.room,
        State.RECEIVED,
    )
    text = re.sub(r"\s+", " ", after.content.decode())
    assert "<s>Nhận bàn giao</s> <em>đã hoàn tác</em>" in text
    assert "Chưa có người nhận" in text


def test_every_form_of_the_page_carries_the_token(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    """Recalling and taking back are forms of a part of the page; without it they are refused."""
    (dossier,) = given(office, 1)
    address = dossier.get_absolute_url()
    forms = post_forms(signed_in(office.clerk).get(address))
    signed_in(office.specialist).post(f"{address}nhan/", {"seen": fresh(dossier).row_version})
    forms += post_forms(signed_in(office.specialist).get(address))
    assert [form for form in forms if "csrfmiddlewaretoken" not in form] == []
    for act in ("thu-hoi", "hoan-tac"):
        assert any(f'action="{address}{act}/"' in form for form in forms), act


def post_forms(page: Any) -> list[str]:
    return re.findall(r'<form[^>]*method="post".*?</form>', page.content.decode(), flags=re.S)


def test_a_toast_takes_back_its_own_act_and_no_later_one(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    (dossier,) = given(office, 1)
    client, address = signed_in(office.specialist), dossier.get_absolute_url()
    toast = undo_in(
        client.post(f"{address}nhan/", {"seen": fresh(dossier).row_version}, follow=True)
    )
    supplements.propose(
        Seen(dossier.pk),
        items=declared("A"),
        reason="Thiếu",
        by=office.desk(office.specialist),
        at=MONDAY,
    )  # in another window
    said = client.post(toast, follow=True).content.decode()
    assert "Hồ sơ vừa được" in said
    assert Dossier.objects.proposed(office.desk(office.clerk)).exists()


def test_all_that_one_act_received_is_taken_back_by_one_press(
    office: Office, signed_in: Callable[..., Any], clock: Clock
) -> None:
    made = given(office, 3)
    client = signed_in(office.specialist)
    picked = {"chon": [f"{d.pk}.{fresh(d).row_version}" for d in made]}
    clock.now = vn("23/11/2026 09:10")
    page = client.post("/ban-giao/nhan/xac-nhan/", picked, follow=True)
    clock.now = vn("23/11/2026 09:11")
    supplements.propose(
        Seen(made[1].pk),
        items=declared("A"),
        reason="Thiếu",
        by=office.desk(office.specialist),
        at=clock.now,
    )
    said = client.post(undo_in(page), follow=True).content.decode()
    assert "Đã hoàn tác việc nhận 2/3 hồ sơ" in said
    assert made[1].code in said  # and why not
    assert unconfirmed(made) == [True, False, True]
    assert (
        "Không còn gì của lần nhận này"
        in client.post("/ban-giao/nhan/hoan-tac/?lan=zz", follow=True).content.decode()
    )


def test_so_is_what_the_scanner_received_also_beside_codes_that_were_refused(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    made = given(office, 2)
    client = signed_in(office.specialist)
    page = client.post(
        "/ban-giao/nhan/quet/", {"codes": "\n".join(d.code for d in made)}, follow=True
    )
    client.post(undo_in(page))
    assert unconfirmed(made) == [True, True]
    mixed = client.post(
        "/ban-giao/nhan/quet/", {"codes": f"{made[0].code}\nH99-KHONG-CO"}
    ).content.decode()
    assert "Hoàn tác 1 hồ sơ vừa nhận" in mixed
    found = re.search(r'action="(/ban-giao/nhan/hoan-tac/[^"]+)"', mixed)
    assert found is not None
    client.post(unescape(found.group(1)))
    assert unconfirmed(made) == [True, True]


def test_another_officer_cannot_press_it(office: Office, signed_in: Callable[..., Any]) -> None:
    made = given(office, 2)
    page = signed_in(office.specialist).post(
        "/ban-giao/nhan/quet/", {"codes": "\n".join(d.code for d in made)}, follow=True
    )
    said = signed_in(office.head).post(undo_in(page), follow=True).content.decode()
    assert "Không còn gì của lần nhận này" in said
    assert unconfirmed(made) == [False, False]


def test_giving_to_oneself_is_taken_back_from_the_toast(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    both = make_officer(
        "Năm Vai", office.agency, (Role.CLERK, office.counter), (Role.SPECIALIST, office.room)
    )
    dossier = receive(office, make_case())
    data = {
        "chon": f"{dossier.pk}.{dossier.row_version}",
        "giao": "1",
        "to": f"{office.room.pk}-{both.pk}",
        "step": "quy-trinh",
    }
    client = signed_in(both)
    page = client.post("/ban-giao/giao/", data, follow=True)
    assert (fresh(dossier).state, fresh(dossier).holder) == (State.IN_PROGRESS, both)
    client.post(undo_in(page))
    assert (fresh(dossier).state, fresh(dossier).holder, fresh(dossier).pending_department) == (
        State.RECEIVED,
        office.clerk,
        None,
    )


def test_a_moved_desk_is_taken_back_from_the_toast(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossier = at_room()
    successor = make_officer("Lò Văn Sơn", office.agency, (Role.SPECIALIST, office.room))
    client = signed_in(office.head)
    data = {"leaver": office.specialist.pk, "successor": successor.pk, "reason": "Nghỉ dài ngày"}
    page = client.post("/ban-giao/ban-lam-viec/", data, follow=True)
    assert fresh(dossier).holder == successor
    said = client.post(undo_in(page), follow=True).content.decode()
    assert "Đã hoàn tác việc bàn giao: 1 hồ sơ" in said
    assert "đã thu hồi" in said  # the printed list strikes it out
    assert fresh(dossier).holder == office.specialist
    assert (
        "Chỉ người vừa làm"
        in signed_in(office.leader).post(undo_in(page), follow=True).content.decode()
    )


# --- slips ----------------------------------------------------------------------------------------


def refused_and_undone(office: Office, dossier: Dossier) -> Slip:
    """Written and submitted by the specialist, approved by the leader, who takes that back."""
    at, leader = vn("23/11/2026 10:00"), office.desk(office.leader)
    refusal = endings.ResultIn(kind=Result.Kind.REFUSED, reason="Không đủ điều kiện")
    endings.record_result(Seen(dossier.pk), refusal, by=office.desk(office.specialist), at=at)
    approved_by(office, Dossier.objects.get(pk=dossier.pk), at)
    approval.approve(Seen(dossier.pk), by=leader, at=at)
    taking_back.take_back(Seen(dossier.pk), by=leader, at=at + timedelta(minutes=5))
    return Slip.objects.get(dossier=dossier, slug="tu-choi")


def test_a_void_slip_stays_in_the_list_and_says_what_it_is(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossier = at_room()
    slip = refused_and_undone(office, dossier)
    client, address = signed_in(office.specialist), dossier.get_absolute_url()
    page = re.sub(r"\s+", " ", client.get(address).content.decode())
    assert "<s>Phiếu từ chối</s>" in page
    assert re.search("đã hủy do hoàn tác, [^<]*10:05", page)
    for link in ("phieu/tu-choi/?in=1", f"phieu/tu-choi/?so={slip.number}"):
        text = client.get(f"{address}{link}").content.decode()
        assert re.search("Phiếu này đã hủy lúc [^<]*10:05", text)
        assert "ĐÃ HỦY 23/11/2026" in text
        assert "data-print" not in text
        assert "data-autoprint" not in text


def test_the_valid_slip_is_the_one_that_prints(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    """A completion clicked too early made a second form 01: taken back, the first one is the
    dossier's again.
    """
    dossier, clerk = at_room(), office.desk(office.clerk)
    supplements.ask(
        Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=vn("23/11/2026 10:00")
    )
    supplements.complete(Seen(dossier.pk), by=clerk, at=vn("30/11/2026 10:00"))
    first, second = Slip.objects.filter(dossier=dossier, slug="tiep-nhan").order_by("id")
    client, address = signed_in(office.clerk), f"{dossier.get_absolute_url()}phieu/tiep-nhan/"
    assert (
        f"Phiếu số {second.number:02d}" in client.get(address).content.decode()
        or second.snapshot["replaces"]
    )
    taking_back.take_back(Seen(dossier.pk), by=clerk, at=vn("30/11/2026 10:05"))
    now, then = (
        client.get(address).content.decode(),
        client.get(f"{address}?so={first.number}").content.decode(),
    )
    strip = lambda page: re.sub(r'<form class="bar".*?</form>', "", page, flags=re.S)  # noqa: E731
    assert strip(now) == strip(then)
    assert "đã hủy" not in now
    assert "Phiếu này đã hủy" in client.get(f"{address}?so={second.number}").content.decode()


def test_the_pdf_of_a_void_slip_carries_the_mark_and_the_stored_one_stays(
    office: Office,
    at_room: Callable[..., Dossier],
    signed_in: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[str] = []

    def render(html: str, **_: Any) -> bytes:
        drawn.append(html)
        return PDF

    monkeypatch.setattr("onestop.pdf.render", render)
    dossier = at_room()
    slip = refused_and_undone(office, dossier)
    client, address = (
        signed_in(office.specialist),
        f"{dossier.get_absolute_url()}phieu/tu-choi.pdf?so={slip.number}",
    )
    assert client.get(address).status_code == 200
    assert "ĐÃ HỦY 23/11/2026" in drawn[-1]
    slip.refresh_from_db()
    assert slip.pdf is None  # nothing marked is stored

    def cannot(html: str, **_: Any) -> bytes:
        raise PdfUnavailable(["libpango"])

    monkeypatch.setattr("onestop.pdf.render", cannot)
    assert client.get(address).status_code == 302
