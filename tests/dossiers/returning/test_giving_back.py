"""What giving a result back keeps and proves: the taker's signature on a receipt (R-78), and a notice
that went before an early return (R-79).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dossiers.acts import endings, scanning
from dossiers.acts.collecting import Telling
from dossiers.acts.endings import Taking
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Event, Return, Slip
from dossiers.models.collecting import ResultNotice
from dossiers.slips import issuing
from dossiers.states import State
from onestop.errors import DomainError, sentence
from tests.clock import Clock
from tests.dossiers.pictures import picture
from tests.dossiers.returning.test_collecting import ready, tell
from tests.samples import PDF
from tests.world import IN_PERSON, MONDAY, Office, make_office, vn

pytestmark = pytest.mark.django_db
SIGNED = Return.Signature.RECEIPT


@pytest.fixture
def office() -> Office:
    return make_office()


def give(office: Office, dossier: Dossier, at: datetime = MONDAY, **said: Any) -> Return:
    by = office.desk(office.clerk, at)
    return endings.give_back(Seen(dossier.pk), Taking("Nguyễn Văn Ân", **said), by=by, at=at)


def text(html: str) -> str:
    return " ".join(html.split())


def test_the_receipt_says_who_took_what_when_from_whom_and_both_sign(office: Office) -> None:
    """R-78: frozen with the return, taken back with it."""
    dossier = ready(office)
    stood = picture(dossier)
    row = give(office, dossier, signature=SIGNED, told=IN_PERSON, identity="001190777777")
    slip = Slip.objects.get(slug="tra-ket-qua")
    html = text(issuing.html(slip))
    for said in (
        "BIÊN NHẬN TRẢ KẾT QUẢ", dossier.code, "Nguyễn Văn Ân</strong> (chủ hồ sơ)", "001190777777",
        "Giấy, số 1, ngày 23 tháng 11 năm 2026", "người ký: Tuấn", "09 giờ 00 phút, ngày 23 tháng 11",
        "Đã báo trước khi trả sớm hơn ngày hẹn: báo trực tiếp", "NGƯỜI NHẬN KẾT QUẢ",
        "NGƯỜI TRẢ KẾT QUẢ", office.clerk.full_name,
    ):  # fmt: skip
        assert said in html
    assert (row.signature, slip.made_by, slip.made_at) == (SIGNED, office.clerk, MONDAY)
    assert verify(now=MONDAY).misfit is None
    take_back(Seen(dossier.pk), by=office.desk(office.clerk), at=MONDAY)
    assert picture(dossier) == stood
    slip.refresh_from_db()
    assert slip.undone_at == MONDAY
    assert not ResultNotice.objects.standing().exists()
    assert verify(now=MONDAY).misfit is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"signature": Return.Signature.BOOK}, Return.Signature.BOOK),
        ({"way": Return.Way.POST, "post_number": "EB1"}, Return.Signature.POST),
        ({"way": Return.Way.ONLINE, "signature": SIGNED}, Return.Signature.ONLINE),
        ({"signature": Return.Signature.NONE, "note": "Run tay"}, Return.Signature.NONE),
    ],
)
def test_what_is_signed_elsewhere_makes_no_receipt(
    office: Office, said: dict[str, Any], kept: int
) -> None:
    """R-78: the record says where the signature stands, or why there is none."""
    assert give(office, ready(office), told=IN_PERSON, **said).signature == kept
    assert not Slip.objects.filter(slug="tra-ket-qua").exists()


def test_who_does_not_sign_is_told_of_with_a_reason(office: Office) -> None:
    with pytest.raises(DomainError) as error:
        give(office, ready(office), told=IN_PERSON, signature=Return.Signature.NONE)
    assert (error.value.code, error.value.field) == ("not_signed_why", "note")


def test_an_early_return_without_a_notice_is_refused_and_says_what_to_do(office: Office) -> None:
    """R-79: also where nobody was reached; told in the same press it is kept with the return."""
    dossier = ready(office)
    tell(
        office, dossier, Telling(ResultNotice.Way.CALL, "Ân", reached=False, note="Không nghe máy")
    )
    with pytest.raises(DomainError) as error:
        give(office, dossier)
    assert (error.value.code, error.value.field) == ("early_untold", "notice")
    said = sentence(error.value)
    assert "03/12/2026" in said
    assert "Báo trực tiếp" in said
    assert not Return.objects.exists()
    give(office, dossier, told=ResultNotice.Way.SPOKEN)
    row = ResultNotice.objects.latest("pk")
    assert (row.way, row.told_to, row.reached, row.early, row.told_by, row.told_at) == (
        ResultNotice.Way.SPOKEN, "Nguyễn Văn Ân", True, True, office.clerk, MONDAY,
    )  # fmt: skip
    assert list(Event.objects.filter(dossier=dossier).values_list("kind", flat=True))[-2:] == [
        "notify_result", "give_back",
    ]  # fmt: skip
    assert Dossier.objects.get(pk=dossier.pk).state == State.RETURNED


@pytest.mark.parametrize("way", [Return.Way.POST, Return.Way.ONLINE])
def test_nobody_came_to_the_counter_for_what_is_sent(office: Office, way: int) -> None:
    """R-79: the notice says nothing of a visit where the result goes by post or online."""
    dossier = ready(office)
    give(office, dossier, told=ResultNotice.Way.SPOKEN, way=way, post_number="EB1")
    row = ResultNotice.objects.get()
    assert (row.told_to, row.note) == (dossier.owner_name, "")


@pytest.mark.parametrize("at", [vn("03/12/2026 09:00"), vn("20/12/2026 09:00")])
def test_on_the_day_and_later_nothing_more_is_asked(office: Office, at: datetime) -> None:
    give(office, ready(office), at, told=IN_PERSON)
    assert not ResultNotice.objects.exists()


def test_who_was_called_before_is_asked_nothing_more(office: Office) -> None:
    dossier = ready(office)
    tell(office, dossier)
    give(office, dossier)
    assert ResultNotice.objects.count() == 1


def test_a_citizen_at_the_counter_is_served_in_one_press(
    office: Office, signed_in: Callable[..., Client], clock: Clock
) -> None:
    """R-79, R-78: refused without the notice, nothing typed lost; with it, notice and receipt in one."""
    dossier, client = ready(office), signed_in(office.clerk)
    here = f"/tra-ket-qua/{dossier.code}/"
    assert "Báo trước khi trả" in text(client.get(here).content.decode())
    sent = {"seen": dossier.row_version, "taker": 1, "name": "Nguyễn Văn Ân", "way": 1}
    sent |= {"signature": 1, "note": "Có mặt cả hai vợ chồng"}
    refused = client.post(here, sent)
    assert refused.status_code == 422
    shown = text(refused.content.decode())
    assert "mà chưa lưu lần báo nào. Hãy báo người nộp" in shown
    assert "Có mặt cả hai vợ chồng" in shown
    page = client.post(here, sent | {"notice": 4}, follow=True).content.decode()
    assert f"Đã trả kết quả hồ sơ {dossier.code}" in page
    assert f"/ho-so/{dossier.code}/phieu/tra-ket-qua/?so=1&amp;in=1" in page
    told = text(client.get(dossier.get_absolute_url()).content.decode())
    assert "Người nhận: ký biên nhận trả kết quả" in told
    assert "Báo trước khi trả sớm hơn ngày hẹn: báo trực tiếp" in told


def test_many_early_ones_ask_once_for_all(
    office: Office, signed_in: Callable[..., Client], clock: Clock
) -> None:
    """R-79: two of three were told of nothing; the third keeps the notice that it has."""
    dossiers, client = [ready(office) for _ in range(3)], signed_in(office.clerk)
    tell(office, dossiers[0])
    for one in dossiers:
        one.refresh_from_db()
    sent = {"chon": [f"{one.pk}.{one.row_version}" for one in dossiers], "lam": "1"}
    sent |= {"taker": "1", "way": "1", "signature": "2"}
    refused = client.post("/viec/lam/tra-ket-qua/", sent)
    assert refused.status_code == 422
    assert "2 hồ sơ đã chọn có kết quả trước ngày hẹn" in refused.content.decode()
    page = client.post("/viec/lam/tra-ket-qua/", sent | {"notice": "1"}, follow=True)
    assert "Đã xong 3 / 3" in page.content.decode()
    ways = ResultNotice.objects.order_by("dossier").values_list("dossier", "way")
    assert dict(ways) == {one.pk: ResultNotice.Way.CALL for one in dossiers}


def test_what_was_signed_may_be_scanned_afterwards(
    office: Office, signed_in: Callable[..., Client], clock: Clock
) -> None:
    """R-78: the return knows whether the signed receipt is scanned; before there is none to scan."""
    dossier, client = ready(office), signed_in(office.clerk)
    there = f"{dossier.get_absolute_url()}ban-quet/"
    assert "đã ký" not in client.get(there).content.decode()
    scan = SimpleUploadedFile("bien-nhan.pdf", PDF)
    by = office.desk(office.clerk)
    with pytest.raises(DomainError, match="signed_what"):
        scanning.add_scans(Seen(dossier.pk), [scan], by=by, at=MONDAY, signed=True)
    give(office, dossier, signature=SIGNED, told=IN_PERSON)
    assert "biên nhận trả kết quả (hoặc trang sổ) đã ký" in client.get(there).content.decode()
    sent = {"file": SimpleUploadedFile("bien-nhan.pdf", PDF), "signed": "on", "reason": ""}
    assert client.post(there, sent).status_code == 302
    told = text(client.get(dossier.get_absolute_url()).content.decode())
    assert "Người nhận: ký biên nhận trả kết quả, đã quét bản ký." in told
    assert "Có biên nhận trả kết quả đã ký" in told
