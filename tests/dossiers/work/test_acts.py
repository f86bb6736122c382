"""Acts on one dossier through their pages: what was typed stays, stale pages get a conflict, one's
own last act can be taken back.
"""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers.acts import endings, handovers, re_appointment, supplements, taking_back
from dossiers.acts.many import Seen
from dossiers.intake.wanted import declared
from dossiers.models import Dossier, HandOver, Result, Slip
from dossiers.models.outcome import Outcome
from dossiers.states import State
from onestop.errors import DomainError
from onestop.files.models import Attachment
from onestop.worktime import Term, Unit
from tests.clock import Clock
from tests.dossiers.work.conftest import approved_by
from tests.dossiers.work.test_dossier_page import PDF
from tests.world import MONDAY, Office, make_case, receive, vn


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def test_a_result_with_its_file(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossier = at_room()
    client = signed_in(office.specialist)
    missing = client.post(
        f"{dossier.get_absolute_url()}ket-qua/",
        {"kind": "1", "title": "Giấy xác nhận", "number": "12/GXN"},
    )
    assert missing.status_code == 422
    said = missing.content.decode()
    assert "Hãy nhập ngày ban hành." in said
    assert 'value="12/GXN"' in said  # nothing typed is lost
    good = {
        "kind": "1",
        "title": "Giấy xác nhận",
        "number": "12/GXN",
        "issued_on": "2026-11-23",
        "signer": "Hoàng Minh Tuấn",
    }
    wrong = client.post(
        f"{dossier.get_absolute_url()}ket-qua/",
        good | {"file": SimpleUploadedFile("ket-qua.pdf", b"MZ not a pdf")},
    )
    assert wrong.status_code == 422
    assert not Result.objects.exists()  # neither half
    done = client.post(
        f"{dossier.get_absolute_url()}ket-qua/",
        good | {"file": SimpleUploadedFile("ket-qua.pdf", PDF)},
    )
    assert done.status_code == 302
    assert Attachment.objects.get(kind="result", object_id=dossier.pk).name == "ket-qua.pdf"
    assert Result.objects.get().number == "12/GXN"


def test_refusal_after_appraisal_needs_its_reason_and_form_03_waits_for_its_approval(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossier = at_room()
    client = signed_in(office.specialist)
    assert client.post(f"{dossier.get_absolute_url()}ket-qua/", {"kind": "2"}).status_code == 422
    client.post(
        f"{dossier.get_absolute_url()}ket-qua/",
        {"kind": "2", "reason": "Không đủ điều kiện theo Điều 9"},
    )
    assert Result.objects.get().kind == Result.Kind.REFUSED
    assert not Slip.objects.filter(dossier=dossier, slug="tu-choi").exists()
    approved_by(office, Dossier.objects.get(pk=dossier.pk), MONDAY)
    seen = {"seen": Dossier.objects.get(pk=dossier.pk).row_version}
    signed_in(office.leader).post(f"{dossier.get_absolute_url()}duyet/", seen)
    assert Slip.objects.filter(dossier=dossier, slug="tu-choi").exists()


def test_completion_shows_its_effect_before_it_is_asked(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any], clock: Clock
) -> None:
    """Proposed by the handler, issued once and completely by the counter (R-45, R-49); the page
    names the new date beforehand.
    """
    dossier = at_room()
    specialist, clerk = signed_in(office.specialist), signed_in(office.clerk)
    paper = dossier.case.papers.earliest("order")
    note = {f"b{paper.pk}-n": "bản chụp mờ"}
    specialist.post(
        f"{dossier.get_absolute_url()}de-nghi-bo-sung/",
        {"declared": "Họ tên mẹ", "reason": "Thiếu"} | note,
    )
    assert fresh(dossier).state == State.IN_PROGRESS
    page = clerk.get(f"{dossier.get_absolute_url()}yeu-cau-bo-sung/").content.decode()
    assert "tính lại từ đầu" in page
    assert "17:00 thứ Năm 03/12/2026" in page
    assert "Họ tên mẹ" in page  # the proposal is filled in
    assert f'name="b{paper.pk}-n" value="bản chụp mờ"' in " ".join(page.split())
    empty = clerk.post(f"{dossier.get_absolute_url()}yeu-cau-bo-sung/", {"reason": "Thiếu"})
    assert empty.status_code == 422
    data = {
        f"b{paper.pk}": "on",
        "declared": "Họ tên mẹ\n- Năm sinh",
        "reason": "Thiếu",
        "respond_by": "2026-11-30",
    } | note
    clerk.post(f"{dossier.get_absolute_url()}yeu-cau-bo-sung/", data)
    row = dossier.supplements.get()
    assert row.entries == [
        f"{paper.name}: bản chụp mờ",
        "Nội dung kê khai: Họ tên mẹ",
        "Nội dung kê khai: Năm sinh",
    ]
    assert row.respond_by == vn("30/11/2026 17:00")
    assert fresh(dossier).state == State.AWAITING_PAPERS
    clock.now = vn("25/11/2026 10:00")
    clerk = signed_in(office.clerk)
    page = clerk.get(f"{dossier.get_absolute_url()}nhan-bo-sung/").content.decode()
    assert "17:00 thứ Sáu 04/12/2026" in page
    clerk.post(f"{dossier.get_absolute_url()}nhan-bo-sung/", {})
    assert fresh(dossier).due_at == vn("04/12/2026 17:00")  # the date the page had shown


def test_a_late_or_second_request_asks_for_its_approver(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any], clock: Clock
) -> None:
    dossier = at_room()
    clock.now = vn("01/12/2026 09:00")  # more than three working days after reception
    clerk = signed_in(office.clerk)
    data = {"declared": "A", "reason": "Thiếu"}
    refused = clerk.post(f"{dossier.get_absolute_url()}yeu-cau-bo-sung/", data)
    assert "Lần yêu cầu này cần người duyệt." in refused.content.decode()
    refused = clerk.post(
        f"{dossier.get_absolute_url()}yeu-cau-bo-sung/", data | {"approver": str(office.head.pk)}
    )
    assert "căn cứ pháp lý" in refused.content.decode()
    asked = clerk.post(
        f"{dossier.get_absolute_url()}yeu-cau-bo-sung/",
        data | {"approver": str(office.head.pk), "legal_basis": "Điều 19"},
        follow=True,
    )
    assert f"Đã trình {office.head} duyệt" in asked.content.decode()
    assert fresh(dossier).state == State.IN_PROGRESS  # he agrees himself first (test_agreeing.py)


def test_asked_after_the_promise_heals_nothing(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any], clock: Clock
) -> None:
    dossier = at_room(term="1 ngày làm việc")
    clock.now = vn("27/11/2026 09:00")
    page = (
        signed_in(office.clerk)
        .get(f"{dossier.get_absolute_url()}yeu-cau-bo-sung/")
        .content.decode()
    )
    assert "không làm thay đổi tình trạng quá hạn" in page


def test_the_apology_previews_its_date_and_is_given_once(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossier = at_room()
    client = signed_in(office.head)
    address = f"{dossier.get_absolute_url()}hen-lai/"
    signer = {"signer": str(office.leader.pk)}
    preview = client.post(
        address, {"quantity": "3", "unit": "ngay-lam-viec", "reason": "", "xem": "1"} | signer
    )
    assert preview.status_code == 200
    shown = preview.context["effect"].at
    assert fresh(dossier).due_at == vn("03/12/2026 17:00")  # nothing done yet
    assert (
        client.post(
            address, {"quantity": "3", "unit": "ngay-lam-viec", "reason": ""} | signer
        ).status_code
        == 422
    )
    client.post(
        address, {"quantity": "3", "unit": "ngay-lam-viec", "reason": "Xác minh kéo dài"} | signer
    )
    after = fresh(dossier)
    assert after.due_at == shown == vn("08/12/2026 17:00")
    assert after.legal_due_at == vn("03/12/2026 17:00")  # the verdict keeps the promise before
    shown = client.get(dossier.get_absolute_url()).context
    assert "hẹn lại một lần" in {a.name: a.why_not for a in shown["denied"]}["re_appoint"]
    refused = client.get(address)
    assert refused.status_code == 403
    assert "hẹn lại một lần" in refused.content.decode()
    again = client.post(address, {"quantity": "1", "unit": "ngay", "reason": "Nữa"} | signer)
    assert "hẹn lại một lần" in again.content.decode()


WITHDRAWAL = {
    "requested_by": "Nguyễn Văn Ân",
    "requested_on": "23/11/2026",
    "reason": "Không còn nhu cầu",
}
STOP = WITHDRAWAL | {
    "stage": "Xử lý hồ sơ",
    "decision_number": "12/QĐ-UBND",
    "decision_on": "23/11/2026",
    "signer": "Hoàng Minh Tuấn",
    "fee_consequence": "Hoàn trả 70.000 đồng",
}


@pytest.mark.parametrize(
    ("path", "who", "data", "state"),
    [("rut/", "clerk", WITHDRAWAL, State.WITHDRAWN), ("dung/", "leader", STOP, State.STOPPED)],
)
def test_ending_and_taking_it_back(
    office: Office,
    at_room: Callable[..., Dossier],
    signed_in: Callable[..., Any],
    path: str,
    who: str,
    data: dict[str, str],
    state: State,
) -> None:
    dossier = at_room()
    client = signed_in(getattr(office, who))
    for name in data:
        refused = client.post(f"{dossier.get_absolute_url()}{path}", data | {name: " "})
        assert refused.status_code == 422
        assert list(refused.context["form"].errors) == [name]
    done = client.post(f"{dossier.get_absolute_url()}{path}", data, follow=True)
    assert fresh(dossier).state == state
    assert (
        f"{dossier.get_absolute_url()}hoan-tac/" in done.content.decode()
    )  # in the toast and on the page
    client.post(f"{dossier.get_absolute_url()}hoan-tac/")
    after = fresh(dossier)
    assert (after.state, after.ended_at, after.verdict) == (State.IN_PROGRESS, None, None)


def test_a_stop_notice_prints_what_was_decided(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    """R-71: request, stage, decision, reason, fee consequence; the page knows the leader and the
    step beforehand.
    """
    dossier = at_room()
    client = signed_in(office.head)
    page = client.get(f"{dossier.get_absolute_url()}dung/")
    assert page.context["form"].initial["signer"] == office.leader.full_name
    assert page.context["form"].initial["stage"] == "Xử lý hồ sơ"
    client.post(f"{dossier.get_absolute_url()}dung/", STOP)
    notice = client.get(f"{dossier.get_absolute_url()}phieu/dung/").content.decode()
    for words in (
        "Nguyễn Văn Ân, ngày 23 tháng 11 năm 2026",
        *(STOP[name] for name in ("stage", "reason", "decision_number", "signer")),
    ):
        assert words in notice
    assert "theo Quyết định số 12/QĐ-UBND ngày 23 tháng 11 năm 2026." in notice
    assert "Phí, lệ phí: Hoàn trả 70.000 đồng" in notice
    told = client.get(dossier.get_absolute_url()).context["timeline"][0].lines
    assert told == (
        "Không còn nhu cầu",
        "Người đề nghị: Nguyễn Văn Ân",
        "Quyết định số 12/QĐ-UBND ngày 23 tháng 11 năm 2026, Hoàng Minh Tuấn ký",
        "Phí, lệ phí: Hoàn trả 70.000 đồng",
    )


@pytest.mark.parametrize(
    ("day", "refused"),
    [("22/11/2026", True), ("23/11/2026", False), ("24/11/2026", False), ("26/11/2026", True)],
)
def test_an_end_was_asked_for_between_reception_and_today(
    office: Office,
    at_room: Callable[..., Dossier],
    signed_in: Callable[..., Any],
    clock: Clock,
    day: str,
    refused: bool,
) -> None:
    dossier = at_room()  # received on 23/11
    clock.now = vn("25/11/2026 09:00")
    answer = signed_in(office.clerk).post(
        f"{dossier.get_absolute_url()}rut/", WITHDRAWAL | {"requested_on": day}
    )
    assert (answer.status_code == 422) == refused
    assert ("Ngày đề nghị phải từ ngày tiếp nhận đến hôm nay" in answer.content.decode()) == refused


def test_the_apology_is_signed_by_a_leader_of_the_agency(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    """R-52: the signer is chosen, the usual one beforehand; nobody else's name comes onto the
    paper.
    """
    dossier = at_room()
    client = signed_in(office.head)
    address = f"{dossier.get_absolute_url()}hen-lai/"
    data = {"quantity": "3", "unit": "ngay-lam-viec", "reason": "Xác minh kéo dài"}
    assert client.get(address).context["form"].initial["signer"] == office.leader.pk
    assert client.post(address, data | {"signer": str(office.head.pk)}).status_code == 422
    client.post(address, data | {"signer": str(office.leader.pk)})
    assert (
        Slip.objects.get(dossier=dossier, slug="xin-loi").snapshot["signer"]
        == office.leader.full_name
    )
    other = at_room()
    with pytest.raises(DomainError, match="signer_not_leader"):
        extra = Term(Unit.WORKING_DAY, Fraction(1))
        re_appointment.re_appoint(
            Seen(other.pk),
            extra=extra,
            reason="Chậm",
            signer=office.clerk,
            by=office.desk(office.head),
            at=MONDAY,
        )


def test_an_ending_on_the_way_closes_the_hand_over(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    """No hand-over stays open behind an end; taken back, the giving stands as before and can be
    recalled and given anew.
    """
    dossier = receive(office, make_case())
    handovers.hand_over(dossier, to=office.room, by=office.desk(office.clerk), at=MONDAY)
    client = signed_in(office.clerk)
    client.post(f"{dossier.get_absolute_url()}rut/", WITHDRAWAL | {"reason": "Nộp nhầm nơi"})
    assert not HandOver.objects.filter(confirmed_at=None, undone_at=None).exists()
    client.post(f"{dossier.get_absolute_url()}hoan-tac/")
    assert fresh(dossier).pending_department == office.room
    handovers.recall(Seen(dossier.pk), by=office.desk(office.clerk), at=MONDAY)
    handovers.hand_over(
        fresh(dossier), to=office.second_room, by=office.desk(office.clerk), at=MONDAY
    )
    assert [h.undone_at is None for h in HandOver.objects.order_by("seq")] == [False, True]


def test_taking_back_an_ending_while_waiting_keeps_since_when(
    office: Office, at_room: Callable[..., Dossier]
) -> None:
    dossier = at_room()
    clerk = office.desk(office.clerk)
    supplements.ask(Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=MONDAY)
    endings.withdraw(
        Seen(dossier.pk), endings.EndingIn("A", "Thôi"), by=clerk, at=MONDAY + timedelta(hours=1)
    )
    after = taking_back.take_back(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(hours=2))
    assert (after.state, after.waiting_since) == (State.AWAITING_PAPERS, MONDAY)


def test_the_counter_ends_what_never_left_it(
    office: Office, signed_in: Callable[..., Any], at_room: Callable[..., Dossier]
) -> None:
    dossier = receive(office, make_case())
    client = signed_in(office.clerk)
    client.post(f"{dossier.get_absolute_url()}xong/")
    assert fresh(dossier).state == State.RECEIVED  # no result yet
    data = {"kind": "1", "number": "1", "issued_on": "2026-11-23", "signer": "Hoàng Minh Tuấn"}
    client.post(f"{dossier.get_absolute_url()}ket-qua/", data)
    assert client.get(dossier.get_absolute_url()).context["main"].name == "finish"
    asked = client.post(f"{dossier.get_absolute_url()}xong/", {"seen": fresh(dossier).row_version})
    assert asked.status_code == 422
    assert "Hồ sơ chưa qua bước “Duyệt kết quả”" in asked.content.decode()
    assert fresh(dossier).state == State.RECEIVED
    said = client.post(
        f"{dossier.get_absolute_url()}xong/",
        {"seen": fresh(dossier).row_version, "note": "Sở ký, chuyển về"},
        follow=True,
    )
    assert "Ghi chú: Sở ký, chuyển về" in said.content.decode()
    assert said.context["undo"] == "Xử lý xong"
    after = fresh(dossier)
    assert (after.state, after.verdict) == (State.FINISHED, Outcome.EARLY)
    away = at_room()
    signed_in(office.specialist).post(f"{away.get_absolute_url()}ket-qua/", data)
    answer = client.post(f"{away.get_absolute_url()}xong/", follow=True)
    assert "chỉ kết thúc được khi Bộ phận Một cửa đang giữ" in answer.content.decode()


def test_a_stale_page_is_told_who_was_faster(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossier = at_room()
    seen = dossier.row_version
    supplements.propose(
        Seen(dossier.pk),
        items=declared("A"),
        reason="Thiếu",
        by=office.desk(office.specialist),
        at=MONDAY,
    )
    data = {"declared": "B", "reason": "Thiếu", "seen": str(seen)}
    answer = signed_in(office.clerk).post(
        f"{dossier.get_absolute_url()}yeu-cau-bo-sung/", data, follow=True
    )
    assert answer.redirect_chain == [(dossier.get_absolute_url(), 302)]
    assert f"Hồ sơ vừa được {office.specialist.full_name} cập nhật" in answer.content.decode()
    assert fresh(dossier).state == State.IN_PROGRESS


def test_papers_on_their_way_arrive_while_the_applicant_is_asked(
    office: Office, at_room: Callable[..., Dossier]
) -> None:
    dossier = at_room()
    desk = office.desk(office.specialist)
    handovers.hand_over(dossier, to=office.second_room, by=desk, at=MONDAY)
    supplements.ask(
        Seen(dossier.pk),
        items=declared("A"),
        reason="Thiếu",
        by=office.desk(office.clerk),
        at=MONDAY,
    )
    after = handovers.confirm(Seen(dossier.pk), by=office.desk(office.second_specialist), at=MONDAY)
    assert (after.state, after.holder, after.pending_department) == (
        State.AWAITING_PAPERS,
        office.second_specialist,
        None,
    )
