"""An appointment before the result: its slip, and a dossier that has one."""

from datetime import datetime, timedelta

from dossiers.acts import appointments
from dossiers.acts.appointments import Step, StepNotice
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from tests.dossiers.own import holding
from tests.dossiers.slips import samples, shown
from tests.world import Office


def sample() -> StepNotice:
    return StepNotice(
        **samples.common("hen-buoc"),
        owner=samples.OWNER,
        content="cấp giấy chứng nhận quyền sử dụng đất",
        received_at=samples.at(2, 8, 15),
        step="Có mặt khi kiểm tra thực địa",
        meet_at=samples.at(25, 8, 30),
        place="Thửa đất số 12, thôn 2",
        bring="Căn cước",
        promised_at=samples.at(30, 17, 0),
        result_at="Bộ phận Tiếp nhận và Trả kết quả",
        contact_phone="0203 3 456 789",
    )


def pictures() -> list[shown.Shown]:
    notice = StepNotice(
        **shown.about("hen-buoc", shown.COUNTER, shown.at(25, 10), 4, code=shown.LAND_CODE),
        owner=shown.WOMAN,
        content="Thủ tục đăng ký biến động đối với trường hợp chuyển nhượng quyền sử dụng đất",
        received_at=shown.at(2, 8, 15),
        step="Có mặt khi đo đạc, kiểm tra thực địa",
        meet_at=shown.at(27, 8, 30),
        place="Thửa đất số 118, khối 5, phường Tam Thanh",
        bring="Căn cước; bản chính Giấy chứng nhận",
        promised_at=shown.at(10, 17, 0, 12),
        result_at=f"{shown.CENTRE}, {shown.COUNTER.address}",
        contact_phone=shown.PHONE,
    )
    title = "Giấy hẹn bước trung gian và trả kết quả (không có mẫu ban hành)"
    return [shown.Shown("giay-hen-buoc-trung-gian", title, notice)]


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    desk = holding(dossier, office)
    step = Step("Kiểm tra thực địa", at + timedelta(hours=3), "Thôn 2", "Căn cước")
    for minutes in (0, 10):
        when = at + timedelta(minutes=minutes)
        appointments.appoint_step(Seen(dossier.pk), step, by=desk, at=when)
