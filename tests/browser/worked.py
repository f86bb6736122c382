"""A month of work in the demo commune, so that every screen has something to show: one dossier of
each kind, by name.
"""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from dossiers.acts import (
    approval,
    endings,
    fees,
    guiding,
    handovers,
    printing,
    re_appointment,
    receipt_series,
    reception,
    supplements,
    urging,
    visits,
)
from dossiers.acts.fees import Taking
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.clock import flags
from dossiers.demo_money import BOOK
from dossiers.demo_online import filings_that_wait
from dossiers.importing import online_lists
from dossiers.intake import brought
from dossiers.intake.brought import OnlineIn
from dossiers.intake.wanted import Wanted, What, declared
from dossiers.models import (
    Batch,
    ClockChange,
    ClockKind,
    CounterVisit,
    Dossier,
    DossierImport,
    Draft,
    OnlineFiling,
    OnlineSource,
)
from dossiers.models.agreeing import Agreement
from dossiers.models.guiding import GuidanceApproval
from dossiers.models.handover import Purpose
from dossiers.models.pressing import PressLine, PressRun
from dossiers.models.voiding import VoidRequest
from exchange.models import Mapping
from onestop.accounts.models import Agency
from onestop.errors import say
from onestop.jobs.models import JobState, TaskRun
from onestop.worktime import Term, Unit
from procedures.channels import Channel
from procedures.demo import CATALOGUE
from procedures.domain import uploading
from procedures.models import Case, ProcedureVersion, Status
from reports import criticising, demo_duties, demo_entered, wall
from reports.bringing import files
from reports.form_data import form_on
from reports.models import BroughtFile, Duty, ReportingOutage, ReportRun, WallBoard
from reports.periods import parse
from tests.browser import worked_legs, worked_lists
from tests.exchange.sent import a_door, body_of, came
from tests.journeys.site import BIRTH, COPY, LEADERSHIP, OFFICE, ONE_STOP, SEVEN_DAYS, Site
from tests.reports.brought import FIRST, SECOND, line, sheet
from tests.world import IN_PERSON

MARRIAGE_STATE = "1.004873"  # 3 ngày làm việc


DAY = timedelta(days=1)


@dataclass
class Worked:
    """What the addresses of the table are filled with."""

    dossiers: dict[str, Dossier] = field(default_factory=dict)
    visits: dict[str, CounterVisit] = field(default_factory=dict)
    batch: int = 0
    draft: str = ""
    press: str = ""
    secret: str = ""
    waiting_version: int = 0
    published_version: int = 0
    catalogue_upload: int = 0
    list_draft: int = 0
    focal: int = 0
    unpublished: int = 0
    notice_edition: int = 0
    list_published: int = 0
    officer: int = 0
    agency: int = 0
    agency_code: str = ""
    department: int = 0
    looked_through: int = 0
    criticism: int = 0
    leg: int = 0
    criticised_room: int = 0
    imported: int = 0
    press_run: int = 0
    wall: str = ""
    report_run: int = 0
    report_failed: int = 0
    report_not_signed: int = 0
    duty: str = ""
    brought_open: int = 0
    brought_done: int = 0
    moved: int = 0
    filing: int = 0
    online_list: int = 0
    online_open: int = 0
    online_source: int = 0
    message: int = 0
    mapping: int = 0

    def code(self, name: str) -> str:
        return self.dossiers[name].code


def _upload(site: Site) -> int:
    """A catalogue that was looked through: one record changed, one new, one that cannot be read."""
    known = json.loads(CATALOGUE.read_text("utf-8"))[0]
    records = [
        known | {"name": f"{known['name']} (sửa đổi)"},
        known | {"code": "1.999901", "name": "Thủ tục mới ban hành"},
        known | {"code": "hỏng"},
    ]
    file = SimpleUploadedFile(
        "danh-muc-2026.json", json.dumps(records, ensure_ascii=False).encode()
    )
    made = uploading.start(
        file,
        what=uploading.PROCEDURES,
        publication=None,
        by=site.officers["tinh.kiemsoat"],
        at=timezone.now(),
    )
    uploading.preview(made.pk, timezone.now())
    return made.pk


def _sent_by_the_portal(site: Site, done: Worked) -> None:
    """A message that nobody could read, and a row of the table."""
    door, now = a_door(), timezone.now()
    said = {
        "MaHoSo": "G15.03-261123-000801", "MaTTHC": "2.999999", "MaDonVi": site.agency.code,
        "NgayNopHoSo": "20261123081500", "ChuHoSo": "Lò Thị Mai", "SoDinhDanh": "000000001",
    }  # fmt: skip
    done.message = came(door, body_of(said), now).pk
    done.mapping = Mapping.objects.create(
        door=door, foreign="2.000001", case_name="Cấp lại", fields={"owner": "NguoiNop.HoTen"},
        papers={"KQ.01": "Tờ khai"}, cases={"TH2": "Cấp đổi"}, last_hour_waits=True, valid_from=timezone.localdate(now),
    ).pk  # fmt: skip


def _on_the_portal(site: Site, done: Worked) -> None:
    """Filings that wait, the list they came with, another one that is looked through, a late
    reception.
    """
    filings_that_wait(site.agency, site.officers, now=timezone.now())
    waiting = OnlineFiling.objects.filter(state=OnlineFiling.State.WAITING).order_by("filed_at")
    done.filing = waiting[1].pk
    done.online_list = waiting[1].listed_in_id
    done.online_source = waiting[1].source_id
    _sent_by_the_portal(site, done)
    site.receive(MARRIAGE_STATE, channel=Channel.ONLINE_FULL, online=OnlineIn(waiting[0].code))
    lines = [
        "Mã hồ sơ,Mã TTHC,Tên thủ tục,Người nộp,Số CCCD,Điện thoại,Địa chỉ,Thời gian nộp,Mức độ"
    ]
    lines += [
        f"G15.03-261123-0009{n:02d},{MARRIAGE_STATE},Cấp Giấy xác nhận,Lò Thị Mai,,,,{filed},Toàn trình"
        for n, filed in enumerate(("23/11/2026 07:10", "23/11/2026", "hôm qua"))
    ]
    upload = SimpleUploadedFile("cho-tiep-nhan.csv", "\n".join(lines).encode())
    done.online_open = online_lists.start(
        upload,
        source=OnlineSource.objects.get(pk=done.online_source),
        agency=site.agency,
        by=site.officers["tiepnhan"],
        at=timezone.now(),
    ).pk


def _import_run(site: Site, stage: DossierImport.Stage) -> int:
    """A file of earlier dossiers with something of everything."""
    refused = (
        "Trạng thái “Đã xử lý xong” phải có finished_at. Hãy điền lúc kết thúc hoặc sửa trạng thái."
    )
    code = "H37.05986-250702-{:04d}"
    made = DossierImport.objects.create(
        at=timezone.now(),
        by=site.officers["quantri"],
        file_name="ho-so-he-thong-cu-2025.csv",
        stage=stage,
        rows=1240,
        done=1240,
        counts={"rows": 1240, "new": 1225, "unchanged": 10, "different": 2, "refused": 3},
        warnings=[
            {"code": "identity", "count": 97, "line": 5, "message": say("import_warn_identity")}
        ],
        problems=[
            {"line": n, "code": code.format(n), "column": "finished_at", "reason": refused}
            for n in (14, 205, 998)
        ],
        sample=[
            {"line": n, "code": code.format(n), "what": what, "reason": reason}
            for n, what, reason in (
                (2, "new", ""),
                (3, "unchanged", ""),
                (4, "different", say("import_different", {"columns": "phone, note"})),
                (14, "refused", refused),
            )
        ],
    )
    return made.pk


def _report_runs(site: Site) -> tuple[int, int, int]:
    """A large report that a worker is with, one that asks for a person, one that was not signed."""
    at, officer = timezone.now(), site.officers["kiemsoat"]
    about = {"form": form_on("II.06a", date(2026, 9, 14)), "agency": site.agency, "cut": at}
    about |= {"period": "2026Q3", "by": officer, "at": at}
    state = ReportRun.State
    running = ReportRun.objects.create(
        kind="xlsx", state=state.RUNNING, done=3, of=8, tries=1, due_at=at + DAY * 60, **about
    )
    reason = say("run_failed", {"why": "hết chỗ trên đĩa"})
    failed = ReportRun.objects.create(
        kind="pdf", state=state.FAILED, tries=3, ended_at=at, error=reason, **about
    )
    refused = ReportRun.objects.create(
        kind="sign", state=state.FAILED, tries=1, ended_at=at, error=say("report_gone"), **about
    )
    return running.pk, failed.pk, refused.pk


def _wall(site: Site, dossier: Dossier) -> str:
    """The address of a board in the waiting room of the counter that received it."""
    by = site.officers["quantri"]
    board = WallBoard.objects.create(
        agency=dossier.received_by_agency, name="Phòng chờ", made_by=by, made_at=timezone.now()
    )
    return wall.address(board)


def _press_run(site: Site, refused: Dossier, *done: Dossier) -> int:
    """A press on many that did all but one."""
    at, states = timezone.now(), PressLine.State
    run = PressRun.objects.create(
        press=uuid4(), act="apologise", by=site.officers["lanhdao"], at=at, ended_at=at,
        state=PressRun.State.DONE, data={"reason": "Chờ xác minh"},
    )  # fmt: skip
    why = say("press_gone")
    PressLine.objects.create(run=run, dossier=refused, seen=1, state=states.REFUSED, why=why, at=at)
    for one in done:
        PressLine.objects.create(run=run, dossier=one, seen=1, state=states.DONE, at=at)
    return run.pk


def _brought(site: Site, done: Worked) -> None:
    """Tables of units that do not work here: one recorded, one that is looked through."""
    officer, now = site.officers["tinh.kiemsoat"], timezone.now()
    counted = Dossier.objects.values("agency")
    others = Agency.objects.filter(parent__code="H37").exclude(pk__in=counted).order_by("code")
    names = [one.name for one in others]
    asked = [*names[1:2], "Xã Không Rõ", "Khối các sở"]
    made = []
    for file_name, period, units in (
        ("tong-hop-07a-quy-iv.xlsx", "2026Q4", names),
        ("bao-cao-thang-10-cua-cac-don-vi-chua-dung-phan-mem.xlsx", "2026M10", asked),
    ):
        lines = [line(n, name, FIRST if n % 2 else SECOND) for n, name in enumerate(units, 1)]
        upload = SimpleUploadedFile(file_name, sheet(*lines))
        agency = Agency.objects.get(code="H37")
        row = files.start(upload, agency=agency, period=parse(period), by=officer, at=now)
        files.confirm_columns(row, files.columns_in(row, files.rows_of(row)))
        made.append(row.pk)
    done.brought_done, done.brought_open = made
    files.record(BroughtFile.objects.get(pk=done.brought_done), by=officer, at=now)


def _duties(site: Site) -> str:
    """A month's report of three communes: sent, returned, not sent. Out: where the returned one is."""
    communes = Agency.objects.filter(parent__code="H37", level="commune").order_by("pk")
    # The commune of these pages is the one that repairs its report.
    mine, *others = sorted(communes, key=lambda one: one.pk != site.agency.pk)
    demo_duties.show([others[0], mine, *others[1:]], timezone.now())
    # One that is over, one that was recorded by mistake.
    for first, last in ((date(2026, 8, 3), date(2026, 8, 4)), (date(2026, 8, 6), date(2026, 8, 5))):
        ReportingOutage.objects.create(
            from_day=first, to_day=last, basis="Thông báo số 12/TB-VPCP", recorded_at=timezone.now(),
            recorded_by=site.officers["kiemsoat"],
        )  # fmt: skip
    return f"{mine.code}/{Duty.objects.get(every='M').pk}/2026M11"


def _scheduled() -> None:
    """Jobs that ran, that failed, that were made up after a stop."""
    now = timezone.now()
    JobState.objects.create(
        name="reports.draft_owed", started_at=now, ended_at=now, detail="lập 3 dự thảo báo cáo", missed=62,
        missed_from=now - DAY * 3, made_up_at=now, made_up="lập 3 dự thảo báo cáo",
    )  # fmt: skip
    JobState.objects.create(
        name="files.verify", started_at=now, ended_at=now, ok=False, detail="2 tệp hỏng hoặc mất: [4, 9]"
    )  # fmt: skip
    TaskRun.objects.create(
        name="dossiers.daily_digest", started_at=now, ended_at=now, detail="băm sự kiện của 5 cơ quan"
    )  # fmt: skip


def _entered(site: Site) -> None:
    """The site's own agency is half through a form that is entered by hand."""
    demo_entered.show([site.agency], timezone.now(), half_from=0)


def work_a_month(site: Site) -> Worked:
    done = Worked(
        agency=site.agency.pk,
        agency_code=site.agency.code,
        officer=site.officers["chuyenvien"].pk,
        department=site.department(OFFICE).pk,
    )
    done.looked_through = _import_run(site, DossierImport.Stage.PREVIEWED)
    done.imported = _import_run(site, DossierImport.Stage.DONE)
    done.report_run, done.report_failed, done.report_not_signed = _report_runs(site)
    _scheduled()
    done.duty = _duties(site)
    _entered(site)
    found = done.dossiers
    site.go_to("02/11/2026 08:10")
    found["late"] = _in_hand(site, "Lương Thị Ngần")
    found["asked_late"] = site.receive(owner="Hà Văn Lô")
    found["returned"] = _finished(site, "Hoàng Văn Páo", "05/11/2026 09:00")
    endings.give_back(
        Seen(found["returned"].pk),
        endings.Taking("Hoàng Văn Páo", signature=1, told=IN_PERSON),
        by=site.desk("tiepnhan"),
        at=timezone.now(),
    )
    printing.control_sheet(found["returned"], by=site.desk("tiepnhan"), at=timezone.now())
    site.go_to("06/11/2026 14:20")
    found["reappointed"] = _in_hand(site, "Nông Thị Bay", MARRIAGE_STATE)
    site.go_to("10/11/2026 10:05")
    extra = Term(Unit.WORKING_DAY, Fraction(12))
    re_appointment.re_appoint(
        Seen(found["reappointed"].pk),
        extra=extra,
        reason="Chờ xác minh nơi cư trú trước đây",
        by=site.desk("lanhdao"),
        at=timezone.now(),
    )
    site.go_to("18/11/2026 09:30")
    _ask(site, found)
    site.go_to("19/11/2026 15:00")
    found["soon"] = _in_hand(site, "Trần Thị Hòa", MARRIAGE_STATE)
    site.go_to("20/11/2026 09:00")
    found["approving"] = _with_result(site, "Vi Văn Tú")
    found["finished"] = _finished(site, "Lăng Thị Mỷ", "20/11/2026 10:30")
    found["stopped"] = site.receive(owner="Công ty TNHH Hoa Đào")
    ending = endings.EndingIn(
        requested_by="Công ty TNHH Hoa Đào",
        reason="Không còn nhu cầu",
        decision_number="12/TB-UBND",
        signer="Nguyễn Hữu Phúc",
        fee_consequence="Không thu",
    )
    endings.stop(Seen(found["stopped"].pk), ending, by=site.desk("lanhdao"), at=timezone.now())
    found["withdrawn"] = site.receive(owner="Đàm Văn Khánh")
    endings.withdraw(
        Seen(found["withdrawn"].pk),
        endings.EndingIn(requested_by="", reason="Thiếu giấy tờ gốc"),
        by=site.desk("tiepnhan"),
        at=timezone.now(),
    )
    site.go_to("23/11/2026 07:40")
    found["fresh"] = site.receive(BIRTH, owner="Nguyễn Thị Ánh Tuyết")
    found["pending"] = site.receive(owner="Phùng Chí Kiên")
    found["pending"].refresh_from_db()
    done.press = _press(site, found["pending"], site.receive(owner="Đàm Thị Bích Hường"))
    found["proposed"] = _in_hand(site, "Bế Văn Đàn")
    supplements.propose(
        Seen(found["proposed"].pk),
        items=_papers(found["proposed"].case, "bản sao mờ, nộp bản chính"),
        reason="Bản sao mờ",
        by=site.desk("chuyenvien"),
        at=timezone.now(),
    )
    found["in_hand"] = _in_hand(site, "Đinh Thị Vân")
    done.wall = _wall(site, found["late"])
    done.press_run = _press_run(site, found["late"], found["soon"], found["in_hand"])
    found["urged"] = _urged(site)
    done.criticism = _criticism(site, found["urged"])
    done.criticised_room = site.department(OFFICE).pk
    found["linked"] = _in_hand(site, "Nông Thị Liên")
    done.leg = worked_legs.linked(site, found["linked"])
    found["sent_back"] = _with_result(site, "Vi Thị Nhung")
    why = "Số căn cước trong quyết định chưa đúng với tờ khai."
    approval.send_back(
        Seen(found["sent_back"].pk), reason=why, by=site.desk("lanhdao"), at=timezone.now()
    )
    site.confirm(found["sent_back"], "chuyenvien")
    found["copy"] = _copy(site, "Hứa Văn Định")
    _copy(site, "Long Thị Quế")
    _visits(site, done)
    flags.flag_overdue(timezone.now())
    done.draft = str(
        Draft.objects.create(
            token=uuid4(), officer=site.officers["tiepnhan"], title="Hỗ trợ hòa giải viên – Mã Thị Thương", updated_at=timezone.now(),
            data={"thu-tuc": [SEVEN_DAYS], "owner_name": ["Mã Thị Thương"], "identity_number": ["020187000321"]},
        ).token
    )  # fmt: skip
    waiting = ProcedureVersion.objects.filter(status=Status.NEEDS_TERM).order_by("id").first()
    assert waiting is not None
    done.waiting_version = waiting.pk
    done.catalogue_upload = _upload(site)
    done.list_published, done.list_draft = worked_lists.decisions(site)
    worked_lists.texts(site)
    done.unpublished = worked_lists.unpublished(site)
    done.focal = worked_lists.focal_points(site)
    done.notice_edition = worked_lists.edition(site)
    done.published_version = site.case(BIRTH).version.pk
    batch = Batch.objects.filter(hand_overs__dossier=found["pending"]).first()
    assert batch is not None
    done.batch = batch.pk
    Agreement.objects.create(
        dossier=found["in_hand"], approver=site.officers["truongphong"], asked_by=site.officers["tiepnhan"],
        asked_at=timezone.now(), items=[], entries=["Tờ khai: chưa ghi ngày sinh của mẹ"], legal_basis="Điều 19 Luật Hộ tịch",
        reason="Đối chiếu cơ sở dữ liệu không khớp",
    )  # fmt: skip
    VoidRequest.objects.create(
        dossier=found["in_hand"], approver=site.officers["truongphong"], asked_by=site.officers["tiepnhan"],
        asked_at=timezone.now(), reason="Nhập nhầm thủ tục: người dân nộp hồ sơ đăng ký khai tử",
    )  # fmt: skip
    done.moved = _moved(found["in_hand"], found["copy"])
    for dossier in found.values():
        dossier.refresh_from_db()
    _on_the_portal(site, done)
    _brought(site, done)
    _fees(site, found["in_hand"])
    return done


def _fees(site: Site, dossier: Dossier) -> None:
    """The counter's first book of receipts, and what was taken out of it."""
    now = timezone.now()
    by = site.desk("lanhdao")
    book = receipt_series.open_book(dossier.received_by_agency, BOOK, by=by, at=now)
    what = Taking(book.pk, 0, 30_000, more="Bản sao trích lục")
    fees.take_fee(Seen(dossier.pk), what, by=site.desk("tiepnhan"), at=now)


def _moved(*dossiers: Dossier) -> int:
    """Promises that a closing moved by a day."""
    now = timezone.now()
    rows = [
        ClockChange.objects.create(
            dossier=one,
            kind=ClockKind.CALENDAR,
            start=now,
            basis="Thông báo 12/TB-UBND ngày 20/11/2026: mất điện cả ngày",
            due_before=now + DAY,
            due_after=now + 2 * DAY,
        )
        for one in dossiers
    ]
    return rows[0].pk


def _in_hand(site: Site, owner: str, code: str = SEVEN_DAYS) -> Dossier:
    dossier = site.receive(code, owner=owner)
    site.give(dossier, OFFICE)
    site.confirm(dossier, "chuyenvien")
    return dossier


def _with_result(site: Site, owner: str) -> Dossier:
    """Prepared by the specialist, lying before the leader."""
    dossier = _in_hand(site, owner)
    result = endings.ResultIn(
        title="Quyết định hỗ trợ",
        number="118/QĐ-UBND",
        issued_on=date(2026, 11, 20),
        signer="Nguyễn Hữu Phúc",
    )
    endings.record_result(Seen(dossier.pk), result, by=site.desk("chuyenvien"), at=timezone.now())
    _pass(site, dossier, LEADERSHIP, Purpose.APPROVE, by="chuyenvien", receiver="lanhdao")
    return dossier


def _finished(site: Site, owner: str, at: str) -> Dossier:
    dossier = _with_result(site, owner)
    site.go_to(at)
    _pass(site, dossier, ONE_STOP, Purpose.RETURN, by="lanhdao", receiver="tiepnhan")
    return dossier


def _pass(
    site: Site, dossier: Dossier, to: str, purpose: Purpose, *, by: str, receiver: str
) -> None:
    dossier.refresh_from_db()
    step = NextStep(order=dossier.step_order + 1, name=purpose.label, purpose=purpose)
    handovers.hand_over(
        dossier, to=site.department(to), step=step, by=site.desk(by), at=timezone.now()
    )
    site.confirm(dossier, receiver)


def _press(site: Site, *given: Dossier) -> str:
    """One press that gives several."""
    press, asked = uuid4(), [Seen(dossier.pk) for dossier in given]
    handovers.hand_over_many(
        asked, to=site.department(OFFICE), receiver=None, step=None, by=site.desk("tiepnhan"),
        at=timezone.now(), press=press,
    )  # fmt: skip
    return str(press)


def _ask(site: Site, found: dict[str, Dossier]) -> None:
    found["waiting"] = site.receive(owner="Triệu Mùi Pham")
    supplements.ask(
        Seen(found["waiting"].pk), items=[*_papers(found["waiting"].case, "bản chụp mờ, nộp lại 1 bản"), *declared("Tờ khai chưa ghi ngày sinh")],
        reason="Hồ sơ chưa đủ theo thành phần đã công bố", by=site.desk("tiepnhan"), at=timezone.now(),
    )  # fmt: skip
    supplements.ask(
        Seen(found["asked_late"].pk), items=declared("Năm sinh của mẹ"), reason="Đối chiếu cơ sở dữ liệu không khớp",
        legal_basis="Điều 19 Luật Hộ tịch", approver=site.officers["truongphong"], approval_reason="Cơ sở dữ liệu vừa cập nhật",
        by=site.desk("tiepnhan"), at=timezone.now(),
    )  # fmt: skip


def _urged(site: Site) -> Dossier:
    """Asked after twice: the second time waits for its answer."""
    dossier, at = _in_hand(site, "Chu Thị Mai Lan"), timezone.now()
    for hours, asked in (
        (2, "Báo tiến độ xác minh."),
        (4, "Trình kết quả trong ngày, hoặc nêu rõ vướng ở đâu."),
    ):
        urging.urge(
            Seen(dossier.pk), asked=asked, answer_by=at + timedelta(hours=hours), by=site.desk("lanhdao"), at=at,
        )  # fmt: skip
        if hours == 2:
            text = "Đã gửi văn bản hỏi Công an xã, hẹn trả lời trong tuần."
            by = site.desk("chuyenvien")
            urging.answer(Seen(dossier.pk), text=text, done_by=at + timedelta(days=2), by=by, at=at)
    return dossier


def _criticism(site: Site, urged: Dossier) -> int:
    room, at = site.department(OFFICE), timezone.now()
    lines = [
        {
            "code": urged.code, "round": number, "made_at": "20/11/2026 08:00", "answer_by": "20/11/2026 16:30",
            "state": "Quá hạn trả lời",
        }
        for number in (1, 2)
    ]  # fmt: skip
    row = criticising.draft(
        criticising.About(room, site.officers["chuyenvien"], lines), subject="Về việc chậm giải quyết hồ sơ đã được đôn đốc",
        content="Để hồ sơ đã được đôn đốc hai lần mà không trả lời, không báo cáo lãnh đạo.",
        demand="Yêu cầu giải quyết dứt điểm trong ngày 25/11/2026, báo cáo bằng văn bản", by=site.desk("kiemsoat"), at=at,
    )  # fmt: skip
    return criticising.sign(row.pk, by=site.desk("lanhdao"), at=at).pk


def _papers(case: Case, note: str) -> list[Wanted]:
    """The first published paper of the case, with what is wrong with it."""
    return [
        Wanted(What.PAPER, note, p.pk)
        for p in case.papers.filter(is_note=False).order_by("order")[:1]
    ]


def _copy(site: Site, owner: str) -> Dossier:
    case = site.case(COPY)
    papers = tuple(
        brought.PaperIn(p.pk, originals=1) for p in case.papers.filter(is_note=False)[:1]
    )
    return reception.receive_and_return(
        brought.Intake(
            token=uuid4(), agency=site.agency, case_id=case.pk, channel=Channel.DIRECT, owner=brought.Person(name=owner),
            papers=papers, summary="3 trang × 2 bản", fee_amount=12000, fee_reason="3 trang × 2 bản theo mức công bố", no_scan_reason="Trả ngay",
        ),
        by=site.desk("tiepnhan"),
        at=timezone.now(),
    )  # fmt: skip


def _visits(site: Site, done: Worked) -> None:
    person = brought.Person(name="Chu Thị Lành", identity_number="020187000456", phone="0987654321")
    for name, kind, items in (
        (
            "guide",
            CounterVisit.Kind.COMPLETE,
            [*_papers(site.case(BIRTH), "thiếu bản chính"), *declared("Tờ khai chưa ký")],
        ),
        ("refuse", CounterVisit.Kind.REFUSE, []),
    ):
        said = visits.Said(
            kind, agency=site.agency, version=site.case(BIRTH).version, case=site.case(BIRTH), owner=person, items=items,
            reason="Hồ sơ chưa đủ" if items else "Không thuộc thẩm quyền của phường",
        )  # fmt: skip
        done.visits[name] = visits.record(said, by=site.desk("tiepnhan"), at=timezone.now())
    for name in ("waits", "agreed"):
        said = visits.Said(
            CounterVisit.Kind.COMPLETE, agency=site.agency, version=site.case(BIRTH).version, case=site.case(BIRTH), owner=person,
            items=declared("Họ tên mẹ ghi khác căn cước"), reason="Đối chiếu mới thấy", approver=site.officers["truongphong"],
            approval_reason="Cơ sở dữ liệu vừa cập nhật",
        )  # fmt: skip
        done.visits[name] = visits.record(said, by=site.desk("tiepnhan"), at=timezone.now())
    row = GuidanceApproval.objects.get(visit=done.visits["agreed"])
    guiding.answer(row.pk, agreed=True, words="", by=site.desk("truongphong"), at=timezone.now())
