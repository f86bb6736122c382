"""A financial obligation: its notice, and a dossier that waited for it."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from dossiers.acts import payment
from dossiers.acts.many import Seen
from dossiers.acts.payment import PaymentNotice
from dossiers.models import Dossier
from tests.dossiers.slips import samples, shown
from tests.world import Office


def sample() -> PaymentNotice:
    return PaymentNotice(
        **samples.common("nghia-vu"),
        owner=samples.OWNER,
        content="Đăng ký biến động đất đai",
        received_at=samples.at(2, 8, 15),
        obligation="Lệ phí trước bạ nhà, đất",
        amount=12_500_000,
        legal_basis="Thông báo số 15/TB-TCS3",
        determined_by="Thuế cơ sở 3",
        pay_by=date(2026, 12, 20),
        contact_phone="0203 3 456 789",
    )


def pictures() -> list[shown.Shown]:
    notice = PaymentNotice(
        **shown.about("nghia-vu", shown.COUNTER, shown.at(25, 10), 6, code=shown.LAND_CODE),
        owner=shown.WOMAN,
        content="Thủ tục đăng ký biến động đối với trường hợp chuyển nhượng quyền sử dụng đất",
        received_at=shown.at(2, 8, 15),
        obligation="Lệ phí trước bạ nhà, đất",
        amount=12_500_000,
        legal_basis="Thông báo nộp lệ phí trước bạ số 15/TB-TCS3 ngày 24/11/2026; Nghị định số 10/2022/NĐ-CP",
        determined_by="Thuế cơ sở 3 tỉnh Lạng Sơn",
        pay_by=date(2026, 12, 24),
        contact_phone=shown.PHONE,
    )
    title = "Thông báo thực hiện nghĩa vụ tài chính (không có mẫu ban hành)"
    return [shown.Shown("thong-bao-nghia-vu-tai-chinh", title, notice)]


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    clerk, day = office.desk(office.clerk), timezone.localdate(at)
    tax = payment.Obligation(
        "Lệ phí trước bạ", 500_000, "Điều 19", "Thuế cơ sở 3", day + timedelta(days=2)
    )
    payment.ask_payment(Seen(dossier.pk), tax, by=clerk, at=at)
    proof = payment.Proof("12", day, 400_000, "Được giảm")
    payment.record_payment(Seen(dossier.pk), proof, by=clerk, at=at + timedelta(hours=1))
