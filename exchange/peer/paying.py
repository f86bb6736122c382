"""The payment platform as the recorded peer plays it: the four messages, and what real ones do of their
own accord (the same twice, another amount, late, out of order).
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from pypdf import PdfWriter

from exchange.paying.contract import PAID_CODE, SIGNATURE, signature_of, signed
from exchange.peer.filing import post as post_signed

PAGE = "/thanh-toan/"


@dataclass
class Platform:
    """`requests`: what was asked for, by its reference; `paid`: what it confirmed of each, in the
    order it came. `url`: where payers are sent to.
    """

    secret: str
    partner: str = "MOTCUA"
    url: str = "https://thanh-toan.example"
    requests: dict[str, dict[str, Any]] = field(default_factory=dict)
    paid: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

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


def confirm(url: str, said: dict[str, Any], door_secret: str = "") -> str:
    """Send it to the door; what was answered. Errors: urllib3's."""
    return post_signed(url, door_secret, said)


def _ok(told: dict[str, Any]) -> dict[str, Any]:
    return {"error_code": "0", "message": orjson.dumps(told).decode()}


def bill() -> bytes:
    paper, content = PdfWriter(), io.BytesIO()
    paper.add_blank_page(width=420, height=298)
    paper.write(content)
    return content.getvalue()
