"""A verification is written down (biên bản thẩm tra, xác minh): its minutes, and a dossier that has some."""

from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers.acts import inspecting
from dossiers.acts.inspecting import Inspected, InspectionMinutes
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from tests.dossiers.own import holding
from tests.dossiers.slips import samples, shown
from tests.samples import a_pdf
from tests.world import Office


def sample() -> InspectionMinutes:
    return InspectionMinutes(
        **samples.common("xac-minh"),
        owner=samples.OWNER,
        content="cấp giấy phép xây dựng",
        unit="Ủy ban nhân dân xã Bình Minh",
        held_at=samples.at(24, 8, 30),
        place="Thửa đất số 12, thôn 2",
        people=("Lê Văn Dũng, chuyên viên", "Lý Văn Sơn, trưởng thôn 2"),
        applicant_present=True,
        found="Đo ranh giới thửa đất.",
        conclusion="Đúng hiện trạng.",
    )


def pictures() -> list[shown.Shown]:
    minutes = InspectionMinutes(
        **shown.about("xac-minh", shown.DEPARTMENT, shown.at(25, 10), 4, code=shown.LAND_CODE),
        owner=shown.WOMAN,
        content="Thủ tục đăng ký biến động đối với trường hợp chuyển nhượng quyền sử dụng đất",
        unit="Sở Nông nghiệp và Môi trường tỉnh Lạng Sơn",
        held_at=shown.at(25, 8, 30),
        place="Thửa đất số 118, khối 5, phường Tam Thanh",
        people=("Hoàng Thị Thu Trang, chuyên viên", "Nông Thị Bích Ngọc, khối trưởng khối 5"),
        applicant_present=True,
        found="Đo ranh giới thửa đất, đối chiếu với trích đo địa chính; hỏi các hộ liền kề về tranh chấp.",
        conclusion="Ranh giới đúng với trích đo, không có tranh chấp.",
    )
    title = "Biên bản thẩm tra, xác minh, A4 (không có mẫu ban hành)"
    return [shown.Shown("bien-ban-xac-minh", title, minutes)]


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    said = Inspected(
        at, "Thôn 2", [("Lý Văn Sơn", "trưởng thôn"), ("Lê Văn Dũng", "")], "Đo đất", "Đúng hiện trạng", applicant_present=True,
        scan=SimpleUploadedFile("bien-ban.pdf", a_pdf("bien ban")),
    )  # fmt: skip
    later = at + timedelta(minutes=1)
    inspecting.inspect(Seen(dossier.pk), said, by=holding(dossier, office), at=later)
