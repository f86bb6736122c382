"""Opinions are asked for (lấy ý kiến): the letter, and a dossier of which rooms, an office and bodies
outside were asked.
"""

from datetime import date, datetime, timedelta

from dossiers.acts import consulting
from dossiers.acts.consulting import ConsultationLetter, Opinion, Question
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from dossiers.models.consulting import Said
from tests.dossiers.own import holding
from tests.dossiers.slips import samples, shown
from tests.world import Office


def sample() -> ConsultationLetter:
    return ConsultationLetter(
        **samples.common("lay-y-kien"),
        owner=samples.OWNER,
        content="cấp giấy phép xây dựng",
        received_at=samples.at(2, 8, 15),
        to=("Sở Xây dựng", "Công ty Cấp nước"),
        asked="Thửa đất có nằm trong hành lang an toàn đường ống hay không?",
        answer_by=samples.at(27, 17, 0),
        unit="Ủy ban nhân dân xã Bình Minh",
        papers=("ban-ve.pdf",),
        signer="Phạm Quốc Hùng",
        capacity=("CHỦ TỊCH",),
        recipients=("Như trên;", "Lưu: VT, hồ sơ."),
    )


def pictures() -> list[shown.Shown]:
    letter = ConsultationLetter(
        **shown.about("lay-y-kien", shown.DEPARTMENT, shown.at(25, 10), 4, code=shown.LAND_CODE),
        owner=shown.WOMAN,
        content="Thủ tục đăng ký biến động đối với trường hợp chuyển nhượng quyền sử dụng đất",
        received_at=shown.at(2, 8, 15),
        to=("Ủy ban nhân dân phường Tam Thanh", "Công ty cổ phần Cấp thoát nước Lạng Sơn"),
        asked="Thửa đất số 118, tờ bản đồ 24 có tranh chấp, có nằm trong hành lang bảo vệ đường ống cấp nước hay không; nếu có, đề nghị nêu rõ phạm vi.",
        answer_by=shown.at(2, 17, 0, 12),
        unit="Sở Nông nghiệp và Môi trường tỉnh Lạng Sơn",
        papers=("Trích đo địa chính thửa 118.pdf", "Đơn đăng ký biến động.pdf"),
        signer="Lương Văn Thành",
        capacity=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
        recipients=("Như trên;", "Lưu: VT, hồ sơ."),
    )
    title = "Công văn lấy ý kiến, A4 (không có mẫu ban hành)"
    return [shown.Shown("cong-van-lay-y-kien", title, letter)]


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    """A room and two bodies are asked; one wrote, of one nothing came, one is asked no more."""
    desk, seen = holding(dossier, office), Seen(dossier.pk)
    asked = Question(
        "Có tranh chấp không?", date(at.year, at.month, at.day), rooms=[office.leadership], bodies=["Công an xã", "Điện lực"]
    )  # fmt: skip
    room, police, power = consulting.consult(seen, asked, by=desk, at=at)
    consulting.answer(
        room.pk, Opinion(Said.AGREED, "Không tranh chấp"), by=office.desk(office.leader), at=at + timedelta(minutes=5)
    )  # fmt: skip
    consulting.withdraw(seen, power.pk, why="Đã rõ", by=desk, at=at + timedelta(minutes=6))
    late = at + timedelta(days=2)
    consulting.record_silence(seen, police.pk, by=desk, at=late)
    letter = Opinion(Said.NOT, "Đang tranh chấp", "12/CAX", at.date())
    consulting.record_opinion(seen, police.pk, letter, by=desk, at=late + timedelta(hours=1))
