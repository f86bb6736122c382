"""Results that wait: the notice before an early return is kept (R-79), whom the counter called, the
weekly reminder, the lists of what nobody was told of.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from dossiers.acts import collecting, endings
from dossiers.acts.collecting import Telling
from dossiers.acts.endings import ResultIn, Taking
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.clock import uncollected
from dossiers.desk import returning
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Slip
from dossiers.models.collecting import ResultNotice
from dossiers.slips import issuing
from onestop.errors import DomainError, sentence
from onestop.outbox.models import Message
from tests.clock import Clock
from tests.dossiers.pictures import picture
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
CALLED = Telling(ResultNotice.Way.CALL, "Nguyễn Văn Ân", True, "Hẹn chiều mai")


@pytest.fixture
def office() -> Office:
    return make_office()


def ready(office: Office, at: datetime = MONDAY) -> Dossier:
    """Promised for 03/12, finished at once."""
    dossier, clerk = receive(office, make_case(), at=at), office.desk(office.clerk, at)
    signed = ResultIn(title="Giấy", number="1", issued_on=at.date(), signer="Tuấn")
    endings.record_result(Seen(dossier.pk), signed, by=clerk, at=at)
    return endings.finish(Seen(dossier.pk), by=clerk, at=at, note="Ký trên giấy")


def tell(office: Office, dossier: Dossier, said: Telling = CALLED, at: datetime = MONDAY) -> Any:
    by = office.desk(office.clerk, at)
    return collecting.notify_result(Seen(dossier.pk), said, by=by, at=at)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_who_was_called_when_is_kept_and_taken_back(office: Office) -> None:
    dossier = ready(office)
    stood = picture(dossier)
    row = tell(office, dossier)
    assert (row.early, row.days, row.told_by, row.told_at) == (True, 0, office.clerk, MONDAY)
    assert not Slip.objects.filter(slug="moi-nhan").exists()
    assert collecting.was_told(dossier)
    take_back(Seen(dossier.pk), by=office.desk(office.clerk), at=MONDAY)
    assert picture(dossier) == stood
    assert not collecting.was_told(dossier)
    assert verify(now=MONDAY).misfit is None


def test_a_letter_is_an_invitation_to_print(office: Office) -> None:
    dossier, at = ready(office), vn("10/12/2026 09:00")
    row = tell(office, dossier, Telling(ResultNotice.Way.LETTER, "Nguyễn Văn Ân"), at)
    assert (row.early, row.days) == (False, 17)
    html = issuing.html(Slip.objects.get(slug="moi-nhan"))
    assert "GIẤY MỜI NHẬN KẾT QUẢ" in html
    assert "đã có kết quả giải quyết từ ngày 23 tháng 11 năm 2026" in html
    assert "sớm hơn" not in html


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Telling(ResultNotice.Way.CALL, " "), "told_to_missing"),
        (Telling(ResultNotice.Way.CALL, "Ân", False), "not_reached_why"),
    ],
)
def test_what_a_notice_needs(office: Office, said: Telling, code: str) -> None:
    dossier = ready(office)
    with pytest.raises(DomainError) as error:
        tell(office, dossier, said)
    assert error.value.code == code
    assert sentence(error.value)


def test_only_of_what_waits_at_the_own_counter(office: Office) -> None:
    dossier, other = ready(office), make_office("Ủy ban nhân dân xã Khác")
    with pytest.raises(DomainError) as error:
        collecting.notify_result(Seen(dossier.pk), CALLED, by=other.desk(other.clerk), at=MONDAY)
    assert error.value.code == "not_your_counter"
    endings.give_back(
        Seen(dossier.pk),
        Taking("Nguyễn Văn Ân", told=ResultNotice.Way.SPOKEN),
        by=office.desk(office.clerk),
        at=MONDAY,
    )
    with pytest.raises(DomainError) as error:
        tell(office, dossier)
    assert error.value.code == "wrong_state"


def test_an_early_return_asks_for_its_notice(
    office: Office, signed_in: Callable[..., Client]
) -> None:
    """R-79: the page of giving back says so until somebody was reached."""
    dossier, client = ready(office), signed_in(office.clerk)
    here = f"/tra-ket-qua/{dossier.code}/"
    warned = "chưa lưu lần báo nào"
    assert warned in text(client.get(here))
    address = f"{dossier.get_absolute_url()}bao-ket-qua/"
    typed = {"way": ResultNotice.Way.CALL, "told_to": "Nguyễn Văn Ân", "note": "Không nghe máy"}
    assert client.post(address, typed).status_code == 302
    assert warned in text(client.get(here))  # not reached
    assert client.post(address, typed | {"reached": "on"}).status_code == 302
    assert warned not in text(client.get(here))
    page = text(client.get(address))
    assert "chưa liên lạc được – Không nghe máy" in page
    assert client.post(address, typed | {"note": ""}).status_code == 422


def test_the_desk_counts_and_lists_what_nobody_was_told_of(
    office: Office, signed_in: Callable[..., Client], clock: Clock
) -> None:
    told, untold = ready(office), ready(office)
    tell(office, told)
    desk = office.desk(office.clerk)
    assert returning.counts(desk, MONDAY)["untold"] == 1
    found = returning.narrowed(desk, MONDAY, text="", only="chua-bao")
    assert list(found) == [untold]
    shown = text(signed_in(office.clerk).get("/tra-ket-qua/?loc=chua-bao"))
    assert untold.code in shown
    assert told.code not in shown


def test_the_clerks_are_reminded_once_a_week_by_age(office: Office) -> None:
    old, newer = ready(office), ready(office, MONDAY + timedelta(days=14))
    tell(office, old)
    assert uncollected.remind(MONDAY + timedelta(days=9)) == 0
    at = vn("04/01/2027 07:30")  # 42 and 28 days
    assert uncollected.remind(at) == 1
    assert uncollected.remind(at + timedelta(days=2)) == 0
    bell = Message.objects.get(kind="uncollected")
    assert bell.to_officer == office.clerk
    assert bell.subject == "Kết quả chờ người dân đến nhận từ 10 ngày: 2 hồ sơ"
    assert "trong đó 1 chờ từ 30 ngày; 1 chưa báo, nhắc lần nào" in bell.body
    assert bell.link.endswith("?loc=lau")
    assert uncollected.remind(at + timedelta(days=7)) == 1
    by = office.desk(office.clerk, at)
    for dossier in (old, newer):
        endings.give_back(Seen(dossier.pk), Taking("Nguyễn Văn Ân"), by=by, at=at)
    assert uncollected.remind(at + timedelta(days=14)) == 0
