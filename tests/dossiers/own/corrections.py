"""A wrong result put right after its end (R-83): its letter, and a dossier that had one."""

from datetime import date, datetime

from django.utils import timezone

from dossiers.acts import repairs
from dossiers.acts.endings import ResultIn
from dossiers.acts.many import Seen
from dossiers.acts.repairs import CorrectionLetter, Wrong
from dossiers.models import Dossier
from dossiers.models.repairs import Correction
from dossiers.slips.contexts import FormFacts
from tests.dossiers.slips import samples, shown
from tests.world import Office

OLD = "Giấy khai sinh số 212/2026 ngày 27 tháng 11 năm 2026, Hoàng Minh Tuấn ký"
NEW = "Giấy khai sinh số 212/2026 (bản thay thế) ngày 02 tháng 12 năm 2026, Hoàng Minh Tuấn ký"


def sample() -> CorrectionLetter:
    return CorrectionLetter(
        **samples.common("dinh-chinh"),
        owner=samples.OWNER,
        content="Đăng ký khai sinh",
        received_at=samples.at(20),
        at_fault=True,
        responsible="Phòng Văn hóa - Xã hội",
        received_by="Bộ phận Một cửa",
        requested_by="Trần Văn Bình",
        requested_on=date(2026, 12, 1),
        wrong="Sai ngày sinh.",
        old=OLD,
        new=NEW,
        bring_old=True,
    )


def pictures() -> list[shown.Shown]:
    letter = CorrectionLetter(
        **shown.about("dinh-chinh", shown.OFFICE, shown.at(2, 10, month=12), 3)
        | {"form": _sorry()},
        owner=shown.WOMAN,
        content=shown.BIRTH,
        received_at=shown.at(23, 8, 15),
        at_fault=True,
        responsible="Phòng Văn hóa - Xã hội phường Tam Thanh",
        received_by=shown.CENTRE,
        requested_by=shown.WOMAN.name,
        requested_on=date(2026, 12, 1),
        wrong="Ngày sinh của người được khai sinh ghi là 15/11/2026, đúng là 14/11/2026.",
        old=OLD,
        new=NEW,
        bring_old=True,
        signer="Hoàng Minh Tuấn",
        capacity=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        recipients=("Như trên;", f"{shown.CENTRE} (để trả kết quả);", "Lưu: VT, VHXH."),
    )
    title = "Văn bản xin lỗi, đính chính kết quả (không có mẫu ban hành), A4"
    return [shown.Shown("dinh-chinh-ket-qua", title, letter, 1, "a4")]


def _sorry() -> FormFacts:
    return FormFacts(title=repairs.SORRY_FOR_RESULT, size="a4")


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    """It has not ended yet."""


def after_the_end(dossier: Dossier, office: Office, at: datetime) -> None:
    leader, clerk, day = (
        office.desk(office.leader),
        office.desk(office.clerk),
        timezone.localdate(at),
    )
    seen = Seen(dossier.pk)
    signed = ResultIn(title="Giấy khai sinh", number="13/GKS", issued_on=day, signer="Tuấn")
    copy = Correction.OldCopy.TAKEN
    wrong = Wrong("Nguyễn Văn Ân", day, "Sai tên", copy, True, "Phòng Kinh tế")
    repairs.correct_result(seen, wrong, signed, by=leader, at=at)
    repairs.deliver_correction(seen, to="Nguyễn Văn Ân", note="Tại quầy", by=clerk, at=at)
