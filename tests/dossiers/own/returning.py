"""A result is given back (R-78): the receipt that both sign, and a dossier whose taker signed it."""

from datetime import datetime

from dossiers.acts.returning import ReturnReceipt
from dossiers.models import Dossier
from dossiers.slips.contexts import Person
from tests.dossiers.slips import samples, shown
from tests.world import Office


def sample() -> ReturnReceipt:
    return ReturnReceipt(
        **samples.common("tra-ket-qua"),
        owner=samples.OWNER,
        content="Đăng ký khai sinh",
        taker=Person(name="Trần Thị Lan", identity="022190005678"),
        given_at=samples.at(25, 8, 30),
        received_at=samples.at(20),
        promised_at=samples.at(30, 17, 0),
        is_owner=False,
        authorisation="Giấy ủy quyền ngày 24/11/2026",
        result="Giấy khai sinh, số 45/2026, ngày 24 tháng 11 năm 2026",
        signer="Lê Văn Tuấn",
        papers_back="Thẻ căn cước",
        told="Gọi điện thoại",
        note="Nhận thay cha của trẻ",
    )


def pictures() -> list[shown.Shown]:
    receipt = ReturnReceipt(
        **shown.about("tra-ket-qua", shown.COUNTER, shown.at(27, 15, 20), 6),
        owner=shown.WOMAN,
        content=shown.BIRTH,
        taker=Person(name=shown.WOMAN.name, identity=shown.WOMAN.identity),
        given_at=shown.at(27, 15, 20),
        received_at=shown.at(23, 8, 15),
        promised_at=shown.at(30, 17, 0),
        result="Giấy khai sinh (bản chính), số 112/2026, ngày 27 tháng 11 năm 2026",
        signer="Hoàng Minh Tuấn",
        papers_back="Thẻ căn cước của cha, mẹ; Giấy chứng nhận kết hôn",
        told="Báo trực tiếp",
    )
    title = "Biên nhận trả kết quả, hai bên ký (không có mẫu ban hành)"
    return [shown.Shown("bien-nhan-tra-ket-qua", title, receipt)]


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    """There is no result yet."""
