"""What the demo shows of dossiers that went another way: received by mistake, extended, with time that
does not count, at the tax authority, apologised for, put right, received outside the office, many in
one go, asked for completion twice. Each by the act that people press.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Max, Q
from django.utils import timezone

from dossiers.acts import (
    apology,
    appointments,
    collecting,
    correcting,
    endings,
    envelopes,
    lawful_time,
    outgoing,
    paper_days,
    payment,
    re_appointment,
    reminding,
    repairs,
    supplements,
    tax_transfer,
    urging,
    voiding,
)
from dossiers.acts.many import Seen
from dossiers.demo_day import (
    APPROVE,
    BOAT,
    BRING_BACK,
    MARITAL,
    RECOGNITION,
    STAMP,
    Day,
    case_of,
    papers_of,
)
from dossiers.generating.lives import TOKEN
from dossiers.generating.offices import working_hours
from dossiers.intake import elsewhere
from dossiers.intake.brought import ElsewhereIn, PaperIn, Person, SubmitterIn
from dossiers.intake.wanted import Wanted, What, declared
from dossiers.models import Dossier, Slip
from dossiers.models.collecting import ResultNotice
from dossiers.models.elsewhere import Elsewhere, Outage
from dossiers.models.outcome import Outcome
from dossiers.models.reminding import Reminder
from dossiers.models.repairs import Correction, Loss
from onestop.accounts.calendars import calendar_of
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Agency, Role, RoleGrant
from onestop.worktime import VN, Calendar, Term, Unit

# Of the delays of the last days every so manyth is apologised for: the list of those who are still
# to be apologised to is not empty.
RECENT_DAYS, SORRY = 20, 3
# How long a notice stands, and until when what the tax authority asks for is to be paid.
POSTED_DAYS, PAY_DAYS = 5, 30
WHY_LATE = (
    "Công chức thụ lý nghỉ ốm, hồ sơ chuyển người khác giải quyết",
    "Kết quả xác minh của cơ quan phối hợp về chậm",
    "Hệ thống dùng chung gián đoạn, chưa đối chiếu được dữ liệu",
)
LAND_LAW = "khoản 3 Điều 28 Luật Đất đai số 31/2024/QH15"
CIVIL_LAW = "khoản 2 Điều 25 Luật Hộ tịch số 60/2014/QH13"
CLERK_WRONG = "Hoàng Thị Bích Liên, công chức tiếp nhận"


def take_other_turns(day: Day) -> None:
    """A few of each kind, in the last days of the first commune."""
    if day.moves_promises:
        _mistaken(day)
        _with_other_time(day)
        _late_ones(day)
    _at_the_tax_office(day)
    _second_rounds(day)
    _results(day)
    _away_from_the_program(day)
    _in_one_go(day)
    if day.moves_promises:
        _urged(day)


def _mistaken(day: Day) -> None:
    """Voided as agreed, waiting for the approver, and one whose details were put right."""
    at = day.ago
    approver = day.officers["truongphong"]
    wrong = day.receive(MARITAL, at(1, 13, 40))
    why = "Chọn nhầm thủ tục: người dân nộp hồ sơ đăng ký khai tử"
    row = voiding.put_before(
        wrong, reason=why, approver=approver, by=day.desk("tiepnhan", at(1, 13, 50)),
        at=at(1, 13, 50),
    )  # fmt: skip
    answered = at(1, 14, 5)
    voiding.answer(row.pk, agreed=True, words="", by=day.desk("truongphong", answered), at=answered)
    row.refresh_from_db()
    done = at(1, 14, 10)
    voiding.void_as_agreed(Seen(wrong.pk), row, by=day.desk("tiepnhan", done), at=done)
    waits, asked = day.receive(MARITAL, at(0, 7, 50)), at(0, 8, 40)
    voiding.put_before(
        waits, reason="Nhập trùng: người dân đã nộp hồ sơ này sáng nay", approver=approver,
        by=day.desk("tiepnhan", asked), at=asked,
    )  # fmt: skip
    _correct_details(day, day.receive(RECOGNITION, at(1, 15, 5)), at(1, 15, 40))


def _correct_details(day: Day, dossier: Dossier, at: datetime) -> None:
    """Another telephone than was typed."""
    case = case_of(RECOGNITION, timezone.localdate(dossier.received_at))
    owner = Person(
        name=dossier.owner_name,
        kind=dossier.owner_kind,
        identity_kind=dossier.identity_kind,
        identity_number=dossier.identity_number,
        phone="0912345678" if dossier.phone != "0912345678" else "0912345679",
        address=dossier.address,
    )
    papers = tuple(
        PaperIn(one.paper_id, one.originals, one.certified, one.copies)
        for one in dossier.papers.all()
    )
    said = correcting.Corrected(owner, None, papers, dossier.summary, dossier.sets)
    correcting.correct(
        Seen(dossier.pk), said, case=case, reason="Gõ nhầm số điện thoại khi tiếp nhận",
        by=day.desk("tiepnhan", at), at=at,
    )  # fmt: skip


def _with_other_time(day: Day) -> None:
    """Extended, time that does not count, running and closed early; what was recorded after the
    promise, with the sector law and without it.
    """
    at = day.ago
    whole: dict[str, Any] = {"basis": CIVIL_LAW, "reason": "Phải xác minh ở địa phương khác"}
    extra = Term(Unit.WORKING_DAY, Fraction(2))

    def extend(dossier: Dossier, when: datetime, law: str = "") -> None:
        said = lawful_time.Extending(kind="khac", extra=extra, law=law, **whole)
        lawful_time.extend(Seen(dossier.pk), said, by=day.desk("lanhdao", when), at=when)

    extend(day.in_the_room(RECOGNITION, at(2, 8, 10)), at(1, 9, 30))
    extend(day.in_the_room(MARITAL, at(7, 8, 10)), at(2, 9, 30))
    extend(day.in_the_room(MARITAL, at(6, 8, 20)), at(1, 10, 30), law=CIVIL_LAW)
    for kind, ends, closed in (
        ("niem-yet", timezone.localtime(day.now) + timedelta(days=POSTED_DAYS), None),
        ("xac-minh", at(0, 7, 45), at(1, 16)),
    ):
        dossier, begins = day.in_the_room(RECOGNITION, at(3, 8, 40)), at(3, 14)
        said = lawful_time.Excluding(kind=kind, begins=begins, ends=ends, **whole)
        row = lawful_time.exclude(Seen(dossier.pk), said, by=day.desk("lanhdao", begins), at=begins)
        if closed is not None:
            lawful_time.close_exclusion(
                Seen(dossier.pk), row.pk, at(1, 15), by=day.desk("lanhdao", closed), at=closed
            )


def _late_ones(day: Day) -> None:
    """Apologised for in time, too late, and with another appointment. One letter has its number."""
    at = day.ago
    in_time, late = day.in_the_room(MARITAL, at(4, 9, 20)), day.in_the_room(MARITAL, at(7, 9))
    for dossier, when in ((in_time, at(2, 15)), (late, at(2, 10))):
        apology.apologise(
            Seen(dossier.pk), reason=WHY_LATE[0], by=day.desk("lanhdao", when), at=when
        )
    again = day.in_the_room(MARITAL, at(4, 10))
    when = at(2, 16)
    re_appointment.re_appoint(
        Seen(again.pk), extra=Term(Unit.WORKING_DAY, Fraction(3)), reason=WHY_LATE[1],
        by=day.desk("lanhdao", when), at=when,
    )  # fmt: skip
    letters = Slip.objects.standing().filter(dossier=late, slug=apology.SLUG)
    when = at(1, 8, 30)
    outgoing.number_letters([one.pk for one in letters], by=day.desk("vanthu", when), at=when)


def apologise_for_delays(agencies: Sequence[Agency], *, now: datetime) -> None:
    """Every leader apologises for some of the delays of the last weeks."""
    since = now - timedelta(days=RECENT_DAYS)
    for agency in agencies:
        grants = RoleGrant.objects.filter(agency=agency, role=Role.LEADER)
        grant = grants.select_related("officer").order_by("pk").first()
        if grant is None:
            continue
        is_late = Q(ended_at__gte=since, verdict=Outcome.LATE) | Q(
            ended_at=None, late_from__range=(since, now)
        )
        late = Dossier.objects.filter(is_late, agency=agency, apologies=None)
        rows = late.annotate(last=Max("events__at")).order_by("-received_at", "-pk")
        calendar = working_hours(calendar_of(agency.pk), timezone.localdate(now))
        for number, dossier in enumerate(rows):
            begun = _morning_after(max(dossier.last, dossier.late_from or dossier.last), calendar)
            if number % SORRY or begun > now:
                continue
            if apology.promise_of(dossier) is None:  # a year without a calendar promises nothing
                continue
            why = WHY_LATE[number // SORRY % len(WHY_LATE)]
            by = desk_of(grant.officer, begun)
            apology.apologise(Seen(dossier.pk), reason=why, by=by, at=begun)


def _morning_after(since: datetime, calendar: Calendar) -> datetime:
    """In the morning of the working day after."""
    day = calendar.next_working_day(timezone.localdate(since))
    return datetime.combine(day, time(8, 30), VN) + timedelta(minutes=since.minute)


def _urged(day: Day) -> None:
    """Urged and not answered; urged twice, and answered."""
    at = day.ago
    asked = "Trình kết quả trong ngày, hoặc nêu rõ vướng ở đâu."

    def urge(dossier: Dossier, when: datetime) -> Seen:
        by, until = day.desk("lanhdao", when), when + timedelta(days=1)
        urging.urge(Seen(dossier.pk), asked=asked, answer_by=until, by=by, at=when)
        return Seen(dossier.pk)

    urge(day.in_the_room(MARITAL, at(5, 8, 50)), at(1, 8, 15))
    twice = day.in_the_room(MARITAL, at(6, 9, 10))
    urge(twice, at(3, 8, 20))
    seen, when = urge(twice, at(1, 8, 30)), at(1, 10, 15)
    urging.answer(
        seen, text="Chờ Công an xã xác minh nơi cư trú, sẽ trình ngay khi có trả lời.", by=day.desk("chuyenvien", when),
        at=when,
    )  # fmt: skip


def _at_the_tax_office(day: Day) -> None:
    """Sent and not answered; answered with a notice; answered that nothing is due."""
    at = day.ago
    what = tax_transfer.Transfer(
        "Thuế cơ sở 3 tỉnh Lạng Sơn", "Lệ phí trước bạ phương tiện thủy nội địa",
        "Điều 11 Nghị định số 10/2022/NĐ-CP",
    )  # fmt: skip

    def sent(received: datetime, when: datetime) -> Seen:
        seen = Seen(day.in_the_room(BOAT, received).pk)
        tax_transfer.send(seen, what, by=day.desk("chuyenvien", when), at=when)
        return seen

    sent(at(3, 8, 15), at(2, 10))
    noticed, when = sent(at(5, 9), at(4, 10)), at(2, 9)
    on = timezone.localdate(when)
    tax_transfer.record_notice(
        noticed,
        tax_transfer.Answer("87/TB-TCS3", on),
        payment.Obligation(
            content="Lệ phí trước bạ phương tiện thủy nội địa",
            amount=1_840_000,
            legal_basis="Thông báo nộp lệ phí trước bạ số 87/TB-TCS3",
            determined_by="Thuế cơ sở 3",
            pay_by=timezone.localdate(day.now) + timedelta(days=PAY_DAYS),
        ),
        by=day.desk("tiepnhan", when),
        at=when,
    )
    free, when = sent(at(4, 8, 15), at(3, 10)), at(1, 10)
    answer = tax_transfer.Answer("88/TB-TCS3", timezone.localdate(when), "Thuộc diện miễn lệ phí")
    tax_transfer.record_nothing_due(free, answer, by=day.desk("tiepnhan", when), at=when)


def _second_rounds(day: Day) -> None:
    """Asked for a second time with the approver's reason; asked, reminded, not answered in time."""
    at = day.ago
    twice = day.in_the_room(RECOGNITION, at(5, 8))
    seen, clerk = Seen(twice.pk), day.desk("tiepnhan", at(4, 9))
    first = [Wanted(What.PAPER, "bản chụp mờ, nộp lại 1 bản", papers_of(twice)[0])]
    supplements.ask(seen, items=first, reason="Hồ sơ chưa đủ thành phần", by=clerk, at=at(4, 9))
    supplements.complete(seen, by=clerk, at=at(4, 15))
    supplements.ask(
        seen, items=declared("Họ tên người mẹ ghi khác căn cước"), by=clerk, at=at(3, 9),
        reason="Đối chiếu cơ sở dữ liệu thấy không khớp", approver=day.officers["truongphong"],
        approval_reason="Cơ sở dữ liệu vừa cập nhật sau lần yêu cầu thứ nhất",
    )  # fmt: skip
    lapsed = day.in_the_room(RECOGNITION, at(6, 8))
    supplements.ask(
        Seen(lapsed.pk), items=declared("Chưa ghi ngày, tháng, năm sinh của người con"),
        reason="Hồ sơ chưa đủ thông tin", respond_by=at(1, 17), by=clerk, at=at(5, 9),
    )  # fmt: skip
    reminding.remind(
        Seen(lapsed.pk), way=Reminder.Way.CALL, note="Người dân hẹn mang giấy tờ đến trong tuần",
        by=clerk, at=at(2, 9, 30),
    )  # fmt: skip


def _results(day: Day) -> None:
    """Told of and not fetched; put right after the end; papers damaged; before the văn thư."""
    at, leader = day.ago, day.desk("lanhdao", day.ago(2, 8))
    told = _finished(day, at(5, 8, 15), at(4, 8, 30))
    notice = collecting.Telling(
        ResultNotice.Way.CALL, told.owner_name, note="Hẹn chiều thứ Sáu tuần này"
    )
    collecting.notify_result(Seen(told.pk), notice, by=day.desk("tiepnhan", at(3, 9)), at=at(3, 9))
    wrong, when = _finished(day, at(5, 8, 45), at(4, 9)), at(3, 10)
    taking = endings.Taking(
        name=wrong.owner_name, identity=wrong.identity_number, told=ResultNotice.Way.SPOKEN
    )
    endings.give_back(Seen(wrong.pk), taking, by=day.desk("tiepnhan", when), at=when)
    when = at(2, 10)
    day.number += 1
    again = endings.ResultIn(
        title="Giấy xác nhận", number=f"{day.number}/UBND-XN", issued_on=timezone.localdate(when),
        signer=day.officers["lanhdao"].full_name,
    )  # fmt: skip
    repairs.correct_result(
        Seen(wrong.pk),
        repairs.Wrong(
            wrong.owner_name, timezone.localdate(when), "Ghi sai năm sinh của người được xác nhận",
            Correction.OldCopy.OUT, responsible="Nông Văn Thắng, công chức tư pháp - hộ tịch",
        ),
        again,
        by=leader,
        at=when,
    )  # fmt: skip
    damaged, when = day.in_the_room(MARITAL, at(2, 8, 50)), at(1, 9)
    lost = repairs.Lost(
        Loss.Of.PAPERS, Loss.How.DAMAGED, "Bản chính trích lục ghi chú ly hôn",
        timezone.localdate(when), "Nước mưa thấm vào tủ hồ sơ trong đêm", CLERK_WRONG,
        "Ủy ban nhân dân phường xin cấp lại và chịu chi phí",
    )  # fmt: skip
    repairs.record_loss(Seen(damaged.pk), lost, by=leader, at=when)
    called, when = day.in_the_room(RECOGNITION, at(1, 9, 20)), at(1, 10, 10)
    meeting = timezone.localtime(day.now) + timedelta(hours=20)
    if called.due_at is not None and meeting < called.due_at:
        step = appointments.Step(
            "Gặp để xác nhận quan hệ cha con", meeting, "Phòng họp tầng 1, trụ sở Ủy ban nhân dân phường",
            "Căn cước của hai bên",
        )  # fmt: skip
        appointments.appoint_step(Seen(called.pk), step, by=day.desk("chuyenvien", when), at=when)
    for minutes in (0, 20):
        _before_the_stamp(day, at(2, 9, minutes))


def _finished(day: Day, received: datetime, signed: datetime) -> Dossier:
    """Approved and brought back to the counter."""
    done = day.with_result(MARITAL, received, signed)
    counter, leadership = day.rooms["one_stop"], day.rooms["leadership"]
    later = timedelta(minutes=10)
    day.give(done, "chuyenvien", leadership, "lanhdao", APPROVE, signed + later)
    day.confirm(done, "lanhdao", signed + later * 2)
    day.give(done, "lanhdao", counter, "", BRING_BACK, signed + later * 3)
    day.confirm(done, "tiepnhan", signed + later * 4)
    done.refresh_from_db()
    return done


def _before_the_stamp(day: Day, received: datetime) -> None:
    """An approved draft that waits for its number."""
    dossier, when = day.in_the_room(MARITAL, received), day.ago(1, 8)
    draft = endings.ResultIn(title="Giấy xác nhận tình trạng hôn nhân")
    endings.record_result(Seen(dossier.pk), draft, by=day.desk("chuyenvien", when), at=when)
    leadership, stamp = day.rooms["leadership"], day.rooms["clerical"]
    hour = timedelta(hours=1)
    day.give(dossier, "chuyenvien", leadership, "lanhdao", APPROVE, when + hour / 6)
    day.confirm(dossier, "lanhdao", when + hour)
    day.give(dossier, "lanhdao", stamp, "vanthu", STAMP, when + hour * 2)
    day.confirm(dossier, "vanthu", when + hour * 3)


def _away_from_the_program(day: Day) -> None:
    """An afternoon without network, on numbers that were kept; a morning in a village."""
    at, place = day.ago, "Nhà văn hóa khối 5, phường Tam Thanh"
    paper_days.prepare(day.agency, size=20, by=day.desk("tiepnhan", at(9, 8)), at=at(9, 8))
    began, ended, told = at(2, 13, 40), at(2, 16, 10), at(2, 16, 20)
    cut = paper_days.record(
        day.agency, kind=Outage.Kind.NETWORK, note="Đứt cáp quang trên đường Tam Thanh",
        began_at=began, ended_at=ended, by=day.desk("tiepnhan", told), at=told,
    )  # fmt: skip
    for hour, entered in ((14, at(2, 16, 30)), (15, at(2, 16, 40))):
        code = elsewhere.free_codes(cut, day.agency, entered)[0]
        paper = ElsewhereIn(Elsewhere.Kind.PAPER, outage_id=cut.pk, code=code)
        day.receive(MARITAL, at(2, hour), recorded_at=entered, elsewhere=paper)
    out = ElsewhereIn(Elsewhere.Kind.MOBILE, place=place)
    day.receive(MARITAL, at(1, 9), recorded_at=at(1, 14), elsewhere=out)


def _in_one_go(day: Day) -> None:
    """A head of a quarter brings three dossiers with one receipt."""
    when = day.ago(1, 8, 10)
    sender = envelopes.Sender(
        "Nông Thị Bích Ngọc", "Trưởng khối 3, phường Tam Thanh", "020187000222", "0912345999"
    )
    case, token = (
        case_of(MARITAL, timezone.localdate(when)),
        UUID(bytes=TOKEN + b"envelope" + bytes(4)),
    )
    envelope = envelopes.open_envelope(
        day.agency, case, sender, token=token, by=day.desk("tiepnhan", when), at=when
    )
    brought_by = SubmitterIn(
        name=sender.name, authorisation=sender.authorisation, identity_number=sender.identity,
        phone=sender.phone,
    )  # fmt: skip
    for minutes in range(3):
        day.receive(
            MARITAL, when + timedelta(minutes=minutes + 1), submitter=brought_by,
            envelope_id=envelope.pk, with_slip=False,
        )  # fmt: skip
