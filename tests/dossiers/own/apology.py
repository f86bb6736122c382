"""An apology without a new date: its letter, and a dossier that has one."""

from datetime import datetime, timedelta

from dossiers.acts import apology
from dossiers.acts.apology import ApologyLetter
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from tests.dossiers.slips import samples, shown
from tests.world import Office


def sample() -> ApologyLetter:
    return ApologyLetter(
        **samples.of_the_office(samples.common("thu-xin-loi")),
        owner=samples.OWNER,
        content="cấp giấy phép xây dựng",
        received_at=samples.at(2, 8, 15),
        promised_at=samples.at(20, 17, 0),
        reason="chưa có ý kiến của cơ quan phối hợp.",
        late=False,
        unit="Ủy ban nhân dân xã Hòa Bình",
        received_by="Bộ phận Tiếp nhận và Trả kết quả của Ủy ban nhân dân xã Hòa Bình",
        result_at="Bộ phận Tiếp nhận và Trả kết quả",
        signer="Phạm Quốc Hùng",
        capacity=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        recipients=samples.RECIPIENTS,
    )


def pictures() -> list[shown.Shown]:
    letter = ApologyLetter(
        **shown.about("thu-xin-loi", shown.DEPARTMENT, shown.at(25, 10), 3, code=shown.LAND_CODE),
        owner=shown.COMPANY,
        content="Thủ tục đăng ký biến động đối với trường hợp chuyển nhượng quyền sử dụng đất",
        received_at=shown.at(2, 8, 15),
        promised_at=shown.at(23, 17, 0),
        reason="Chưa có ý kiến của cơ quan thuế về nghĩa vụ tài chính.",
        late=True,
        unit=shown.DEPARTMENT.agency,
        received_by=shown.CENTRE,
        result_at=f"{shown.CENTRE}, {shown.COUNTER.address}",
        signer="Lương Văn Thành",
        capacity=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
        recipients=(
            "Như trên;",
            "Ủy ban nhân dân tỉnh Lạng Sơn (để b/c);",
            f"{shown.CENTRE} (để trả kết quả);",
            "Lưu: VT, Phòng Đăng ký đất đai.",
        ),
    )
    title = "Thư xin lỗi, không hẹn lại ngày (không có mẫu ban hành), A4"
    return [shown.Shown("thu-xin-loi", title, letter, 1, "a4")]


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    leader = office.desk(office.leader)
    for hours in (0, 1):
        when = at + timedelta(hours=hours)
        apology.apologise(Seen(dossier.pk), reason="Chờ xác minh", by=leader, at=when)
