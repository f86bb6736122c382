"""A late or second request for completion is approved by the approver himself (R-44, R-46): nobody
types his yes for him.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dossiers.acts import agreeing, endings, handovers, supplements
from dossiers.acts.endings import EndingIn
from dossiers.acts.many import Seen
from dossiers.models import Dossier, Supplement
from dossiers.models.agreeing import Agreement
from dossiers.states import State
from dossiers.views import answering as answering_pages
from onestop.accounts.models import Officer, Role, Substitution
from onestop.outbox.models import Message
from tests.clock import Clock
from tests.dossiers.work.test_acts import fresh
from tests.world import Office, make_office, make_officer, vn

LIST = "/duyet-bo-sung/"
LATER = vn("01/12/2026 09:00")  # more than three working days after reception
Enter = Callable[[Officer], Any]


@pytest.fixture
def asked(
    office: Office, at_room: Callable[..., Dossier], signed_in: Enter, clock: Clock
) -> Dossier:
    """The clerk has put a late request before the head."""
    dossier = at_room()
    clock.now = LATER
    put(office, dossier, signed_in, office.head)
    return dossier


def page_of(dossier: Dossier) -> str:
    return f"{dossier.get_absolute_url()}yeu-cau-bo-sung/"


def put(office: Office, dossier: Dossier, signed_in: Enter, approver: Officer, **more: str) -> Any:
    data = {
        "declared": "Năm sinh của mẹ",
        "reason": "Thiếu",
        "legal_basis": "Điều 19 Luật Hộ tịch",
        "approver": str(approver.pk),
        "seen": str(fresh(dossier).row_version),
    }
    return signed_in(office.clerk).post(page_of(dossier), data | more, follow=True)


def said(client: Any, row: Agreement, words: str, yes: bool = True) -> Any:
    data = {"dap": "dong-y" if yes else "khong", "reason": words}
    return client.post(f"{LIST}{row.pk}/", data, follow=True)


def test_he_agrees_in_his_own_list_and_only_then_it_is_issued(
    office: Office, asked: Dossier, signed_in: Enter
) -> None:
    row = Agreement.objects.get()
    assert not Supplement.objects.exists()
    notice = Message.objects.get(to_officer=office.head, kind="agreement_asked")
    assert (notice.link, "Thiếu" in notice.body) == (LIST, False)
    waits = signed_in(office.clerk).get(page_of(asked)).content.decode()
    assert "chưa có trả lời" in waits
    assert "Trình người duyệt" in waits
    head = signed_in(office.head)
    page = head.get(LIST)
    assert page.context["rail_counts"]["duyet-bo-sung"] == 1
    listed = page.content.decode()
    for words in (asked.code, "Năm sinh của mẹ", "Điều 19 Luật Hộ tịch", str(office.clerk)):
        assert words in listed
    assert "Đã duyệt" in said(head, row, "").content.decode()
    page = head.get(LIST)
    assert page.context["rail_counts"]["duyet-bo-sung"] == 0
    assert "Không có yêu cầu nào chờ bạn duyệt" in page.content.decode()
    assert fresh(asked).state == State.IN_PROGRESS
    assert not Message.objects.filter(to_officer=office.head).unread().exists()
    clerk = signed_in(office.clerk)
    page = clerk.get(page_of(asked)).content.decode()
    assert f"{office.head} đã duyệt" in page
    # What he agreed to is issued as it is: other words in the form change nothing.
    seen = {"seen": str(fresh(asked).row_version), "declared": "Khác", "reason": "Khác"}
    clerk.post(page_of(asked), seen)
    assert fresh(asked).state == State.AWAITING_PAPERS
    made = Supplement.objects.get()
    assert (made.approver, made.reason, made.late) == (office.head, "Thiếu", True)
    assert made.entries == ["Nội dung kê khai: Năm sinh của mẹ"]
    assert agreeing.standing(asked) is None


def test_a_no_has_its_reason_and_nothing_is_issued(
    office: Office, asked: Dossier, signed_in: Enter
) -> None:
    row, head = Agreement.objects.get(), signed_in(office.head)
    refused = said(head, row, " ", yes=False)
    at_field = refused.content.decode().split(f'id="ly-do-{row.pk}-error"')[1]
    assert (refused.status_code, "Hãy ghi ý kiến" in at_field.split("<input")[0]) == (422, True)
    said(head, row, "Đã có trong cơ sở dữ liệu dân cư", yes=False)
    assert Message.objects.filter(to_officer=office.clerk, kind="agreement_answered").exists()
    page = signed_in(office.clerk).get(page_of(asked)).content.decode()
    assert "không duyệt" in page
    assert "Đã có trong cơ sở dữ liệu dân cư" in page
    seen = {"seen": str(fresh(asked).row_version)}
    assert signed_in(office.clerk).post(page_of(asked), seen).status_code == 422
    assert not Supplement.objects.exists()
    # Put before another one: the first answer is for nothing, and a late yes too.
    put(office, asked, signed_in, office.leader)
    assert "không còn chờ bạn" in said(head, row, "Thôi được").content.decode()
    assert agreeing.standing(asked).approver == office.leader  # type: ignore[union-attr]


def test_who_is_asked_no_more_is_told_so(office: Office, asked: Dossier, signed_in: Enter) -> None:
    put(office, asked, signed_in, office.leader)
    told = Message.objects.filter(kind="agreement_asked").order_by("pk")
    assert [(one.to_officer, "Đã hoàn tác" in one.subject) for one in told] == [
        (office.head, True),
        (office.leader, False),
    ]


def test_nobody_answers_for_him(office: Office, asked: Dossier, signed_in: Enter) -> None:
    row = Agreement.objects.get()
    elsewhere = make_office("Ủy ban nhân dân xã Tân Lập")
    for other, status in ((office.leader, 302), (elsewhere.head, 404)):
        client = signed_in(other)
        assert asked.code not in client.get(LIST).content.decode()
        assert client.post(f"{LIST}{row.pk}/", {"dap": "dong-y"}).status_code == status
    assert signed_in(office.clerk).post(f"{LIST}{row.pk}/", {"dap": "dong-y"}).status_code == 403
    assert Agreement.objects.get().is_waiting


def test_a_dossier_that_ended_waits_for_nobodys_answer(
    office: Office, asked: Dossier, signed_in: Enter
) -> None:
    row, said_why = Agreement.objects.get(), EndingIn("Trần Thị Thu Hà", "Nộp lại ở nơi khác")
    endings.withdraw(Seen(asked.pk), said_why, by=office.desk(office.clerk, LATER), at=LATER)
    head = signed_in(office.head)
    page = head.get(LIST)
    assert page.context["rail_counts"]["duyet-bo-sung"] == 0
    assert asked.code not in page.content.decode()
    assert "hồ sơ đã kết thúc" in said(head, row, "").content.decode()
    assert Agreement.objects.get().is_waiting


def test_who_stands_in_for_him_answers(office: Office, asked: Dossier, signed_in: Enter) -> None:
    deputy = make_officer("Vũ Thị Mai", office.agency, (Role.HEAD, office.second_room))
    Substitution.objects.create(
        absent=office.head,
        substitute=deputy,
        from_date=LATER.date(),
        to_date=LATER.date(),
        reason="Nghỉ phép",
    )
    client = signed_in(deputy)
    assert f"bạn duyệt thay {office.head}" in client.get(LIST).content.decode()
    said(client, Agreement.objects.get(), "")
    row = Agreement.objects.get()
    assert (row.agreed, row.approver, row.answered_by) == (True, office.head, deputy)


def test_what_was_agreed_to_once_is_not_agreed_for_the_next(
    office: Office, asked: Dossier, signed_in: Enter, clock: Clock
) -> None:
    said(signed_in(office.head), Agreement.objects.get(), "")
    seen = {"seen": str(fresh(asked).row_version)}
    signed_in(office.clerk).post(page_of(asked), seen)
    supplements.complete(Seen(asked.pk), by=office.desk(office.clerk, LATER), at=LATER)
    clerk = signed_in(office.clerk)
    assert "Trình người duyệt" in clerk.get(page_of(asked)).content.decode()
    put(office, asked, signed_in, office.head)
    row = agreeing.standing(asked)
    assert row is not None
    assert "Hãy ghi ý kiến" in said(signed_in(office.head), row, "").content.decode()
    said(signed_in(office.head), row, "Sót giấy tờ của bên thứ ba")
    clerk.post(page_of(asked), {"seen": str(fresh(asked).row_version)})
    newest = Supplement.objects.order_by("pk").last()
    assert newest is not None
    assert (newest.round, newest.approval_reason) == (2, "Sót giấy tờ của bên thứ ba")


def test_who_may_not_ask_puts_nothing_before_anybody(
    office: Office, at_room: Callable[..., Dossier], signed_in: Enter, clock: Clock
) -> None:
    dossier = at_room()
    clock.now = LATER
    data = {"declared": "A", "reason": "B", "legal_basis": "C", "approver": str(office.head.pk)}
    answer = signed_in(office.specialist).post(page_of(dossier), data)
    assert answer.status_code in (403, 422)
    assert not Agreement.objects.exists()


def test_in_time_nobody_is_asked(
    office: Office, at_room: Callable[..., Dossier], signed_in: Enter
) -> None:
    dossier = at_room()
    signed_in(office.clerk).post(page_of(dossier), {"declared": "A", "reason": "Thiếu"})
    assert fresh(dossier).state == State.AWAITING_PAPERS
    assert not Agreement.objects.exists()


def test_everything_a_late_request_lacks_is_said_at_once(
    office: Office, at_room: Callable[..., Dossier], signed_in: Enter, clock: Clock
) -> None:
    """R-46: an approver and a legal basis, beside what every request says."""
    dossier = at_room()
    clock.now = LATER
    answer = signed_in(office.clerk).post(page_of(dossier), {"seen": str(dossier.row_version)})
    assert answer.status_code == 422
    assert {*answer.context["form"].errors} == {"items", "reason", "legal_basis", "approver"}
    assert not Agreement.objects.exists()


def undo(client: Any, row: Agreement) -> str:
    return str(client.post(f"{LIST}{row.pk}/hoan-tac/", follow=True).content.decode())


@pytest.mark.parametrize("yes", [True, False])
def test_he_takes_his_answer_back_until_somebody_else_has_acted(
    office: Office, asked: Dossier, signed_in: Enter, clock: Clock, yes: bool
) -> None:
    row, head = Agreement.objects.get(), signed_in(office.head)
    page = said(head, row, "Vì thế", yes=yes).content.decode()
    assert f"{LIST}{row.pk}/hoan-tac/" in page
    assert "lại chờ bạn" in undo(head, row)
    row.refresh_from_db()
    assert (row.is_waiting, row.answer, row.answered_by, row.answered_at) == (True, "", None, None)
    notice = Message.objects.get(to_officer=office.clerk, kind="agreement_answered")
    assert notice.subject.startswith("Đã hoàn tác: ")
    assert "chưa có trả lời" in signed_in(office.clerk).get(page_of(asked)).content.decode()
    # Answered again, the counter hears of it again.
    clock.now = LATER + timedelta(minutes=5)
    said(head, row, "Nghĩ lại", yes=not yes)
    told = Message.objects.filter(to_officer=office.clerk, kind="agreement_answered")
    assert told.count() == 2


def test_what_is_not_listed_yet_is_told_and_comes_when_the_first_is_answered(
    office: Office, asked: Dossier, at_room: Callable[..., Dossier], signed_in: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(answering_pages, "MOST", 1)
    put(office, at_room(), signed_in, office.head)
    client, first = signed_in(office.head), Agreement.objects.get(dossier=asked)
    page = client.get(LIST)
    assert [row.pk for row in page.context["rows"]] == [first.pk]
    assert "Còn yêu cầu trình sau" in page.content.decode()
    page = said(client, first, "Đồng ý")
    assert [row.pk for row in page.context["rows"]] == [first.pk + 1]
    assert "Còn yêu cầu trình sau" not in page.content.decode()


def test_an_answer_stands_once_it_was_issued(
    office: Office, asked: Dossier, signed_in: Enter
) -> None:
    row, head = Agreement.objects.get(), signed_in(office.head)
    said(head, row, "")
    signed_in(office.clerk).post(page_of(asked), {"seen": str(fresh(asked).row_version)})
    assert "Không hoàn tác được nữa" in undo(head, row)
    row.refresh_from_db()
    assert row.agreed is True


def test_an_answer_stands_once_another_has_acted_on_the_dossier(
    office: Office, asked: Dossier, signed_in: Enter, clock: Clock
) -> None:
    row, head = Agreement.objects.get(), signed_in(office.head)
    said(head, row, "")
    clock.now = at = LATER + timedelta(minutes=5)
    handovers.hand_over(
        fresh(asked), to=office.second_room, by=office.desk(office.specialist, at), at=at
    )
    assert "Không hoàn tác được nữa" in undo(head, row)
    row.refresh_from_db()
    assert row.agreed is True


def test_nobody_takes_anothers_answer_back(
    office: Office, asked: Dossier, signed_in: Enter
) -> None:
    row = Agreement.objects.get()
    said(signed_in(office.head), row, "")
    assert "Không hoàn tác được nữa" in undo(signed_in(office.leader), row)
    row.refresh_from_db()
    assert row.agreed is True
