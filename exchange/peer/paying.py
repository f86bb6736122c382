"""The payment platform as the recorded peer plays it: the four messages, and what real ones do of their
own accord (the same twice, another amount, late, out of order).
"""

from __future__ import annotations

import base64
import io
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import orjson
from pypdf import PdfWriter

from exchange.paying.contract import PAID_CODE, SIGNATURE, signature_of, signed
from exchange.peer.filing import is_taken
from exchange.peer.plays import ODD_WORD, WRONG, at_once

PAGE = "/thanh-toan/"


@dataclass
class Platform:
    """`requests`: what was asked for, by its reference; `paid`: what it confirmed of each, in the
    order it came. `url`: where payers are sent to; `odd`: of which it says what nobody understands.
    """

    secret: str
    partner: str = "MOTCUA"
    url: str = "https://thanh-toan.example"
    requests: dict[str, dict[str, Any]] = field(default_factory=dict)
    paid: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    odd: set[str] = field(default_factory=set)

    def answer(self, said: Mapping[str, Any]) -> dict[str, Any]:
        reference = str(said.get("MaThamChieu", ""))
        if said.get(SIGNATURE) != signature_of(said, self.secret):
            return {"error_code": "97", "message": "Sai mã xác thực"}
        if said["LoaiBanTin"] == "INIT":
            return self._asked(reference, said)
        if reference not in self.requests:
            return {"error_code": "02", "message": "Không có mã tham chiếu"}
        if said["LoaiBanTin"] == "QUERY":
            return _ok(self._state(reference))
        if not self.paid.get(reference):
            return {"error_code": "03", "message": "Chưa thanh toán"}
        return _ok({"TepBienLai": base64.b64encode(bill()).decode()})

    def _asked(self, reference: str, said: Mapping[str, Any]) -> dict[str, Any]:
        """The same request twice is one."""
        known = self.requests.setdefault(reference, dict(said))
        if known["SoTien"] != said["SoTien"]:
            return {"error_code": "05", "message": "Mã tham chiếu đã dùng với số tiền khác"}
        return _ok({"UrlThanhToan": f"{self.url}{PAGE}{reference}"})

    def _state(self, reference: str) -> dict[str, Any]:
        paid = self.paid.get(reference)
        if reference in self.odd:
            return {"MaThamChieu": reference, "TrangThaiGD": ODD_WORD}
        if not paid:
            return {"MaThamChieu": reference, "TrangThaiGD": "0"}
        return {**paid[0], "TrangThaiGD": "1"}

    def pay(
        self, reference: str, *, at: datetime, amount: int | None = None, failed: bool = False
    ) -> dict[str, Any]:
        """Somebody pays: the CONFIRM of it, which may be sent any number of times, or never."""
        asked = self.requests.get(reference, {})
        number = sum(map(len, self.paid.values())) + 1
        said = {
            "LoaiBanTin": "CONFIRM", "MaLoi": "01" if failed else PAID_CODE, "MaDoiTac": self.partner, "MaThamChieu": reference,
            "SoTien": str(amount if amount is not None else asked.get("SoTien", "0")), "MaTienTe": "VND",
            "MaGiaoDich": f"GD{number:06d}" if not failed else "", "MaNganHang": "970436", "ThoiGianGD": f"{at:%Y%m%d%H%M%S}",
            "ThongTinGiaoDich": asked.get("ThongTinGiaoDich", ""), "TrangThaiGD": "2" if failed else "1",
        }  # fmt: skip
        found = signed(said, self.secret)
        if not failed:
            self.paid.setdefault(reference, []).append(found)
        return found


# --- what becomes of a payment --------------------------------------------------------------------


class Tells(NamedTuple):
    """The messages of one payment, in this order or all at one instant."""

    said: list[dict[str, Any]]
    at_once: bool = False

    def send(self, url: str, door_secret: str) -> None:
        """To the door, whatever it answers."""
        calls = [partial(is_taken, url, door_secret, one) for one in self.said]
        if self.at_once:
            at_once(calls)
            return
        for call in calls:
            call()


Play = Callable[[Platform, str, datetime, random.Random], Tells]


def _paid(
    *,
    times: int = 1,
    ahead: timedelta = timedelta(0),
    is_at_once: bool = False,
    failed: bool = False,
) -> Play:
    def play(platform: Platform, reference: str, at: datetime, _: random.Random) -> Tells:
        said = platform.pay(reference, at=at + ahead, failed=failed)
        return Tells([said] * times, is_at_once)

    return play


def _out_of_order(platform: Platform, reference: str, at: datetime, _: random.Random) -> Tells:
    """The try that failed before is told after the one that went well."""
    failed = platform.pay(reference, at=at - timedelta(minutes=1), failed=True)
    return Tells([platform.pay(reference, at=at), failed])


def _wrong_hash(platform: Platform, reference: str, at: datetime, _: random.Random) -> Tells:
    said = platform.pay(reference, at=at)
    return Tells([{**said, SIGNATURE: signature_of(said, f"{platform.secret} ")}])


def _other_amount(platform: Platform, reference: str, at: datetime, by: random.Random) -> Tells:
    asked = int(platform.requests[reference]["SoTien"])
    return Tells([platform.pay(reference, at=at, amount=asked + by.choice((-1000, 1000, 10_000)))])


def _odd_word(platform: Platform, reference: str, at: datetime, _: random.Random) -> Tells:
    platform.odd.add(reference)
    said = {**platform.pay(reference, at=at), "MaLoi": ODD_WORD, "TrangThaiGD": ODD_WORD}
    return Tells([signed(said, platform.secret)])


PAYS: dict[str, Play] = {
    "pay_twice": _paid(times=2),
    "pay_at_once": _paid(times=2, is_at_once=True),
    "pay_untold": _paid(times=0),
    "pay_failed": _paid(failed=True),
    "pay_clock_ahead": _paid(ahead=WRONG),
    "pay_out_of_order": _out_of_order,
    "pay_wrong_hash": _wrong_hash,
    "pay_other_amount": _other_amount,
    "pay_unknown_word": _odd_word,
}


def _ok(told: dict[str, Any]) -> dict[str, Any]:
    return {"error_code": "0", "message": orjson.dumps(told).decode()}


def bill() -> bytes:
    paper, content = PdfWriter(), io.BytesIO()
    paper.add_blank_page(width=420, height=298)
    paper.write(content)
    return content.getvalue()
