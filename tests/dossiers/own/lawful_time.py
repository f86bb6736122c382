"""Time that does not count: its notice, and a dossier that had it, ended early."""

from dataclasses import replace
from datetime import datetime, timedelta

from dossiers.acts import lawful_time
from dossiers.acts.lawful_time import DecisionNotice, Excluding, Prolonging
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from tests.dossiers.slips import samples, shown
from tests.world import Office


def sample() -> DecisionNotice:
    return DecisionNotice(
        **samples.of_the_office(samples.common("khong-tinh")),
        owner=samples.OWNER,
        content="Đăng ký đất đai lần đầu",
        received_at=samples.at(2, 8, 15),
        ground="Niêm yết công khai, đăng tin",
        basis="Nghị định số 101/2024/NĐ-CP",
        reason="Công khai kết quả kiểm tra hồ sơ tại trụ sở và khu dân cư.",
        unit="Ủy ban nhân dân xã Hòa Bình",
        received_by="Bộ phận Tiếp nhận và Trả kết quả của Ủy ban nhân dân xã Hòa Bình",
        begins=samples.at(5, 9),
        ends=samples.at(20, 17, 0),
        promised_at=samples.at(20, 17, 0),
        new_promise_at=samples.at(30, 17, 0),
        signer="Lê Văn Tuấn",
        capacity=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        recipients=samples.RECIPIENTS,
    )


def pictures() -> list[shown.Shown]:
    notice = DecisionNotice(
        **shown.about("khong-tinh", shown.OFFICE, shown.at(25, 10), 4, code=shown.LAND_CODE),
        owner=shown.WOMAN,
        content="Thủ tục đăng ký đất đai lần đầu",
        received_at=shown.at(2, 8, 15),
        ground="Niêm yết công khai, đăng tin",
        basis="Nghị định số 101/2024/NĐ-CP",
        reason="Công khai kết quả kiểm tra hồ sơ đăng ký tại trụ sở và khu dân cư.",
        unit=shown.COMMITTEE,
        received_by=shown.CENTRE,
        begins=shown.at(25, 10),
        ends=shown.at(30, 17) + timedelta(days=10),
        promised_at=shown.at(30, 17),
        new_promise_at=shown.at(30, 17) + timedelta(days=15),
        result_at=f"{shown.CENTRE}, {shown.COUNTER.address}",
        document_number="21/TB-UBND",
        signer="Hoàng Văn Phúc",
        capacity=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        recipients=("Như trên;", f"{shown.CENTRE} (để trả kết quả);", "Lưu: VT, hồ sơ."),
    )
    title = "Thông báo thời gian không tính vào thời hạn, A4 (không có mẫu ban hành)"
    longer = replace(
        notice,
        number=5,
        made_at=shown.at(30, 15),
        reason="Có ý kiến về ranh giới thửa đất, phải công khai lại phần đã đo vẽ bổ sung.",
        begins=shown.at(30, 17) + timedelta(days=10),
        ends=shown.at(30, 17) + timedelta(days=20),
        said_until=shown.at(30, 17) + timedelta(days=10),
        promised_at=shown.at(30, 17) + timedelta(days=15),
        new_promise_at=shown.at(30, 17) + timedelta(days=25),
        document_number="24/TB-UBND",
    )
    kept_on = "Thông báo kéo dài thời gian không tính vào thời hạn, A4 (không có mẫu ban hành)"
    return [
        shown.Shown("thong-bao-khong-tinh", title, notice),
        shown.Shown("thong-bao-keo-dai-khong-tinh", kept_on, longer),
    ]


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    leader = office.desk(office.leader)
    what = Excluding(
        kind="xac-minh", basis="Điều 5", reason="Xác minh", begins=at, ends=at + timedelta(days=9)
    )
    row = lawful_time.exclude(Seen(dossier.pk), what, by=leader, at=at)
    longer = Prolonging(basis="Điều 5", reason="Chưa xong", ends=at + timedelta(days=12))
    row = lawful_time.prolong_exclusion(Seen(dossier.pk), row.pk, longer, by=leader, at=at)
    ended = at + timedelta(hours=1)
    lawful_time.close_exclusion(Seen(dossier.pk), row.pk, ended, by=leader, at=ended)
