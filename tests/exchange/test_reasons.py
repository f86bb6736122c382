"""A dossier that ends without what was asked for, and a promise that moves, say why at the peer too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from dossiers.acts import apology, endings, re_appointment
from dossiers.acts.endings import EndingIn, ResultIn
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.models import Dossier, Ending, Result, Slip
from exchange.outbox.reasons import Reasons
from exchange.outbox.spelling import written
from onestop.files.domain import attach, keep
from onestop.templatetags.formatting import day_words
from onestop.worktime import parse_term
from tests.clock import MONDAY
from tests.exchange.world import Exchange, said
from tests.samples import a_pdf
from tests.world import make_case, make_office, receive

HOUR = timedelta(hours=1)


def test_the_row_of_another_act_gives_no_reason() -> None:
    """Tables count alike: what is sent in the same round with that number is of another dossier."""
    reasons = Reasons(rows={Ending: {5: Ending(reason="Không cần nữa")}})
    assert reasons.words({"kind": "withdraw", "row": 5}) == "Không cần nữa"
    assert reasons.words({"kind": "take_fee", "row": 5}) == ""
    assert reasons.words({"kind": "extend", "row": 5}) == ""


def test_who_is_refused_stopped_or_waits_longer_reads_why(
    connected: Callable[..., Exchange], settings: Any
) -> None:
    """Statuses 9 and 8 need their paper and their reason (legal fact base 5.4)."""
    exchange = connected("B", dossiers=0)
    office, case = make_office(), make_case("7 ngày làm việc")
    clerk, leader = office.desk(office.clerk), office.desk(office.leader)
    settings.EXCHANGE_PEERS = [said("B")]
    refused, stopped, later = (receive(office, case, at=MONDAY) for _ in range(3))

    def there(dossier: Dossier) -> dict[str, Any]:
        exchange.send()
        return exchange.remote.store.dossiers[dossier.code]

    def step(dossier: Dossier) -> str:
        exchange.send()
        return exchange.remote.store.steps[dossier.code][-1][2]

    refusal = ResultIn(kind=Result.Kind.REFUSED, reason="Không đủ điều kiện theo Điều 5")
    seen = Seen(refused.pk)
    endings.record_result(seen, refusal, by=clerk, at=MONDAY + HOUR)
    # Nobody has approved it: it is none yet.
    assert (there(refused)["DanhSachGiayToKetQua"], there(refused)["GhiChu"]) == ([], "")
    assert step(refused) == "Nhập kết quả"
    endings.finish(seen, by=clerk, at=MONDAY + 2 * HOUR, note="Lãnh đạo ký giấy")
    told = there(refused)
    slip = Slip.objects.get(dossier=refused, slug="tu-choi")
    paper = {
        "TenGiayTo": "Thông báo từ chối giải quyết hồ sơ",
        "SoKyHieu": slip.snapshot["form"]["serial"].format(n=slip.number),
    }
    assert (told["TrangThaiHoSo"], told["DanhSachGiayToKetQua"]) == ("9", [paper])
    assert told["NgayTuChoi"] == written(MONDAY + 2 * HOUR)
    assert told["GhiChu"] == "Không đủ điều kiện theo Điều 5"
    assert step(refused) == "Xử lý xong: Không đủ điều kiện theo Điều 5"
    # Once form 03 is drawn it goes with it; taken back, nothing of it is told.
    drawn = attach(keep(a_pdf(), name="tu-choi.pdf"), kind="slip", object_id=slip.pk, by=None)
    Slip.objects.filter(pk=slip.pk).update(pdf=drawn)
    exchange.tell((refused, 9))
    [told] = there(refused)["DanhSachGiayToKetQua"]
    assert f"/trao-doi/tep/{drawn.sha256}/" in told.pop("DuongDanTepTinKetQua")
    assert told == paper | {"GiayToId": drawn.sha256, "TenTepDinhKem": "tu-choi.pdf"}
    take_back(seen, by=clerk, at=MONDAY + 3 * HOUR)
    told = there(refused)
    assert (told["DanhSachGiayToKetQua"], told["NgayTuChoi"], told["GhiChu"]) == ([], "", "")

    decided = EndingIn(
        "",
        "Người nộp không thực hiện nghĩa vụ",
        decision_number="12/QĐ-UBND",
        signer="Lê Văn Chủ",
        fee_consequence="Không thu",
    )
    endings.stop(Seen(stopped.pk), decided, by=leader, at=MONDAY + HOUR)
    why = "Người nộp không thực hiện nghĩa vụ (quyết định số 12/QĐ-UBND)"
    assert (there(stopped)["TrangThaiHoSo"], there(stopped)["GhiChu"]) == ("8", why)
    assert step(stopped) == f"Dừng giải quyết: {why}"
    take_back(Seen(stopped.pk), by=leader, at=MONDAY + 2 * HOUR)
    assert there(stopped)["GhiChu"] == ""

    before = later.due_at
    re_appointment.re_appoint(
        Seen(later.pk), extra=parse_term("2 ngày làm việc"), reason="Chờ xác minh", by=leader, at=MONDAY + HOUR
    )  # fmt: skip
    later.refresh_from_db()
    days = f"ngày hẹn trả cũ: {day_words(before)}; ngày hẹn trả mới: {day_words(later.due_at)}"
    assert step(later) == f"Xin lỗi và hẹn lại ngày trả: Chờ xác minh ({days})"
    apology.apologise(Seen(later.pk), reason="Máy hỏng", by=leader, at=MONDAY + 2 * HOUR)
    assert step(later) == f"Xin lỗi: Máy hỏng (ngày hẹn trả: {day_words(later.due_at)})"
