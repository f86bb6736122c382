"""An office with a row at least of every kept table, for the tests of rows outside dossiers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from api.models import ApiKey
from dossiers.acts import fees, receipt_series, supplements, visits
from dossiers.acts.fees import Taking
from dossiers.acts.many import Seen
from dossiers.intake.brought import Person
from dossiers.intake.wanted import declared
from dossiers.models import (
    AnsweredRound,
    CounterVisit,
    OfficeDecision,
    OfficeSettings,
    OnlineSource,
    PartnerCounter,
    PartnerOffice,
    PartnerOfficer,
    Slip,
)
from dossiers.models.agreeing import Agreement
from dossiers.models.banking import BankAccount
from dossiers.models.elsewhere import Outage, PaperPack
from dossiers.models.envelopes import Envelope, EnvelopeSlip
from dossiers.models.guiding import GuidanceApproval
from dossiers.models.helping import OnlineHelp, OwnAccount
from dossiers.models.money import CashCount, CashHandOver, ReceiptSeries, SpoiledReceipt
from dossiers.models.outgoing import HeldNumber
from dossiers.models.payments import BankStatement, Payment
from dossiers.models.post import PostalLine, PostalNote
from dossiers.models.registers import RegisterMark
from dossiers.models.sent import SentPapers, SentTakenBack
from dossiers.models.voiding import VoidRequest
from dossiers.slips import issuing
from exchange.models import Door, Mapping, NationalFigure
from onestop.accounts.domain import calendar, substitutions
from onestop.accounts.models import CalendarDay, DayKind, Department, WorkingWeek
from procedures.domain.processes import default_process
from procedures.models import (
    ActKind,
    Answer,
    Case,
    CatalogueAct,
    FocalPoint,
    ImportRun,
    InternalProcess,
    ListDecision,
    ListLine,
    Procedure,
    ProcedureTexts,
    Unpublished,
    VersionSource,
)
from reports.models import (
    BroughtFigures,
    BroughtFile,
    Criticism,
    Duty,
    DutyAct,
    DutyRule,
    EnteredFigures,
    FrozenFile,
    LateCause,
    ReportForm,
    ReportingOutage,
    SignedReport,
    WallBoard,
)
from tests.dossiers.money.office import PAPER
from tests.dossiers.online.filed import a_filing, a_list
from tests.samples import PDF
from tests.stored import store
from tests.world import MONDAY, Office, make_case, make_office, receive


def everything_at() -> Office:
    """A row at least of every kept table."""
    office, at, case = make_office(), MONDAY, make_case()
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    make_case(name="Thủ tục khác", field="Đất đai")
    ended = make_office("Ủy ban nhân dân xã Bình An").agency
    ended.closed_on, ended.successor = date(2026, 6, 30), other.agency
    ended.save()
    dossier = receive(office, case)
    filing = a_filing(office)
    AnsweredRound.objects.create(
        filing=filing, agency=office.agency, accept_by=at, answered_at=at + timedelta(hours=1)
    )
    a_list(office)
    a_filing(office, code="G99.01-261120-000002")
    other_source = OnlineSource.objects.create(
        name="Cổng khác", code_pattern="K-#+", agency=other.agency
    )
    for name in ("Bưu điện", "Đại lý"):
        by_partner = OnlineSource.objects.create(
            name=name, code_pattern="GH#+-######-####+", agency=other.agency, channel=3
        )
        partner = PartnerOffice.objects.create(
            source=by_partner, kind=PartnerOffice.Kind.POST, valid_from=at.date()
        )
    PartnerCounter.objects.create(partner=partner, agency=other.agency, valid_from=at.date())
    PartnerOfficer.objects.create(partner=partner, officer=office.clerk, valid_from=at.date())
    door, _ = (Door.objects.create(name=name, source=other_source) for name in ("cong", "khac"))
    Mapping.objects.create(door=door, foreign="2.000001", valid_from=at.date())
    ApiKey.objects.create(
        name="Cổng của tỉnh", officer=office.leader, scopes=["counts"], sha256="0" * 64, valid_to=at.date(), made_at=at,
        made_by=office.leader, ended_at=at, ended_by=office.leader,
    )  # fmt: skip
    slip = Slip.objects.get(dossier=dossier)
    issuing.record_print(slip, by=office.clerk, at=at, copies=2)
    store(PDF, name="phieu.pdf", kind="slip", object_id=slip.pk, by=office.clerk)
    said = visits.Said(
        kind=CounterVisit.Kind.REFUSE,
        agency=office.agency,
        version=case.version,
        case=case,
        owner=Person("Lò Thị Mai", identity_number="001087000124", phone="0912345679"),
        reason="Không thuộc thẩm quyền",
    )
    for whose in (said, replace(said, owner=Person("Lò Văn Pậu", phone="0912345670"))):
        visits.record(whose, by=office.desk(office.clerk), at=at)
    substitutions.substitute(
        absent=office.specialist,
        by_whom=office.head,
        from_date=at.date(),
        to_date=at.date() + timedelta(days=3),
        reason="Nghỉ phép",
        by=None,
        at=at,
    )
    day = CalendarDay(
        agency=office.agency, date=date(2027, 3, 1), kind=DayKind.CLOSING, name="Mất điện", source="CV 1"
    )  # fmt: skip
    calendar.add_day(day=day, by=None, at=at)
    week = WorkingWeek(agency=other.agency, effective_from=date(2027, 1, 4), sessions=[""] * 7)
    calendar.add_week(week=week, by=None, at=at)
    Agreement.objects.create(
        dossier=dossier, items=[], entries=["A"], reason="Thiếu", approver=office.head, asked_by=office.clerk, asked_at=at
    )  # fmt: skip
    GuidanceApproval.objects.create(
        visit=CounterVisit.objects.latest("pk"), approver=office.head, asked_by=office.clerk, asked_at=at
    )  # fmt: skip
    asked = [
        supplements.ask(
            Seen(receive(office, case).pk), items=declared("A"), reason="Thiếu", by=office.desk(office.clerk), at=at
        )
        for _ in range(2)
    ]  # fmt: skip
    SentPapers.objects.create(supplement=asked[0], source=other_source, at=at, arrived_at=at)
    SentTakenBack.objects.create(
        supplement=asked[0],
        file=8_000_000,
        name="giấy khai sinh.pdf",
        size=12,
        sha256="e" * 64,
        sent_at=at,
        at=at,
    )
    OnlineHelp.objects.create(
        token=UUID(int=15), agency=office.agency, officer=office.clerk, at=at, procedure=case.version.procedure,
        owner_name="Lò Thị Mai", source_code="G99.01-261120-000001",
    )  # fmt: skip
    OwnAccount.objects.create(
        agency=office.agency, kind=1, number="001187000123", holder="Lý Văn Sơn", from_day=at.date(), made_by=office.leader, made_at=at
    )  # fmt: skip
    VoidRequest.objects.create(
        dossier=dossier, reason="Nhầm", approver=office.head, asked_by=office.clerk, asked_at=at
    )
    RegisterMark.objects.create(
        agency=office.agency, year=2031, kind=RegisterMark.Kind.VOLUME, volume=2, number=1, by=office.clerk, at=at
    )  # fmt: skip
    PaperPack.objects.create(
        agency=office.agency, first=9001, last=9020, prepared_at=at, prepared_by=office.clerk
    )
    HeldNumber.objects.create(
        agency=office.agency, kind="TB", year=2031, number=1, reason="Giấy mời họp", held_by=office.head, held_at=at
    )  # fmt: skip
    Outage.objects.create(
        agency=office.agency,
        kind=Outage.Kind.POWER,
        began_at=at - timedelta(hours=2),
        ended_at=at,
        recorded_at=at,
        recorded_by=office.clerk,
    )
    envelope, _ = (
        Envelope.objects.create(
            agency=office.agency,
            case=case,
            token=UUID(int=number),
            year=2026,
            number=number,
            sender_name="Vàng A Sử",
            authorisation="Trưởng bản",
            made_at=at,
            made_by=office.clerk,
        )
        for number in (1, 2)
    )
    EnvelopeSlip.objects.create(envelope=envelope, slip=Slip.objects.latest("pk"))
    OfficeSettings.objects.create(agency=office.agency, opening_hours="Cả ngày")
    OfficeDecision.objects.create(
        agency=office.agency, subject="code_pattern", value="{unit}", proposed_at=at
    )
    VersionSource.objects.create(version=case.version, content="{}")
    answer = Answer.objects.create(what="thoi-han", text="1", reading="1 ngày", number=1, at=at)
    CatalogueAct.objects.create(
        version=case.version, kind=ActKind.TERMS, at=at, content={"a": 1}, answer=answer
    )
    ImportRun.objects.create(at=at, what="procedures", file_name="a.json", sha256="0" * 64)
    default_process()
    decisions = [
        ListDecision.objects.create(
            agency=office.agency, number=number, about="Danh mục", signer="Chủ tịch", signed_on=date(2026, 9, 1),
            effective_from=date(2026, 9, 1), stage=3, drafted_at=at, drafted_by=office.controller,
            checked_at=at, checked_by=office.leader, published_at=at, published_by=office.controller,
            no_file_reason="bản giấy", entered_on=date(2026, 9, 4),
        )
        for number in ("12/QĐ-UBND", "13/QĐ-UBND")
    ]  # fmt: skip
    decisions[1].corrects = decisions[0]
    decisions[1].save()
    ListLine.objects.create(
        decision=decisions[0], procedure=case.version.procedure, counter=2, effective_from=date(2026, 9, 1),
        effective_to=date(2026, 12, 1), why_not="lưu động", handled_by="a", coordinated_by="b",
        decided_by="c", note="d", shortened="1 ngày làm việc",
    )  # fmt: skip
    points = [
        FocalPoint.objects.create(
            agency=office.agency, officer=office.clerk, name=name, position="Phó Chủ tịch", phone="0205",
            email="a@b.vn", decision="85/QĐ-UBND", decided_on=date(2026, 9, 1), starts_on=date(2026, 9, 1),
            ends_on=date(2026, 10, 1), end_note="86/QĐ-UBND", entered_at=at, entered_by=office.controller,
            ended_at=at, ended_by=office.leader,
        )
        for name in ("Lý Thị Mai", "Hà Văn Nam")
    ]  # fmt: skip
    FocalPoint.objects.create(
        agency=office.agency, name="Nông Thị Yến", decision="86/QĐ-UBND", decided_on=date(2026, 10, 1),
        starts_on=date(2026, 10, 2), replaces=points[0], entered_at=at, entered_by=office.controller,
    )  # fmt: skip
    ProcedureTexts.objects.create(
        procedure=case.version.procedure, steps="Nộp", requirements="Đủ 18 tuổi",
        forms=[{"name": "Tờ khai", "url": "https://a.vn/b"}], none_of=["results"], recorded_at=at,
        recorded_by=office.controller, replaced_at=at,
    )  # fmt: skip
    ProcedureTexts.objects.create(procedure=case.version.procedure, recorded_at=at)
    Unpublished.objects.create(
        procedure=case.version.procedure, agency=office.agency, basis="15/2026/NQ-HĐND", title="Hỗ trợ",
        issuer="Hội đồng nhân dân", issued_on=date(2026, 8, 1), effective_on=date(2026, 9, 1),
        at_commune=True, at_branch=True, at_province=True, entered_at=at, entered_by=office.controller,
        published_as=Procedure.objects.latest("pk"), published_by_decision="12/QĐ-UBND",
        published_at=at, published_by=office.leader,
    )  # fmt: skip
    Unpublished.objects.create(
        procedure=Procedure.objects.latest("pk"), agency=other.agency, basis="16/2026/NQ-HĐND", title="Hỗ trợ",
        issuer="Hội đồng nhân dân", issued_on=date(2026, 8, 1), effective_on=date(2026, 9, 1),
        entered_at=at, entered_by=office.controller,
    )  # fmt: skip
    report, _ = (
        SignedReport.objects.create(
            form=ReportForm.objects.order_by("pk")[0],
            agency=office.agency,
            period=period,
            first=date(2026, 8, 15),
            last=date(2026, 9, 14),
            version=1,
            cut=at,
            figures={"3": 1},
            sha256="0" * 64,
            prepared_by=office.controller,
            prepared_at=at,
        )
        for period in ("2026M9", "2026M10")
    )
    FrozenFile.objects.create(report=report, kind="pdf", sha256="0" * 64, content=PDF)
    LateCause.objects.create(
        dossier=dossier,
        cause=LateCause.Cause.values[0],
        department=office.room,
        recorded_by=office.head,
        recorded_at=at,
    )
    brought = [
        BroughtFile.objects.create(
            agency=office.agency,
            period=period,
            first=date(2026, 8, 15),
            last=date(2026, 9, 14),
            file_name="so-lieu.xlsx",
            sha256="0" * 64,
            by=office.controller,
            at=at,
        )
        for period in ("2026M9", "2026M10")
    ]
    BroughtFigures.objects.create(
        file=brought[0], agency=other.agency, line=5, label="Xã Khác", measures={"3": 1}
    )
    entered, _, _ = (
        DutyAct.objects.create(
            agency=office.agency, duty=Duty.objects.first(), period="2026Q3", kind=kind, on=at.date(),
            undoes=undoes, by=office.controller, at=at,
        )
        for kind, undoes in (("entry", None), ("document", None), ("poor", None))
    )  # fmt: skip
    DutyAct.objects.create(
        agency=office.agency, duty=Duty.objects.first(), period="2026Q3", kind="undone", on=at.date(),
        undoes=entered, by=office.controller, at=at,
    )  # fmt: skip
    NationalFigure.objects.create(
        peer="cong", agency=office.agency, first=at.date(), last=at.date(), number=1040,
        source="Hệ thống báo cáo quốc gia", by=office.controller, at=at,
    )  # fmt: skip
    EnteredFigures.objects.create(
        agency=office.agency, form=ReportForm.objects.get(code="II.05a"), period="2026Q3", version=1,
        rows=[{"key": "field:1", "label": "Hộ tịch", "values": {"3": 1}}], by=office.controller, at=at,
    )  # fmt: skip
    DutyRule.objects.create(
        effective_from=at.date(), late=25, poor=25, missing=50, missing_after=10, repair_days=3, remind_before=2,
        set_by=office.controller, set_at=at,
    )  # fmt: skip
    for number in (1, 2):
        Criticism.objects.create(
            agency=office.agency, department=office.room, officer=office.specialist, subject="Chậm", content="Chậm",
            demand="Khắc phục", lines=[{"code": "H37"}], prepared_by=office.controller, prepared_at=at, year=2026,
            number=number, symbol=f"0{number}/PB-UBND", signed_by=office.leader, signed_at=at,
            paper={"whom": office.room.name},
        )  # fmt: skip
    ReportingOutage.objects.create(
        from_day=at.date(), basis="CV 12", recorded_by=office.controller, recorded_at=at
    )
    WallBoard.objects.create(
        agency=office.agency, name="Phòng chờ", made_by=office.clerk, made_at=at
    )
    _money(office, at)
    _post(office, case, at)
    # Somewhere to move the rows of a parent to.
    receive(office, case)
    Procedure.objects.create(code="9.999999")
    Case.objects.create(version=case.version, order=9, name="Khác")
    InternalProcess.objects.create(procedure_code="9.999999")
    Department.objects.create(agency=other.agency, name="Phòng riêng")
    return office


def _money(office: Office, at: datetime) -> None:
    """Books of receipts, a spoiled number, cash that was handed over and counted, money that came."""
    book = receipt_series.open_book(office.agency, PAPER, by=office.desk(office.leader), at=at)
    paid, what = receive(office, make_case(), at=at), Taking(book.pk, 0, 5, more="Bản sao")
    fees.take_fee(Seen(paid.pk), what, by=office.desk(office.clerk), at=at)
    books = [
        ReceiptSeries.objects.create(
            agency=office.agency, kind=ReceiptSeries.Kind.PAPER, name="Biên lai", form_symbol="01BLP", symbol=symbol,
            provider="Chi cục", tax_code="4900", first=first, last=50, given=first, opened_at=at, opened_by=office.leader,
            ended_at=at, ended_by=office.leader,
        )
        for first, symbol in ((1, "AX-26P"), (2, "AY-26P"))
    ]  # fmt: skip
    for number, book in enumerate(books, start=1):
        SpoiledReceipt.objects.create(
            series=book,
            number=number,
            why=SpoiledReceipt.Why.LOST,
            reason="Rơi",
            by=office.clerk,
            at=at,
        )
    CashHandOver.objects.create(
        agency=office.agency, giver=office.clerk, taker=office.leader, amount=5, given_at=at, taken_at=at, ended_at=at,
    )  # fmt: skip
    for number in ("0123456789", "9876543210"):
        BankAccount.objects.create(
            agency=office.agency, bank="970436", number=number, holder="UBND", from_day=at.date(), proposed_by=office.clerk,
            proposed_at=at, confirmed_by=office.leader, confirmed_at=at, ended_by=office.leader, ended_at=at,
        )  # fmt: skip
    for number, account in enumerate(BankAccount.objects.order_by("pk"), start=1):
        statement = BankStatement.objects.create(
            account=account,
            by=office.clerk,
            at=at,
            file_name="sao-ke.csv",
            sha256="a",
            kept="x",
            stage=3,
            columns={"a": "b"},
            counts={"new": 1},
            ended_at=at,
        )
        Payment.objects.create(
            agency=office.agency, source="sao-ke", reference=f"FT{number}", statement=statement, line=number, amount=5, paid_at=at,
            content="nộp", code="H37", payer="Ân", raw={"a": "b"}, came_at=at, outcome=Payment.Outcome.RETURNED, reason="Nhầm",
            settled_by=office.clerk, settled_at=at,
        )  # fmt: skip
    CashCount.objects.create(
        agency=office.agency, officer=office.clerk, since=at, at=at, receipts=1, expected=7, counted=9,
        explanation="Thừa",
    )  # fmt: skip


def _post(office: Office, case: Case, at: datetime) -> None:
    """Minutes with the post, and what they list of dossiers that came."""
    notes = [
        PostalNote.objects.create(
            agency=office.agency, way=PostalNote.Way.IN, year=2026, number=number, office="Bưu điện", postman="Thư",
            note="Túi", made_by=office.clerk, made_at=at, signed_by=office.clerk, signed_at=at, ended_at=at,
        )
        for number in (1, 2)
    ]  # fmt: skip
    for position, note in enumerate(notes, start=1):
        PostalLine.objects.create(
            note=note, position=position, number=f"EB{position}", sender="Ân", phone="09", code="G99", papers="Đơn",
            procedure=Procedure.objects.order_by("pk").first(), complete=False, difference="Thiếu đơn",
            dossier=receive(office, case),
        )  # fmt: skip
