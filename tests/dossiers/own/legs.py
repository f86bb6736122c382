"""Parts of the work went to two other agencies: one answered with a file, one was withdrawn."""

from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers.acts import leg_work, legs
from dossiers.acts.leg_work import AnswerIn, SeenLeg
from dossiers.acts.legs import Part
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from dossiers.models.legs import Leg, LegKind
from dossiers.slips.leg_slips import SLUG, TransferSlip
from dossiers.slips.lines import LegLine
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Department, DepartmentKind, Role
from tests.dossiers.own import holding
from tests.dossiers.slips import samples, shown
from tests.samples import a_pdf
from tests.world import Office, make_agency, make_officer


def sample() -> TransferSlip:
    return TransferSlip(
        **samples.common(SLUG),
        owner=samples.OWNER,
        content="cấp giấy phép xây dựng",
        received_at=samples.at(2, 8, 15),
        promised_at=samples.at(20, 17, 0),
        lead="Ủy ban nhân dân xã Bình Minh",
        in_order=True,
        lines=(
            LegLine(number=1, agency="Ủy ban nhân dân xã An", task="Xác nhận tạm trú", hours=8, due_at=samples.at(3, 8, 15)),
            LegLine(number=2, agency="Ủy ban nhân dân xã Kế", task="Cho ý kiến", hours=16),
        ),
        sender="Lê Văn Cường",
    )  # fmt: skip


def pictures() -> list[shown.Shown]:
    slip = TransferSlip(
        **shown.about(SLUG, shown.DEPARTMENT, shown.at(2, 9), 4, code=shown.LAND_CODE),
        owner=shown.COMPANY,
        content="Thủ tục đăng ký biến động đối với trường hợp chuyển nhượng quyền sử dụng đất",
        received_at=shown.at(2, 8, 15),
        promised_at=shown.at(23, 17, 0),
        lead="Sở Nông nghiệp và Môi trường",
        in_order=True,
        lines=(
            LegLine(
                number=1, agency="Sở Xây dựng", task="Xác nhận quy hoạch xây dựng của thửa đất", hours=24, due_at=shown.at(5, 9),
            ),
            LegLine(number=2, agency="Sở Tài chính", task="Xác định đơn giá thuê đất", hours=40),
            LegLine(number=3, agency="Thuế tỉnh", task="Xác định nghĩa vụ tài chính của bên nhận chuyển nhượng", hours=24),
        ),
        sender="Hoàng Thị Thu Trang",
    )  # fmt: skip
    return [shown.Shown("phieu-chuyen-xu-ly", "Phiếu chuyển xử lý (không có mẫu ban hành)", slip)]


def _seen(leg: Leg) -> SeenLeg:
    leg.refresh_from_db()
    return SeenLeg(leg.pk, leg.dossier_id, leg.version)


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    by = holding(dossier, office)
    first, second = make_agency("Ủy ban nhân dân xã Phối Hợp"), make_agency("Ủy ban nhân dân xã Kế")
    room = Department.objects.create(
        agency=first, name="Bộ phận Một cửa", kind=DepartmentKind.ONE_STOP
    )
    clerk = make_officer("Vi Thị Phối", first, (Role.CLERK, room))
    desk = desk_of(clerk, at)
    parts = [Part(first, "Xác nhận tạm trú", 8), Part(second, "Cho ý kiến", 16)]
    rows = legs.open_legs(Seen(dossier.pk), LegKind.ORDERED, parts, by=by, at=at)
    leg_work.pass_on(_seen(rows[0]), room, clerk, by=desk, at=at)
    leg_work.receive(_seen(rows[0]), by=desk, at=at)
    file = SimpleUploadedFile("tra-loi.pdf", a_pdf("legs"))
    later = at + timedelta(hours=1)
    leg_work.answer(_seen(rows[0]), AnswerIn("Đã xác nhận", 1), by=desk, at=later, file=file)
    legs.withdraw_leg(Seen(dossier.pk), 2, "Không cần nữa", by=by, at=later)
