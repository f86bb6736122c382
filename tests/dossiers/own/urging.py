"""Whoever has a dossier is urged (đôn đốc) and answers: the slip, and a dossier that was urged."""

from datetime import datetime, timedelta

from dossiers.acts import urging
from dossiers.acts.many import Seen
from dossiers.acts.urging import UrgingSlip
from dossiers.models import Dossier
from tests.dossiers.own import holding
from tests.dossiers.slips import samples, shown
from tests.world import Office


def sample() -> UrgingSlip:
    return UrgingSlip(
        **samples.common("don-doc"),
        owner=samples.OWNER,
        content="cấp giấy phép xây dựng",
        received_at=samples.at(2, 8, 15),
        promised_at=samples.at(20, 17, 0),
        state="Đang xử lý",
        late=True,
        step="Thẩm định hồ sơ",
        unit="Phòng Kinh tế",
        person="Lê Văn Cường",
        round=2,
        asked="Hồ sơ đã quá hạn 02 ngày: trình kết quả hoặc nêu vướng mắc.",
        answer_by=samples.at(25, 16, 30),
        urger="Phạm Quốc Hùng",
        earlier=("Lần 1, 23/11/2026 09:00: chưa trả lời",),
    )


def pictures() -> list[shown.Shown]:
    slip = UrgingSlip(
        **shown.about("don-doc", shown.DEPARTMENT, shown.at(25, 10), 4, code=shown.LAND_CODE),
        owner=shown.COMPANY,
        content="Thủ tục đăng ký biến động đối với trường hợp chuyển nhượng quyền sử dụng đất",
        received_at=shown.at(2, 8, 15),
        promised_at=shown.at(23, 17, 0),
        state="Đang xử lý",
        late=True,
        step="Thẩm định hồ sơ",
        unit="Phòng Đăng ký đất đai",
        person="Hoàng Thị Thu Trang",
        round=2,
        asked="Hồ sơ đã quá hạn 02 ngày. Trình kết quả trong ngày, hoặc nêu rõ vướng ở đâu, cần ai phối hợp.",
        answer_by=shown.at(26, 10, 0),
        urger="Lương Văn Thành",
        earlier=("Lần 1, 24/11/2026 08:00: chưa trả lời",),
    )
    title = "Phiếu đôn đốc giải quyết hồ sơ (không có mẫu ban hành)"
    return [shown.Shown("phieu-don-doc", title, slip)]


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    """Asked twice, answered once."""
    controller, holder = office.desk(office.controller), holding(dossier, office)
    for hours in (0, 1):
        when = at + timedelta(hours=hours)
        urging.urge(
            Seen(dossier.pk), asked="Trình kết quả", answer_by=at + timedelta(days=1), by=controller, at=when,
        )  # fmt: skip
    urging.answer(Seen(dossier.pk), text="Chờ ý kiến Sở", by=holder, at=at + timedelta(hours=2))
