"""What was handed in is told as files; what officers put beside it is not."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from dossiers.acts import endings, scanning
from dossiers.acts.many import Seen
from dossiers.models import Dossier, DossierPaper
from dossiers.models.money import FeeReceipt, ReceiptSeries, Way
from exchange.inbox import files
from exchange.models import IncomingFile
from exchange.outbox.beside import Beside
from exchange.outbox.peers import peers
from onestop.files.domain import attach, keep
from procedures.models import Paper
from tests.clock import MONDAY
from tests.exchange.sent import a_door, body_of, came, data_of
from tests.exchange.test_real_acts import SIGNED
from tests.exchange.world import Exchange, said
from tests.samples import a_pdf
from tests.world import IN_PERSON, make_case, make_office, receive

HOUR = timedelta(hours=1)


def test_papers_are_told_as_files(connected: Callable[..., Exchange], settings: Any) -> None:
    """R-13, R-15: what came with the dossier or on line, what was scanned, what an earlier result
    stands for; neither minutes nor what the taker signed.
    """
    exchange = connected("B", dossiers=0)
    office, case = make_office(), make_case("7 ngày làm việc")
    by = office.desk(office.clerk)
    settings.EXCHANGE_PEERS = [said("B", papers="https://kho.example/giay-to/")]
    dossier = receive(office, case, at=MONDAY)
    seen, later = Seen(dossier.pk), MONDAY + HOUR

    def put(name: str, **about: Any) -> str:
        about = {
            "kind": "dossier",
            "object_id": dossier.pk,
            "by": office.clerk,
            "at": later,
        } | about
        return attach(keep(a_pdf(name), name=name), **about).sha256

    def scan(name: str, *, signed: bool = False, at: Any = later) -> None:
        file = SimpleUploadedFile(name, a_pdf(name))
        scanning.add_scans(seen, [file], by=by, at=at, signed=signed)

    def told() -> dict[str, Any]:
        exchange.send()
        return exchange.remote.store.dossiers[dossier.code]

    assert (told()["TaiLieuNop"], told()["HoSoCoThanhPhanSoHoa"]) == ([], "0")
    put("to-khai.pdf", at=dossier.recorded_at)
    put("bo-sung.pdf", by=None)
    put("bien-ban.pdf")
    put("da-bo.pdf", kind="dossier-undone", by=None)
    scan("giay-khai-sinh.pdf")
    held = attach(
        keep(a_pdf("x"), name="kq-cu.pdf"), kind="result", object_id=0, by=office.clerk, at=later
    )
    DossierPaper.objects.filter(pk=dossier.papers.all()[0].pk).update(stored_file=held)
    endings.record_result(seen, SIGNED, by=by, at=later)
    papers = told()["TaiLieuNop"]
    assert [(one["TenTepDinhKem"], one["DuocTaiSuDung"]) for one in papers] == [
        ("to-khai.pdf", "0"),
        ("bo-sung.pdf", "0"),
        ("giay-khai-sinh.pdf", "0"),
        ("kq-cu.pdf", "1"),
    ]
    assert papers[-1] == {
        "TepDinhKemId": held.sha256,
        "TenTepDinhKem": "kq-cu.pdf",
        "DuocSoHoa": "1",
        "DuocTaiSuDung": "1",
        "DuongDanTaiTepTin": f"https://kho.example/giay-to/{held.sha256}",
    }
    assert (told()["HoSoCoThanhPhanSoHoa"], told()["ThongTinTra"]) == ("1", "")

    endings.finish(seen, by=by, at=MONDAY + 2 * HOUR, note="Sở ký")
    taker = endings.Taking(name=dossier.owner_name, told=IN_PERSON)
    endings.give_back(seen, taker, by=by, at=MONDAY + 3 * HOUR)
    scan("bien-nhan.pdf", signed=True, at=MONDAY + 4 * HOUR)
    assert told()["ThongTinTra"] == "Trực tiếp tại quầy"
    assert len(told()["TaiLieuNop"]) == len(papers)


def test_what_was_paid_on_line_is_told_as_the_installation_says(settings: Any) -> None:
    online = FeeReceipt(series=ReceiptSeries(symbol="AA"), number=1, fee=5, way=Way.ONLINE)

    def told(reference: str, **values: str) -> Any:
        online.reference = reference
        settings.EXCHANGE_PEERS = [said("B", values=values)]
        (peer,) = peers()
        fields = Beside(receipts={1: [online]}).fields(peer, Dossier(pk=1))
        return fields.get("DuocThanhToanTrucTuyen")

    both = {"DuocThanhToanTrucTuyen.online": "2", "DuocThanhToanTrucTuyen.other": "3"}
    # By hand as "Thanh toán trực tuyến", or of money that a platform told of.
    assert (told("", **both), told("GD1", **both), told("GD1")) == ("3", "2", None)


def test_the_code_of_a_paper_goes_back_to_whose_code_it_is(
    connected: Callable[..., Exchange], settings: Any, signed_in: Callable[..., Any]
) -> None:
    exchange = connected("B", dossiers=0)
    office, case = make_office(), make_case("7 ngày làm việc", papers=1)
    [paper] = Paper.objects.filter(case=case)
    content = base64.b64encode(a_pdf("x")).decode()
    sent = [
        {
            "TenTep": "to-khai.pdf", "Base64": content,
            "TenGiayTo": paper.name, "MaThanhPhanHoSo": "TP.01",
        },
    ]  # fmt: skip
    filing = came(a_door(), body_of(data_of(office, case, TaiLieuNop=sent)), MONDAY).filing
    assert filing is not None
    files.fetch_due(timezone.now)
    answer = signed_in(office.clerk).post(reverse("online_filing_accept", args=[filing.pk]))
    assert answer.status_code == 302
    dossier = Dossier.objects.get()

    def told(**peer: Any) -> Any:
        settings.EXCHANGE_PEERS = [said("B", **peer)]
        (one,) = peers()
        [paper] = Beside.of([dossier]).fields(one, dossier)["TaiLieuNop"]
        return paper.get("MaThanhPhanHoSo")

    exchange.send()
    [there] = exchange.remote.store.dossiers[dossier.code]["TaiLieuNop"]
    assert there["MaThanhPhanHoSo"] == "TP.01"
    assert (told(), told(door="cong"), told(door="doi-tac")) == ("TP.01", "TP.01", None)
    # The application itself comes under a name of the table's, which is no code.
    IncomingFile.objects.update(paper_code="TepDonDangKy")
    assert told() is None
