"""One more guidance in a matter is approved by the approver himself (R-44): the visit waits, the slip
is issued and printed when he has agreed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dossiers.acts import visits
from dossiers.desk import matters
from dossiers.intake.brought import Person
from dossiers.intake.wanted import declared
from dossiers.models import CounterVisit, Slip
from dossiers.models.guiding import GuidanceApproval
from onestop.accounts.models import Officer, Role, RoleGrant, Substitution
from onestop.errors import DomainError
from onestop.outbox.models import Message
from tests.clock import Clock
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive

LIST = "/duyet-bo-sung/"
OWNER = Person("Nguyễn Văn Ân", identity_number="001087000123", phone="0912345678")
Enter = Callable[[Officer], Any]


@pytest.fixture
def case(office: Office) -> Any:
    return make_case(name="Thủ tục đăng ký khai sinh")


def guide(office: Office, case: Any, **more: Any) -> CounterVisit:
    said = visits.Said(
        CounterVisit.Kind.COMPLETE, agency=office.agency, version=case.version, case=case, owner=OWNER,
        items=declared("Ngày sinh"), reason="Chưa đủ", **more,
    )  # fmt: skip
    at = MONDAY - timedelta(minutes=30 if more else 60)
    return visits.record(said, by=office.desk(office.clerk, at), at=at)


@pytest.fixture
def asked(office: Office, case: Any) -> CounterVisit:
    """The same person is guided a second time: the head is asked."""
    guide(office, case)
    return guide(office, case, approver=office.head, approval_reason="Văn bản mới")


def page_of(visit: CounterVisit) -> str:
    return f"/tiep-nhan/luot/{visit.pk}/"


def row_of(visit: CounterVisit) -> GuidanceApproval:
    return GuidanceApproval.objects.get(visit=visit)


def said(client: Any, visit: CounterVisit, *, yes: bool = True, words: str = "") -> str:
    data = {"dap": "dong-y" if yes else "khong", "reason": words}
    answered = client.post(f"{LIST}luot/{row_of(visit).pk}/", data, follow=True)
    return str(answered.content.decode())


def test_he_answers_in_his_list_and_only_then_the_slip_is_issued_and_printed(
    office: Office, asked: CounterVisit, signed_in: Enter
) -> None:
    clerk, head = signed_in(office.clerk), signed_in(office.head)
    waits = clerk.get(page_of(asked)).content.decode()
    assert "Chờ duyệt hướng dẫn lần nữa" in waits
    assert "Người duyệt không có mặt?" in waits
    assert "phat-phieu" not in waits
    assert clerk.get(f"{page_of(asked)}phieu/").status_code == 404
    assert f"chờ {office.head.full_name} duyệt" in clerk.get("/tiep-nhan/").content.decode()
    early = clerk.post(f"{page_of(asked)}phat-phieu/", follow=True).content.decode()
    assert "người duyệt chưa đồng ý" in early
    assert Slip.objects.count() == 1

    listed = head.get(LIST)
    assert listed.context["rail_counts"]["duyet-bo-sung"] == 1
    for words in ("Nguyễn Văn Ân", "Ngày sinh", "Văn bản mới", str(office.clerk)):
        assert words in listed.content.decode()
    assert "Đã duyệt" in said(head, asked)
    assert head.get(LIST).context["rail_counts"]["duyet-bo-sung"] == 0
    notice = Message.objects.get(to_officer=office.clerk, kind="guidance_answered")
    assert notice.link == page_of(asked)
    assert "Văn bản mới" not in notice.body

    assert "đã duyệt, phát và in được" in clerk.get("/tiep-nhan/").content.decode()
    assert "Phát và in phiếu" in clerk.get(page_of(asked)).content.decode()
    printed = clerk.post(f"{page_of(asked)}phat-phieu/")
    assert printed.headers["Location"] == f"{page_of(asked)}phieu/?in=1"
    assert clerk.get(printed.headers["Location"]).status_code == 200
    clerk.post(f"{page_of(asked)}phat-phieu/")  # a second press
    slip = Slip.objects.get(visit=asked)
    assert (slip.slug, slip.made_by, slip.made_at) == ("bo-sung", office.clerk, MONDAY)
    done = clerk.get(page_of(asked)).content.decode()
    assert f"{office.head.full_name} đã duyệt lúc 09:00 23/11/2026" in done
    assert "chưa phát phiếu" not in clerk.get("/tiep-nhan/").content.decode()


def test_a_no_has_its_reason_and_issues_nothing(
    office: Office, asked: CounterVisit, signed_in: Enter
) -> None:
    head, clerk = signed_in(office.head), signed_in(office.clerk)
    at_field = said(head, asked, yes=False).split(f'id="y-kien-{row_of(asked).pk}-error"')[1]
    assert "vì sao không duyệt" in at_field.split("<input")[0]
    assert row_of(asked).is_waiting
    said(head, asked, yes=False, words="Không có căn cứ")
    page = clerk.get(page_of(asked)).content.decode()
    assert "Không duyệt hướng dẫn lần nữa" in page
    assert "Không có căn cứ" in page
    assert "chưa đồng ý" in clerk.post(f"{page_of(asked)}phat-phieu/", follow=True).content.decode()
    assert not Slip.objects.filter(visit=asked).exists()


def test_the_answer_is_taken_back_until_the_slip_is_issued(
    office: Office, asked: CounterVisit, signed_in: Enter
) -> None:
    head, clerk = signed_in(office.head), signed_in(office.clerk)
    undo = f"{LIST}luot/{row_of(asked).pk}/hoan-tac/"
    assert undo in said(head, asked)
    assert "lại chờ bạn" in head.post(undo, follow=True).content.decode()
    assert row_of(asked).is_waiting
    told = Message.objects.get(to_officer=office.clerk, kind="guidance_answered")
    assert told.subject.startswith("Đã hoàn tác")
    said(head, asked)
    clerk.post(f"{page_of(asked)}phat-phieu/")
    assert "Không hoàn tác được nữa" in head.post(undo, follow=True).content.decode()
    assert row_of(asked).agreed


def test_when_he_is_away_his_deputy_or_another_approver_answers(
    office: Office, asked: CounterVisit, signed_in: Enter
) -> None:
    deputy = make_officer("Vũ Thị Mai", office.agency, (Role.HEAD, office.second_room))
    Substitution.objects.create(
        absent=office.head, substitute=deputy, from_date=MONDAY.date(), to_date=MONDAY.date(), reason="Nghỉ phép"
    )  # fmt: skip
    assert f"bạn duyệt thay {office.head}" in signed_in(deputy).get(LIST).content.decode()
    clerk = signed_in(office.clerk)
    put = f"{page_of(asked)}trinh/"
    assert "Hãy chọn người phê duyệt" in clerk.post(put, {}, follow=True).content.decode()
    again = {"approver": str(office.leader.pk), "reason": "Trưởng phòng vắng"}
    clerk.post(put, again)
    row = row_of(asked)
    assert (row.approver, row.visit.approver) == (office.leader, office.leader)
    assert row.visit.approval_reason == "Trưởng phòng vắng"
    assert "Nguyễn Văn Ân" not in signed_in(deputy).get(LIST).content.decode()
    gone = Message.objects.get(to_officer=office.head, kind="guidance_asked")
    assert gone.subject.startswith("Đã hoàn tác")
    said(signed_in(office.leader), asked)
    clerk.post(f"{page_of(asked)}phat-phieu/")
    assert Slip.objects.filter(visit=asked).exists()
    assert "không còn chờ duyệt" in clerk.post(put, again, follow=True).content.decode()


def test_the_counter_may_give_up_and_the_person_is_guided_anew(
    office: Office, case: Any, asked: CounterVisit, signed_in: Enter
) -> None:
    said(signed_in(office.head), asked)
    clerk = signed_in(office.clerk)
    clerk.post(f"{page_of(asked)}trinh/", {"thoi": "1"})
    row = row_of(asked)
    assert (row.agreed, row.closed_at) == (False, MONDAY)
    assert "Không phát phiếu" in clerk.get(page_of(asked)).content.decode()
    with pytest.raises(DomainError, match="second_guidance"):
        guide(office, case)


def test_what_waits_or_was_refused_is_no_guidance_of_the_dossier_that_follows(
    office: Office, case: Any, asked: CounterVisit
) -> None:
    dossier = receive(office, case)
    assert matters.guided(dossier) == 1
    asked.refresh_from_db()
    assert asked.dossier is None


def test_what_was_issued_counts_and_says_who_approved(
    office: Office, case: Any, asked: CounterVisit, signed_in: Enter, clock: Clock
) -> None:
    said(signed_in(office.head), asked, words="Đồng ý")
    signed_in(office.clerk).post(f"{page_of(asked)}phat-phieu/")
    clock.now = MONDAY + timedelta(hours=1)
    dossier = receive(office, case, at=clock.now)
    assert matters.guided(dossier) == 2
    page = signed_in(office.clerk).get(dossier.get_absolute_url()).content.decode()
    assert f"Lần nữa: {office.head.full_name} đã duyệt lúc 09:00 23/11/2026 (Đồng ý)" in page


def test_a_head_at_the_counter_approves_by_guiding_himself(office: Office, case: Any) -> None:
    RoleGrant.objects.create(
        officer=office.clerk, agency=office.agency, role=Role.HEAD, department=office.counter, valid_from=MONDAY.date()
    )  # fmt: skip
    guide(office, case)
    visit = guide(office, case, approver=office.clerk, approval_reason="Văn bản mới")
    assert Slip.objects.filter(visit=visit).exists()
    assert matters.approval_words(visit).startswith(f"{office.clerk.full_name} đã duyệt lúc 08:30")
    assert not Message.objects.filter(kind="guidance_asked").exists()


def test_nobody_else_answers_issues_or_asks(
    office: Office, asked: CounterVisit, signed_in: Enter
) -> None:
    elsewhere = make_office("Ủy ban nhân dân xã Tân Lập")
    answer = f"{LIST}luot/{row_of(asked).pk}/"
    for who, status in ((office.leader, 302), (elsewhere.head, 404), (office.clerk, 403)):
        assert signed_in(who).post(answer, {"dap": "dong-y"}).status_code == status
    assert row_of(asked).is_waiting
    for act in ("phat-phieu", "trinh"):
        address = f"{page_of(asked)}{act}/"
        assert signed_in(elsewhere.clerk).post(address).status_code == 404
        assert signed_in(office.head).post(address).status_code == 403
