"""A lawful extension: its notice, and a dossier that was extended."""

from datetime import datetime, timedelta
from fractions import Fraction

from dossiers.acts import lawful_time
from dossiers.acts.lawful_time import DecisionNotice, Extending
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from onestop.worktime import Term, Unit
from tests.dossiers.slips import samples, shown
from tests.world import Office

LAW = "Điều 21 Nghị định số 23/2015/NĐ-CP"


def sample() -> DecisionNotice:
    return DecisionNotice(
        **samples.of_the_office(samples.common("gia-han")),
        owner=samples.OWNER,
        content="Chứng thực bản sao từ bản chính",
        received_at=samples.at(20, 8, 15),
        ground="Chứng thực nhiều bản sao, nhiều trang, nội dung phức tạp",
        basis=LAW,
        reason="Yêu cầu 120 bản sao.",
        unit="Ủy ban nhân dân xã Hòa Bình",
        received_by="Bộ phận Tiếp nhận và Trả kết quả của Ủy ban nhân dân xã Hòa Bình",
        extra="2 ngày làm việc",
        promised_at=samples.at(20, 17, 0),
        new_promise_at=samples.at(23, 17, 0),
        signer="Lê Văn Tuấn",
        capacity=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        recipients=samples.RECIPIENTS,
    )


def pictures() -> list[shown.Shown]:
    notice = DecisionNotice(
        **shown.about("gia-han", shown.OFFICE, shown.at(23, 10), 5),
        owner=shown.WOMAN,
        content="Thủ tục chứng thực bản sao từ bản chính giấy tờ, văn bản",
        received_at=shown.at(23, 8, 15),
        ground="Chứng thực nhiều bản sao, nhiều trang, nội dung phức tạp",
        basis=LAW,
        reason="Yêu cầu 120 bản sao của hồ sơ dự thầu.",
        unit=shown.COMMITTEE,
        received_by=shown.CENTRE,
        extra="2 ngày làm việc",
        promised_at=shown.at(23, 17),
        new_promise_at=shown.at(26, 17),
        result_at=f"{shown.CENTRE}, {shown.COUNTER.address}",
        signer="Hoàng Văn Phúc",
        capacity=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        recipients=("Như trên;", f"{shown.CENTRE} (để trả kết quả);", "Lưu: VT, hồ sơ."),
    )
    title = "Thông báo gia hạn theo pháp luật chuyên ngành, A4 (không có mẫu ban hành)"
    return [shown.Shown("thong-bao-gia-han", title, notice)]


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    what = Extending(
        kind="khac", basis="Điều 5", reason="Vụ việc phức tạp", law="Điều 6",
        extra=Term(Unit.WORKING_DAY, Fraction(1)),
    )  # fmt: skip
    at += timedelta(minutes=30)
    lawful_time.extend(Seen(dossier.pk), what, by=office.desk(office.leader), at=at)
