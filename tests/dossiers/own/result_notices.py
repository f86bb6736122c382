"""Somebody is told that a result is ready (R-79): the invitation, and a dossier whose owner was told."""

from datetime import date, datetime

from dossiers.acts import collecting
from dossiers.acts.collecting import Invitation, Telling
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from dossiers.models.collecting import ResultNotice
from tests.dossiers.slips import samples, shown
from tests.world import Office


def sample() -> Invitation:
    return Invitation(
        **samples.common("moi-nhan"),
        owner=samples.OWNER,
        content="Đăng ký khai sinh",
        received_at=samples.at(20),
        ready_on=date(2026, 11, 25),
        promised_at=samples.at(30, 17, 0),
        result_at="Bộ phận Một cửa",
        contact_phone="0203 3 456 789",
    )


def pictures() -> list[shown.Shown]:
    invitation = Invitation(
        **shown.about("moi-nhan", shown.COUNTER, shown.at(9, 10, month=12), 4),
        owner=shown.WOMAN,
        content=shown.BIRTH,
        received_at=shown.at(23, 8, 15),
        ready_on=date(2026, 11, 27),
        result_at=f"{shown.CENTRE}, {shown.COUNTER.address}",
        contact_phone=shown.PHONE,
    )
    title = "Giấy mời nhận kết quả (không có mẫu ban hành)"
    return [shown.Shown("giay-moi-nhan-ket-qua", title, invitation)]


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    """There is no result yet."""


def when_ready(dossier: Dossier, office: Office, at: datetime) -> None:
    clerk = office.desk(office.clerk)
    said = Telling(ResultNotice.Way.CALL, "Nguyễn Văn Ân", True, "Hẹn mai đến")
    collecting.notify_result(Seen(dossier.pk), said, by=clerk, at=at)
