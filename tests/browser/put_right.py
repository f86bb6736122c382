"""A morning in the demo commune on which things go another way: lost and wrong results, time that
does not count, papers from outside the office, many dossiers in one envelope.
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import uuid4

from django.utils import timezone

from dossiers.acts import (
    apology,
    appointments,
    collecting,
    consulting,
    endings,
    envelopes,
    holding,
    lawful_time,
    outgoing,
    paper_days,
    repairs,
    tax_transfer,
)
from dossiers.acts.consulting import Opinion, Question
from dossiers.acts.holding import Book, Chosen
from dossiers.acts.many import Seen
from dossiers.intake.brought import PaperIn, Person
from dossiers.models import Dossier, Slip
from dossiers.models.collecting import ResultNotice
from dossiers.models.consulting import Said
from dossiers.models.elsewhere import Outage
from dossiers.models.repairs import Correction, Loss
from onestop.worktime import Term, Unit
from tests.journeys.site import OFFICE, SEVEN_DAYS, Site
from tests.world import IN_PERSON, vn

OWNER = "Công ty trách nhiệm hữu hạn một thành viên Thương mại và Dịch vụ Hoa Đào Lạng Sơn"
SENDER = envelopes.Sender(
    "Nông Thị Bích Ngọc", "Trưởng khối 3, phường Tam Thanh", "020187000222", "0912345999"
)


@dataclass
class PutRight:
    """What the addresses of the table are filled with."""

    names: dict[str, Any] = field(default_factory=dict)
    dossiers: dict[str, Dossier] = field(default_factory=dict)

    def all(self) -> dict[str, Any]:
        return {name: one.code for name, one in self.dossiers.items()} | self.names


def put_right(site: Site) -> PutRight:
    done = PutRight({"agency_code": site.agency.code})
    site.go_to("16/11/2026 08:10")
    _results(site, done)
    site.go_to("20/11/2026 08:20")
    _clocks(site, done)
    _outside(site, done)
    site.go_to("23/11/2026 08:00")
    done.dossiers["mistaken"] = site.receive(owner=OWNER)
    return done


def _ready(site: Site, *, returned: bool = False) -> Dossier:
    dossier = site.receive(owner=OWNER)
    signed = endings.ResultIn(
        title="Quyết định hỗ trợ hòa giải viên gặp tai nạn hoặc rủi ro", number="118/QĐ-UBND",
        issued_on=date(2026, 11, 16), signer="Nguyễn Hữu Phúc",
    )  # fmt: skip
    by, now = site.desk("tiepnhan"), timezone.now()
    endings.record_result(Seen(dossier.pk), signed, by=by, at=now)
    endings.finish(Seen(dossier.pk), by=by, at=now, note="Ký trên giấy")
    if returned:
        endings.give_back(
            Seen(dossier.pk), endings.Taking(name="Lý Văn Sơn", told=IN_PERSON), by=by, at=now
        )
    return dossier


def _results(site: Site, done: PutRight) -> None:
    found = done.dossiers
    found["ready"], found["returned"] = _ready(site), _ready(site, returned=True)
    told = collecting.Telling(ResultNotice.Way.LETTER, OWNER, note="Mời chiều thứ Năm")
    found["told"], found["corrected"] = _ready(site), _ready(site, returned=True)
    found["lost"], now = site.receive(owner=OWNER), timezone.now()
    collecting.notify_result(Seen(found["told"].pk), told, by=site.desk("tiepnhan"), at=now)
    wrong = repairs.Wrong(
        OWNER, now.date(), "Sai năm sinh của người được xác nhận: ghi 1978, đúng là 1987",
        Correction.OldCopy.TAKEN, responsible="Nông Văn Thắng, công chức tư pháp - hộ tịch",
    )  # fmt: skip
    again = endings.ResultIn(
        title="Quyết định hỗ trợ hòa giải viên gặp tai nạn hoặc rủi ro", number="119/QĐ-UBND",
        issued_on=now.date(), signer="Nguyễn Hữu Phúc",
    )  # fmt: skip
    leader = site.desk("lanhdao")
    repairs.correct_result(Seen(found["corrected"].pk), wrong, again, by=leader, at=now)
    lost = repairs.Lost(
        Loss.Of.PAPERS, Loss.How.DAMAGED, "Bản chính giấy chứng nhận hộ nghèo", now.date(),
        "Mưa dột vào tủ đựng hồ sơ của bộ phận tiếp nhận đêm 15/11", "Hoàng Thị Lan, công chức tiếp nhận",
        "Ủy ban nhân dân phường xin cấp lại và chịu chi phí; Ông/Bà không phải nộp lại",
    )  # fmt: skip
    repairs.record_loss(Seen(found["lost"].pk), lost, by=leader, at=now)


def _clocks(site: Site, done: PutRight) -> None:
    found, leader = done.dossiers, site.desk("lanhdao")
    for name in ("in_hand", "extended", "excluded", "sent", "called", "stopped"):
        found[name] = site.receive(owner=OWNER)
    for name in ("in_hand", "called"):
        site.give(found[name], OFFICE)
        site.confirm(found[name], "chuyenvien")
    now = timezone.now()
    law: dict[str, Any] = {
        "basis": "khoản 3 Điều 28 Luật Đất đai số 31/2024/QH15",
        "reason": "Vụ việc phức tạp",
    }
    lawful_time.extend(
        Seen(found["extended"].pk),
        lawful_time.Extending(kind="khac", extra=Term(Unit.WORKING_DAY, Fraction(2)), **law),
        by=leader,
        at=now,
    )
    lawful_time.exclude(
        Seen(found["excluded"].pk),
        lawful_time.Excluding(kind="niem-yet", begins=now, ends=vn("01/12/2026 17:00"), **law),
        by=leader,
        at=now,
    )
    tax = tax_transfer.Transfer(
        "Thuế cơ sở 3 tỉnh Lạng Sơn", "Lệ phí trước bạ, thuế thu nhập cá nhân, tiền sử dụng đất",
        "khoản 2 Điều 21 Nghị định số 101/2024/NĐ-CP", date(2026, 12, 20),
    )  # fmt: skip
    tax_transfer.send(Seen(found["sent"].pk), tax, by=site.desk("tiepnhan"), at=now)
    step = appointments.Step(
        "Kiểm tra thực địa, đo đạc ranh giới thửa đất", vn("24/11/2026 08:30"),
        "Nhà văn hóa khối 3, phường Tam Thanh", "Căn cước, giấy tờ về ranh giới thửa đất",
    )  # fmt: skip
    appointments.appoint_step(Seen(found["called"].pk), step, by=site.desk("chuyenvien"), at=now)
    _opinions(site, done)
    apology.apologise(
        Seen(found["in_hand"].pk), reason="Người giải quyết nghỉ ốm", by=leader, at=now
    )
    ending = endings.EndingIn(OWNER, "Không còn nhu cầu", "", "12/QĐ", "Nguyễn Hữu Phúc", "Không")
    endings.stop(Seen(found["stopped"].pk), ending, by=leader, at=now)
    done.names["letter"] = Slip.objects.get(dossier=found["stopped"], slug="dung").pk
    stamper, book = site.desk("vanthu"), Book(site.agency, "TB", 2026)
    holding.hold(book, count=2, reason="Kế hoạch trực lễ đang trình ký", by=stamper, at=now)
    lost = Slip.objects.get(dossier=found["lost"], slug="mat-hong")
    chosen = Chosen(5, "Số 3, 4 đã ghi vào sổ giấy hôm mất điện, chờ nhập lại")
    outgoing.number_letter(Seen(found["lost"].pk), lost, chosen, by=stamper, at=now)


def _opinions(site: Site, done: PutRight) -> None:
    """A room and two bodies were asked: one answered, the room has still to."""
    dossier, by, now = done.dossiers["called"], site.desk("chuyenvien"), timezone.now()
    leader = site.officers["lanhdao"]
    assert leader.department is not None
    asked = Question(
        "Thửa đất số 118 có tranh chấp, có nằm trong hành lang an toàn đường ống cấp nước hay không?", date(2026, 11, 25),
        rooms=[leader.department], bodies=["Công ty cổ phần Cấp thoát nước Lạng Sơn", "Công an phường Tam Thanh"],
    )  # fmt: skip
    room, water, _ = consulting.consult(Seen(dossier.pk), asked, by=by, at=now)
    said = Opinion(
        Said.OTHER,
        "Đường ống cách ranh giới thửa đất 1,2 m; đề nghị đo lại.",
        "412/CTN",
        now.date(),
    )
    consulting.record_opinion(Seen(dossier.pk), water.pk, said, by=by, at=now)
    done.names["question"] = room.pk


def _outside(site: Site, done: PutRight) -> None:
    now, clerk = timezone.now(), site.desk("tiepnhan")
    pack = paper_days.prepare(site.agency, size=20, by=clerk, at=now)
    cut = paper_days.record(
        site.agency, kind=Outage.Kind.NETWORK, note="Đứt cáp quang trên đường Tam Thanh",
        began_at=vn("20/11/2026 07:30"), ended_at=vn("20/11/2026 08:15"), by=clerk, at=now,
    )  # fmt: skip
    case = site.case(SEVEN_DAYS)
    envelope = envelopes.open_envelope(site.agency, case, SENDER, token=uuid4(), by=clerk, at=now)
    papers = tuple(PaperIn(p.pk, originals=1) for p in case.papers.filter(is_note=False))
    common = envelopes.Common(case, papers, "Quét sau")
    owners = [
        (
            f"{name}; 0201870003{n:02d}",
            Person(name=name, identity_number=f"0201870003{n:02d}", phone="0987654321"),
        )
        for n, name in enumerate(("Lý Văn Sơn", "Hoàng Thị Nguyệt", "Vi Thị Phương Thảo"))
    ]
    for one in envelopes.receive_all(envelope, owners, common, by=clerk, at=now):
        assert one.dossier is not None, one.error
    done.names |= {"pack": pack.pk, "outage": cut.pk, "envelope": envelope.pk}
