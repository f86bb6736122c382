"""The round trip to the tax authority: its slip, and a dossier that made it."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from dossiers.acts import payment, tax_transfer
from dossiers.acts.many import Seen
from dossiers.acts.tax_transfer import Answer, Transfer, TransferSlip
from dossiers.models import Dossier
from tests.dossiers.own import holding
from tests.dossiers.slips import samples, shown
from tests.world import Office


def sample() -> TransferSlip:
    return TransferSlip(
        **samples.of_the_office(samples.common("chuyen-thue")),
        owner=samples.OWNER,
        content="Đăng ký biến động đất đai",
        received_at=samples.at(2, 8, 15),
        authority="Thuế cơ sở 3",
        obligation="Lệ phí trước bạ nhà, đất",
        legal_basis="Nghị định số 101/2024/NĐ-CP",
        unit="Ủy ban nhân dân xã Hòa Bình",
        received_by="Bộ phận Tiếp nhận và Trả kết quả của Ủy ban nhân dân xã Hòa Bình",
        papers=("Đơn đăng ký biến động", "Hợp đồng chuyển nhượng"),
        expected_on=date(2026, 12, 1),
        signer="Lê Văn Tuấn",
        capacity=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        recipients=("Như trên;", "Lưu: VT, hồ sơ."),
    )


def pictures() -> list[shown.Shown]:
    slip = TransferSlip(
        **shown.about("chuyen-thue", shown.DEPARTMENT, shown.at(23, 10), 8, code=shown.LAND_CODE),
        owner=shown.WOMAN,
        content="Thủ tục đăng ký biến động đối với trường hợp chuyển nhượng quyền sử dụng đất",
        received_at=shown.at(2, 8, 15),
        authority="Thuế cơ sở 3 tỉnh Lạng Sơn",
        obligation="Lệ phí trước bạ nhà, đất; thuế thu nhập cá nhân",
        legal_basis="Nghị định số 101/2024/NĐ-CP",
        unit=shown.DEPARTMENT.agency,
        received_by=shown.CENTRE,
        papers=(
            "Đơn đăng ký biến động đất đai",
            "Hợp đồng chuyển nhượng",
            "Giấy chứng nhận đã cấp",
        ),
        expected_on=date(2026, 12, 1),
        signer="Hoàng Văn Phúc",
        capacity=("GIÁM ĐỐC",),
        recipients=("Như trên;", "Lưu: VT, hồ sơ."),
    )
    title = "Phiếu chuyển thông tin xác định nghĩa vụ tài chính, A4 (không có mẫu ban hành)"
    return [shown.Shown("phieu-chuyen-thue", title, slip)]


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    clerk, seen, day = office.desk(office.clerk), Seen(dossier.pk), timezone.localdate(at)
    what = Transfer("Thuế cơ sở 3", "Lệ phí trước bạ", "Điều 19", day)
    tax_transfer.send(seen, what, by=holding(dossier, office), at=at)
    tax = payment.Obligation("Lệ phí trước bạ", 500_000, "Điều 19", "Thuế cơ sở 3", day)
    at += timedelta(minutes=5)
    tax_transfer.record_notice(seen, Answer("15/TB", day), tax, by=clerk, at=at)
    at += timedelta(minutes=5)
    payment.record_payment(seen, payment.Proof("13", day, 500_000), by=clerk, at=at)
    at += timedelta(minutes=5)
    tax_transfer.send(seen, what, by=holding(dossier, office), at=at)
    at += timedelta(minutes=5)
    tax_transfer.record_nothing_due(seen, Answer("16/TB", day, "Miễn"), by=clerk, at=at)
