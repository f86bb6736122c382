"""Results that nobody fetches: by age and notices, put to the archive by the office's rule, given back all
the same (R-78, R-120).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from dossiers.acts import archiving, collecting, endings
from dossiers.acts.collecting import Telling
from dossiers.acts.endings import Taking
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.clock import uncollected as reminding
from dossiers.desk import lookup, returning, uncollected
from dossiers.intake.secrets import lookup_url
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, OfficeSettings
from dossiers.models.collecting import ResultArchive, ResultNotice
from dossiers.models.post import PostalItem, PostalNote
from onestop.errors import DomainError, sentence
from onestop.outbox.models import Message
from tests.clock import Clock
from tests.dossiers.pictures import picture
from tests.dossiers.returning.test_collecting import ready, tell, text
from tests.dossiers.test_office import GIVEN, administrator_of
from tests.world import MONDAY, Office, make_office, vn

pytestmark = pytest.mark.django_db
LATE = vn("08/03/2027 09:00")  # 105 days
SILENT = Telling(ResultNotice.Way.CALL, "Nguyễn Văn Ân", False, "Không nghe máy")


@pytest.fixture
def office() -> Office:
    return make_office()


def rule(office: Office, days: int = 90) -> None:
    OfficeSettings.objects.update_or_create(agency=office.agency, defaults={"archive_after": days})


def archive(
    office: Office, dossier: Dossier, at: datetime = LATE, place: str = "Kho, hộp 12"
) -> Any:
    by = office.desk(office.clerk, at)
    return archiving.archive_result(Seen(dossier.pk), place=place, by=by, at=at)


def refused(run: Callable[[], Any]) -> str:
    with pytest.raises(DomainError) as error:
        run()
    assert sentence(error.value)
    return error.value.code


def test_the_rule_of_the_office_says_when(office: Office) -> None:
    dossier = ready(office)
    assert refused(lambda: archive(office, dossier)) == "archive_no_rule"
    rule(office, 120)
    assert refused(lambda: archive(office, dossier)) == "archive_early"
    rule(office)
    assert refused(lambda: archive(office, dossier, place=" ")) == "archive_place"
    assert refused(lambda: archive(office, dossier)) == "archive_untold"
    tell(office, dossier, SILENT, vn("01/03/2027 09:00"))
    tell(office, dossier, SILENT, vn("02/03/2027 09:00"))
    assert refused(lambda: archive(office, dossier)) == "archive_close"
    tell(office, dossier, SILENT, vn("03/03/2027 09:00"))
    stood = picture(dossier)
    row = archive(office, dossier)
    assert (row.days, row.notices, row.archived_by) == (105, 3, office.clerk)
    assert refused(lambda: archive(office, dossier)) == "archive_twice"
    take_back(Seen(dossier.pk), by=office.desk(office.clerk, LATE), at=LATE)
    assert picture(dossier) == stood
    archive(office, dossier)
    assert verify(now=LATE).misfit is None
    other = make_office("Ủy ban nhân dân xã Khác")
    stranger = ready(office)
    by = other.desk(other.clerk, LATE)
    seen = Seen(stranger.pk)
    code = refused(lambda: archiving.archive_result(seen, place="Kho", by=by, at=LATE))
    assert code == "not_your_counter"


def test_what_is_archived_leaves_the_desk_and_is_still_given_back(
    office: Office, signed_in: Callable[..., Client], clock: Clock
) -> None:
    rule(office)
    dossier, waits = ready(office), ready(office)
    for day in ("01/03/2027 09:00", "03/03/2027 09:00"):
        tell(office, dossier, SILENT, vn(day))
    clock.now = LATE
    desk = office.desk(office.clerk, LATE)
    client = signed_in(office.clerk)
    chosen = {"chon": [f"{one.pk}.{one.row_version}" for one in Dossier.objects.all()]}
    page = text(client.post("/viec/lam/chuyen-luu-tru/", chosen))
    assert "Mới báo 0 lần" in page
    client.post("/viec/lam/chuyen-luu-tru/", chosen | {"lam": "1", "place": "Kho, hộp 12"})
    assert [row.dossier for row in ResultArchive.objects.standing()] == [dossier]
    # Off the desk and its counts, but a scan finds it, and the page says where it lies.
    assert list(returning.narrowed(desk, LATE, text="", only="")) == [waits]
    assert returning.counts(desk, LATE)["all"] == 1
    assert list(uncollected.waiting(desk, office.agency.pk, LATE)) == [waits]
    assert reminding.remind(LATE) == 1
    assert "1 hồ sơ" in Message.objects.get(kind="uncollected").subject
    found = client.get("/tra-ket-qua/", {"q": dossier.code})
    assert found["Location"] == f"/tra-ket-qua/{dossier.code}/"
    assert "lấy ở <strong>Kho, hộp 12</strong>" in text(client.get(found["Location"]))
    assert "đã chuyển lưu trữ 08/03/2027: Kho, hộp 12" in text(
        client.get(dossier.get_absolute_url())
    )
    told = lookup.full(dossier.code)
    assert told is not None
    assert told.archived is not None
    assert told.archived["place"] == "Kho, hộp 12"
    assert "Ông/Bà vẫn được nhận" in text(Client().get(lookup_url(told.dossier)))
    listed = text(client.get("/tra-ket-qua/luu-tru/"))
    assert f">{dossier.code}</a>" in listed
    paper = client.get("/tra-ket-qua/luu-tru/bien-ban.pdf", {"ngay": "08/03/2027"})
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    nothing = client.get("/tra-ket-qua/luu-tru/bien-ban.pdf", {"ngay": "09/03/2027"}, follow=True)
    assert "Ngày này không chuyển kết quả nào" in text(nothing)
    by = office.desk(office.clerk, LATE)
    endings.give_back(Seen(dossier.pk), Taking("Nguyễn Văn Ân"), by=by, at=LATE)
    assert "đã trả 08/03/2027" in text(client.get("/tra-ket-qua/luu-tru/"))


def test_the_list_goes_by_age_and_by_notices(
    office: Office,
    signed_in: Callable[..., Client],
    clock: Clock,
    django_assert_num_queries: Any,
) -> None:
    """Older than 30 days is older: on the thirtieth day it is not."""
    old, newer = ready(office), ready(office, vn("05/02/2027 09:00"))  # 105 and 31 days
    edge, fresh = ready(office, vn("06/02/2027 09:00")), ready(office, vn("05/03/2027 09:00"))
    tell(office, old, SILENT, vn("01/03/2027 09:00"))
    tell(office, old, at=vn("03/03/2027 09:00"))
    clock.now = LATE
    desk = office.desk(office.clerk, LATE)
    rows = uncollected.waiting(desk, office.agency.pk, LATE)
    assert set(rows) == {old, newer, edge}
    counted = {"": 3, "30": 2, "60": 1, "90": 1, "6t": 0, "1n": 0}
    assert uncollected.counts(rows, LATE) == counted
    for told, wanted in {"0": {newer, edge}, "1": set(), "2": {old}, "3": set()}.items():
        assert set(uncollected.narrowed(rows, LATE, age="", told=told)) == wanted, told
    half = LATE + timedelta(days=80)
    assert uncollected.counts(rows, half)["6t"] == 1
    with django_assert_num_queries(2):
        page = uncollected.page(rows, LATE, "")
    assert [(one.dossier, one.days, len(one.notices)) for one in page.rows] == [
        (old, 105, 2), (newer, 31, 0), (edge, 30, 0),
    ]  # fmt: skip
    client = signed_in(office.clerk)
    shown = text(client.get("/tra-ket-qua/chua-nhan/"))
    assert "lần cuối 03/03/2027: gọi điện thoại" in shown
    assert f'href="/ho-so/{old.code}/bao-ket-qua/"' in shown
    assert "Báo lần 3" in shown
    assert fresh.code not in shown
    only = text(client.get("/tra-ket-qua/chua-nhan/?tuoi=90&bao=2"))
    assert old.code in only
    assert newer.code not in only
    # Who oversees sees it without the buttons of the counter.
    seen = text(signed_in(office.controller).get("/tra-ket-qua/chua-nhan/?tuoi=la"))
    assert old.code in seen
    assert "Báo lần 3" not in seen


def test_a_notice_goes_out_as_e_mail(office: Office, signed_in: Callable[..., Client]) -> None:
    dossier = ready(office)
    said = Telling(ResultNotice.Way.EMAIL, "Nguyễn Văn Ân", True, "Đến cửa số 3")
    assert refused(lambda: tell(office, dossier, said)) == "notice_no_email"
    client, address = signed_in(office.clerk), f"{dossier.get_absolute_url()}bao-ket-qua/"
    typed = {"way": said.way, "told_to": said.told_to, "reached": "on"}
    assert "không có thư điện tử" in text(client.post(address, typed))
    Dossier.objects.filter(pk=dossier.pk).update(email="an@example.vn")
    tell(office, dossier, Telling(ResultNotice.Way.CALL, "Nguyễn Văn Ân"))
    tell(office, dossier, said)
    letter = Message.objects.get(kind="result_ready")
    assert (letter.to_email, letter.to_officer) == ("an@example.vn", None)
    assert letter.subject == f"Nhắc nhận kết quả: hồ sơ {dossier.code}"
    assert "Đến cửa số 3" in letter.body
    assert collecting.was_told(dossier)


def test_the_office_says_after_how_many_days(
    office: Office, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(administrator_of(office))
    page = client.post("/quan-tri/mot-cua/", GIVEN | {"archive_after": "20"})
    assert "Ít nhất 30 ngày" in text(page)
    client.post("/quan-tri/mot-cua/", GIVEN | {"archive_after": "90"})
    assert OfficeSettings.objects.get().archive_after == 90
    client.post("/quan-tri/mot-cua/", GIVEN | {"archive_after": ""})
    assert OfficeSettings.objects.get().archive_after == 0


def test_what_the_office_owes_to_the_post_is_not_archived(
    office: Office, clock: Clock, django_assert_num_queries: Any
) -> None:
    """Not before the post brought it back (R-119); then the look-up says where it lies. Asked of many it
    costs what it does of one.
    """
    rule(office)
    found = [ready(office) for _ in range(3)]
    Dossier.objects.update(return_by_post=True)
    for one in found:
        for day in ("01/03/2027 09:00", "03/03/2027 09:00"):
            tell(office, one, SILENT, vn(day))
    assert refused(lambda: archive(office, found[0])) == "archive_post"
    clock.now = LATE
    for some in (found[:1], found):
        rows = list(Dossier.objects.filter(pk__in=[one.pk for one in some]))
        with django_assert_num_queries(6):
            assert len(archiving.refused(rows, LATE)) == len(some)
    note = PostalNote.objects.create(
        agency=office.agency,
        way=PostalNote.Way.OUT,
        number=1,
        year=2027,
        made_by=office.clerk,
        made_at=MONDAY,
    )
    PostalItem.objects.create(
        dossier=found[0],
        agency=office.agency,
        note=note,
        position=1,
        number="E1",
        papers="Kết quả",
        payer=PostalItem.Payer.AGENCY,
        given_at=MONDAY,
        back_at=LATE,
    )
    archive(office, found[0])
    public = text(Client().get(lookup_url(found[0])))
    assert "đã chuyển lưu trữ ngày 08/03/2027" in public
    assert "được gửi về địa chỉ" not in public
