"""Papers or a result lost or damaged (R-84): the letter, and a dossier that has a case."""

from datetime import date, datetime

from django.utils import timezone

from dossiers.acts import outgoing, repairs
from dossiers.acts.many import Seen
from dossiers.acts.repairs import LossLetter, Lost
from dossiers.models import Dossier, Slip
from dossiers.models.repairs import Loss
from dossiers.slips.contexts import FormFacts
from onestop.accounts.models import Role
from tests.dossiers.slips import samples, shown
from tests.world import Office, make_officer


def sample() -> LossLetter:
    return LossLetter(
        **samples.common("mat-hong"),
        owner=samples.OWNER,
        content="Đăng ký khai sinh",
        received_at=samples.at(20),
        at_fault=True,
        responsible="Phòng Văn hóa - Xã hội",
        received_by="Bộ phận Một cửa",
        what="01 Giấy chứng sinh",
        of_result=False,
        damaged=False,
        found_on=date(2026, 11, 25),
        circumstances="Thất lạc khi chuyển phòng",
        done="Đề nghị cơ sở y tế cấp lại, cơ quan chịu chi phí",
    )


def pictures() -> list[shown.Shown]:
    form = FormFacts(title=repairs.SORRY_FOR_LOSS, size="a4")
    letter = LossLetter(
        **shown.about("mat-hong", shown.OFFICE, shown.at(26, 10), 2) | {"form": form},
        owner=shown.WOMAN,
        content=shown.BIRTH,
        received_at=shown.at(23, 8, 15),
        at_fault=True,
        responsible="Phòng Văn hóa - Xã hội phường Tam Thanh",
        received_by=shown.CENTRE,
        what="01 bản chính Giấy chứng sinh.",
        of_result=False,
        damaged=False,
        found_on=date(2026, 11, 25),
        circumstances="Thất lạc khi chuyển hồ sơ giữa hai phòng làm việc.",
        done="Đã đề nghị cơ sở y tế cấp lại Giấy chứng sinh; chi phí do cơ quan chịu; hồ sơ tiếp tục được giải quyết đúng hạn.",
        signer="Hoàng Minh Tuấn",
        capacity=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        recipients=("Như trên;", f"{shown.CENTRE} (để trả kết quả);", "Lưu: VT, VHXH."),
    )  # fmt: skip
    title = "Văn bản xin lỗi về việc mất giấy tờ (không có mẫu ban hành), A4"
    return [shown.Shown("mat-hu-hong", title, letter, 1, "a4")]


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    lost = Lost(
        Loss.Of.PAPERS, Loss.How.LOST, "Giấy chứng sinh", timezone.localdate(at), "Chuyển phòng", "Phòng Kinh tế", "Xin cấp lại"
    )  # fmt: skip
    repairs.record_loss(Seen(dossier.pk), lost, by=office.desk(office.clerk), at=at)
    stamper = make_officer("Đào Thị Thư", office.agency, (Role.DOCUMENTS, office.room))
    letter = Slip.objects.get(dossier=dossier, slug="mat-hong")
    outgoing.number_letters([letter.pk], by=office.desk(stamper), at=at)
