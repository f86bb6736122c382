"""A result on paper is digitised, and counts once another person has found it as the paper is
(TT 01/2023/TT-VPCP).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from dossiers.acts import digitising, endings, repairs
from dossiers.acts.digitising import Digitised
from dossiers.acts.endings import ResultIn
from dossiers.acts.many import Seen
from dossiers.acts.repairs import Wrong
from dossiers.acts.taking_back import take_back
from dossiers.desk.signed import WHOLE
from dossiers.intake.secrets import lookup_url
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Result
from dossiers.models.digitising import DigitisedPaper, is_valid
from dossiers.models.repairs import Correction
from exchange.outbox.beside import Beside
from exchange.outbox.peers import peers
from onestop.accounts.models import Role
from onestop.errors import Conflict, DomainError, sentence
from onestop.files.models import Attachment
from onestop.outbox.models import Message
from tests import keys
from tests.dossiers.pictures import picture
from tests.dossiers.returning.test_collecting import text
from tests.exchange.world import said
from tests.samples import a_pdf
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive

pytestmark = pytest.mark.django_db
PAPER = ResultIn(title="Giấy phép xây dựng", number="15/GPXD", issued_on=MONDAY.date(), signer="Lê Dũng")  # fmt: skip
YEAR = Digitised("Ủy ban nhân dân phường", "Xây nhà ở riêng lẻ", "Tại số 5 Trần Đăng Ninh", date(2027, 11, 23))  # fmt: skip


@pytest.fixture
def office() -> Office:
    return make_office()


def finished(office: Office, result: ResultIn = PAPER) -> Dossier:
    """Its result was signed on paper and lies at the counter."""
    return ended(office, receive(office, make_case()), result)


def ended(office: Office, dossier: Dossier, result: ResultIn = PAPER) -> Dossier:
    by = office.desk(office.clerk)
    endings.record_result(Seen(dossier.pk), result, by=by, at=MONDAY)
    endings.finish(Seen(dossier.pk), by=by, at=MONDAY, note="Ký trên giấy")
    return Dossier.objects.get(pk=dossier.pk)


def scan(name: str = "gp.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, a_pdf(name))


def digitised(
    office: Office, dossier: Dossier, what: Digitised = YEAR, *, checked: bool = True
) -> DigitisedPaper:
    seen, by = Seen(dossier.pk), office.desk(office.clerk)
    row = digitising.digitise_result(seen, scan(), what, by=by, at=MONDAY)
    if checked:
        by = office.desk(office.leader)
        row = digitising.check_digitised(seen, row.pk, agreed=True, by=by, at=MONDAY)
    return row


def opened(client: Client, address: str) -> int:
    """What a file answers with, closed again."""
    answer = client.get(address)
    answer.close()
    return answer.status_code


def refused(run: Callable[[], Any]) -> str:
    with pytest.raises(DomainError) as error:
        run()
    assert sentence(error.value)
    return error.value.code


def test_scans_that_wait_to_be_checked_are_listed_to_their_end(
    office: Office, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = [digitised(office, finished(office), checked=False).pk for _ in range(2)]
    monkeypatch.setattr("dossiers.desk.scans.TO_CHECK", 1)
    clerk = signed_in(office.clerk)
    first = clerk.get("/so-hoa/")
    second = clerk.get(first.context["next_to_check"])
    shown = [row.pk for page in (first, second) for row in page.context["to_check"]]
    assert (shown, second.context["next_to_check"]) == (waiting, "")


def test_the_scan_of_a_signed_paper_gets_a_code_and_is_checked_by_another(office: Office) -> None:
    dossier, clerk, leader = finished(office), office.desk(office.clerk), office.desk(office.leader)
    seen = Seen(dossier.pk)
    other = make_office("Ủy ban nhân dân xã Khác")

    def make(what: Digitised = YEAR, by: Any = clerk) -> DigitisedPaper:
        return digitising.digitise_result(seen, scan(), what, by=by, at=MONDAY)

    def check(pk: int, *, agreed: bool, words: str = "", by: Any = leader) -> DigitisedPaper:
        return digitising.check_digitised(seen, pk, agreed=agreed, words=words, by=by, at=MONDAY)

    # Neither half a year nor anything else is put in for what nobody said.
    assert refused(lambda: make(replace(YEAR, valid_to=None))) == "digitised_validity"
    assert refused(lambda: make(replace(YEAR, permanent=True))) == "digitised_validity"
    assert refused(lambda: make(replace(YEAR, scope=" "))) == "digitised_words"
    assert refused(lambda: make(replace(YEAR, valid_to=date(2026, 11, 22)))) == "digitised_before"
    assert refused(lambda: make(by=other.desk(other.clerk))) == "not_holder"
    stood = picture(dossier)
    first = make()
    assert first.code == f"{dossier.code}.KQ1"
    assert refused(make) == "digitised_none"
    assert refused(lambda: check(first.pk, agreed=False)) == "reason_missing"
    assert refused(lambda: check(first.pk, agreed=True, by=clerk)) == "role_missing"
    take_back(seen, by=clerk, at=MONDAY)
    assert picture(dossier) == stood
    # A code that was given once is given to no other scan.
    second = make()
    assert second.code == f"{dossier.code}.KQ2"
    check(second.pk, agreed=False, words="Thiếu trang 2")
    assert not DigitisedPaper.objects.counting().exists()
    told = Message.objects.get(kind="digitised_refused")
    assert told.to_officer == office.clerk
    assert "Thiếu trang 2" in told.body
    third = make(by=leader)
    assert refused(lambda: check(third.pk, agreed=True)) == "own_digitised"
    assert refused(lambda: check(second.pk, agreed=True)) == "digitised_checked"
    check(third.pk, agreed=True, by=office.desk(office.head))
    assert DigitisedPaper.objects.counting().get() == third
    assert {one.what for one in verify(now=MONDAY).misfits} == set()
    with pytest.raises(IntegrityError), transaction.atomic():
        DigitisedPaper.objects.filter(pk=second.pk).update(stage=1)


def test_two_at_once_make_one(office: Office) -> None:
    dossier, by = finished(office), office.desk(office.clerk)
    seen = Seen(dossier.pk, dossier.row_version)
    digitising.digitise_result(seen, scan(), YEAR, by=by, at=MONDAY)
    with pytest.raises(Conflict):
        digitising.digitise_result(seen, scan(), YEAR, by=by, at=MONDAY)
    assert DigitisedPaper.objects.count() == 1


def test_what_is_no_signed_paper_is_not_digitised(office: Office) -> None:
    by = office.desk(office.clerk)
    signed = finished_electronic(office)
    assert refused(lambda: digitised(office, signed)) == "digitised_none"
    refusal = finished(office, ResultIn(kind=Result.Kind.REFUSED, reason="Không đủ điều kiện"))
    assert refused(lambda: digitised(office, refusal)) == "digitised_none"
    open_one = receive(office, make_case())
    endings.record_result(Seen(open_one.pk), PAPER, by=by, at=MONDAY)
    assert refused(lambda: digitised(office, open_one)) == "wrong_state"


def finished_electronic(office: Office) -> Dossier:
    """As if it had been approved and signed electronically."""
    dossier = finished(office)
    Result.objects.filter(dossier=dossier).update(electronic=True)
    return dossier


def test_its_last_day_belongs_to_it() -> None:
    last = date(2027, 11, 23)
    assert is_valid(last, last)
    assert not is_valid(last, date(2027, 11, 24))
    assert is_valid(None, date(2127, 1, 1))


def test_the_owner_fetches_it_and_a_correction_takes_it_out_of_use(office: Office) -> None:
    dossier = finished(office)
    row = digitised(office, dossier, checked=False)
    address = lookup_url(dossier)
    assert row.code not in text(Client().get(address))
    seen, leader = Seen(dossier.pk), office.desk(office.leader)
    digitising.check_digitised(seen, row.pk, agreed=True, by=leader, at=MONDAY)
    shown = text(Client().get(address))
    assert f"{row.code}</strong>" in shown
    assert "có hiệu lực đến hết ngày 23/11/2027" in shown
    assert "đề nghị Ông/Bà đến nhận." in shown  # the paper is there still
    secret = address.partition("?")[2]
    file = f"/tra-cuu/{dossier.code}/ket-qua/{row.file_id}/?{secret}"
    assert opened(Client(), file) == 200
    assert opened(Client(), file + "0") == 404
    copy = Wrong("Nguyễn Văn Ân", MONDAY.date(), "Sai tên", Correction.OldCopy.HERE, True, "Phòng")
    repairs.correct_result(seen, copy, replace(PAPER, number="16/GPXD"), by=leader, at=MONDAY)
    assert row.code not in text(Client().get(address))
    assert opened(Client(), file) == 404
    assert digitised(office, dossier).code == f"{dossier.code}.KQ2"


def test_peers_are_told_of_a_copy_that_counts(office: Office, settings: Any) -> None:
    """The file once it was checked; what it is to a peer that says how it calls it."""
    settings.EXCHANGE_PEERS = [said("B", values={"LoaiSoHoa.result": "1"})]
    (peer,) = peers()
    dossier = finished(office)
    row = digitised(office, dossier, checked=False)

    def told() -> Any:
        (line,) = Beside.of([dossier]).fields(peer, dossier)["DanhSachGiayToKetQua"]
        return line

    assert told() == {"TenGiayTo": PAPER.title, "SoKyHieu": PAPER.number}
    by = office.desk(office.leader)
    digitising.check_digitised(Seen(dossier.pk), row.pk, agreed=True, by=by, at=MONDAY)
    line = told()
    assert line["GiayToId"] == Attachment.objects.get(pk=row.file_id).sha256
    assert (line["LoaiSoHoa"], line["Ma"]) == ("1", row.code)
    assert (line["ThoiHanHieuLuc"], line["ThoiHanVinhVien"]) == ("20271123", "0")
    assert line["PhamViHieuLuc"] == YEAR.scope


def test_the_pages_lead_from_one_to_the_other(
    office: Office, signed_in: Callable[..., Client]
) -> None:
    dossier = finished(office)
    page, address = dossier.get_absolute_url(), f"{dossier.get_absolute_url()}so-hoa/"
    clerk = signed_in(office.clerk)
    assert "Số hóa kết quả" in text(clerk.get(page))
    form = clerk.get(address).context["form"]
    assert (form["valid_to"].value(), form["permanent"].value()) == (None, None)
    sent = {
        "seen": dossier.row_version,
        "abstract": YEAR.abstract,
        "issuer": YEAR.issuer,
        "scope": YEAR.scope,
    }
    assert clerk.post(address, sent | {"file": scan()}).status_code == 422
    done = clerk.post(address, sent | {"file": scan(), "valid_to": "23/11/2027"}, follow=True)
    assert "chờ kiểm tra" in text(done)
    assert "Đã số hóa kết quả" in text(done)
    assert clerk.get(address).status_code == 403
    # Whoever may check it finds it, at this agency.
    other = make_office("Ủy ban nhân dân xã Khác")
    writers = [
        make_officer(f"Văn Thư {one.agency.pk}", one.agency, (Role.DOCUMENTS, None))
        for one in (office, other)
    ]
    for officer, sees in zip((*writers, office.head, office.clerk), (1, 0, 1, 1), strict=True):
        rows = signed_in(officer).get("/so-hoa/").context["to_check"]
        assert [row.dossier_id for row in rows] == [dossier.pk] * sees
    leader = signed_in(office.leader)
    assert "Kiểm tra bản số hóa" in text(leader.get(page))
    shown = text(leader.get(f"{address}kiem-tra/"))
    assert f"{dossier.code}.KQ1" in shown
    dossier.refresh_from_db()
    sent = {"seen": dossier.row_version, "dung": ""}
    done = leader.post(f"{address}kiem-tra/", sent, follow=True)
    assert "Đã xác nhận" in text(done)
    assert "chờ kiểm tra" not in text(done)
    stranger = signed_in(other.clerk)
    assert (
        stranger.get(address).status_code == stranger.get(f"{address}kiem-tra/").status_code == 404
    )


def test_the_scan_that_the_agency_signs_counts_at_once(
    office: Office, tmp_path: Path, settings: Any
) -> None:
    """Where a key is set: what was signed is the check."""
    keys.prepared(tmp_path, settings)
    dossier, by = finished(office), office.desk(office.clerk)
    row = digitising.digitise_result(Seen(dossier.pk), scan(), YEAR, sign=True, by=by, at=MONDAY)
    assert (row.stage, row.checked_by, row.checked_at) == (row.Stage.APPROVED, None, MONDAY)
    assert row.file.signature in WHOLE
    assert DigitisedPaper.objects.counting().get() == row
    assert {one.what for one in verify(now=MONDAY).misfits} == set()
