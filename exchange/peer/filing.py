"""What the recorded peer sends of its own accord: dossiers that citizens handed in there, in the envelope
of the national portal, signed as the door asks.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
import urllib3
from pypdf import PdfWriter

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
MIDDLES = ("Thị", "Văn", "Minh", "Thu", "Quốc", "Ngọc")
# Not every number that begins with 09 is one: what comes must fit, or nobody sees the one key.
MOBILE = ("034", "079", "086", "091", "094", "097")
GIVEN = ("An", "Bình", "Châu", "Dũng", "Hà", "Lan", "Nam", "Phúc", "Thảo", "Yến")


def filings(
    count: int, *, seed: int, procedure: str, unit: str, at: datetime, papers: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """As many messages; the same ones for a seed and an instant. `papers`: by the catalogue's names,
    one file of each.
    """
    files = [inside(name, number) for number, name in enumerate(papers, start=1)]
    chance = random.Random(f"{seed} {at.isoformat()}")
    made = []
    for number in range(1, count + 1):
        name = " ".join(chance.choice(words) for words in (FAMILIES, MIDDLES, GIVEN))
        digits = "".join(chance.choice("0123456789") for _ in range(6))
        data = {
            "MaHoSo": f"{unit}-{at:%y%m%d}-{chance.randrange(1000, 9999)}{number:03d}",
            "MaTTHC": procedure,
            "MaDonVi": unit,
            "NgayNopHoSo": f"{at:%Y%m%d%H%M%S}",
            "ChuHoSo": name,
            "LoaiDoiTuong": "1",
            "SoDinhDanh": f"020{chance.choice('01')}{chance.randrange(60, 99)}{digits}",
            "LoaiDinhDanh": "1",
            "SoDienThoai": f"{chance.choice(MOBILE)}{chance.randrange(10**7):07d}",
            "DiaChi": {"DiaChiChiTiet": f"Khối {chance.randrange(1, 12)}"},
            "TaiLieuNop": files,
        }
        made.append({"service": "nhanhsdvcqg", "isUpdating": False, "data": data})
    return made


def inside(paper: str, number: int = 1) -> dict[str, Any]:
    """A file inside the message, as small peers send them."""
    return {
        "TenTepDinhKem": f"giay-to-{number}.pdf",
        "TenThanhPhanHoSo": paper,
        "NoiDungTep": base64.b64encode(blank_page()).decode(),
    }


def blank_page() -> bytes:
    writer, kept = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(kept)
    return kept.getvalue()


def signed(secret: str, message: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """The body of a request and its headers."""
    body = orjson.dumps(message)
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return body, {"Content-Type": "application/json", "X-Signature": signature}


def is_taken(url: str, secret: str, message: dict[str, Any]) -> bool:
    """Whether the door took it; one that is not open takes nothing."""
    try:
        return post(url, secret, message).startswith("200 ")
    except urllib3.exceptions.HTTPError:
        return False


def post(url: str, secret: str, message: dict[str, Any]) -> str:
    """What the door answered. Errors: urllib3's."""
    body, headers = signed(secret, message)
    with urllib3.PoolManager() as pool:
        reply = pool.request("POST", url, body=body, headers=headers, retries=False, timeout=30.0)
    return f"{reply.status} {reply.data.decode('utf-8', 'replace')}"
