"""The four messages of the payment platform (PAYMENT 1.0.6), as they are written, signed and read.

Their code of authenticity is a plain digest over the values in a stated order and a word that both
know, the word last: it is compared in constant time, and the joined text is never kept or logged.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from dossiers.models import Dossier
from dossiers.models.banking import BankAccount
from exchange.models import PayRequest
from exchange.outbox.port import Away, is_success
from exchange.outbox.spelling import read, shortened, written
from exchange.paying.platforms import Platform
from onestop.errors import DomainError
from onestop.texts import in_one_line, web_address, whole_number

VERSION, SIGNATURE = "1.0.6", "MaXacThuc"
PAID_CODE, MONEY = "00", "VND"
MOST_AMOUNT = 10**12
MOST_NAME, MOST_URL = 250, 2000
# Which values of a message are signed, in this order.
ORDERS = {
    "INIT": (
        "LoaiBanTin", "PhienBan", "MaDoiTac", "MaThamChieu", "SoTien", "LoaiHinhThanhToan", "MaKenhThanhToan", "MaThietBi", "NgonNgu",
        "MaTienTe", "MaNganHang", "ThongTinGiaoDich", "ThoiGianGD", "Ip",
    ),
    "QUERY": ("LoaiBanTin", "PhienBan", "MaDoiTac", "MaThamChieu", "ThoiGianGD"),
    "GET_BILL": ("LoaiBanTin", "PhienBan", "MaDoiTac", "MaThamChieu", "ThoiGianGD"),
    "CONFIRM": (
        "LoaiBanTin", "MaLoi", "MaDoiTac", "MaThamChieu", "SoTien", "MaTienTe", "MaGiaoDich", "MaNganHang", "ThoiGianGD",
        "ThongTinGiaoDich",
    ),
}  # fmt: skip
# How a platform says that money has come, or that it has not (yet); other words say nothing.
PAID_WORDS = frozenset({"1", "da thanh toan", "đã thanh toán", "thành công"})
UNPAID_WORDS = frozenset({"0", "2", "khởi tạo", "thất bại", "chưa thanh toán", "chờ thanh toán", "hủy"})  # fmt: skip


def signature_of(said: Mapping[str, Any], secret: str) -> str:
    """Of a kind that stands in ORDERS."""
    values = [_text(said.get(name)) for name in ORDERS[said["LoaiBanTin"]]]
    return hashlib.sha256("|".join([*values, secret]).encode("utf-8", "replace")).hexdigest()


def is_signed(said: Mapping[str, Any], secret: str) -> bool:
    """Compared in constant time; nothing is signed by an empty word."""
    given = said.get(SIGNATURE)
    if not secret or not isinstance(given, str):
        return False
    right = signature_of(said, secret)
    return hmac.compare_digest(right.encode(), given.strip().lower().encode("utf-8", "replace"))


def signed(said: dict[str, Any], secret: str) -> dict[str, Any]:
    return {**said, SIGNATURE: signature_of(said, secret)}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


# --- what we say ----------------------------------------------------------------------------------


def init_of(
    row: PayRequest, platform: Platform, dossier: Dossier, account: BankAccount
) -> dict[str, Any]:
    """The same whenever it is sent again: it says when it was asked for, not when it is sent."""
    version, agency = dossier.version, row.agency
    money, name = str(row.amount), shortened(version.name, MOST_NAME)
    bill = {
        "MaDichVu": "", "MaDVC": f"{version.procedure.code}.01", "TenDVC": name, "MaTTHC": version.procedure.code,
        "TenTTHC": name, "MaDonVi": agency.code, "TenDonVi": agency.name, "MaHoSo": dossier.code,
        "TKThuHuong": account.number, "MaNHThuHuong": account.bank, "TenTKThuHuong": account.holder,
        "NoiDungThanhToan": row.content, "HoTenNguoiNop": dossier.owner_name, "SoCMNDNguoiNop": dossier.identity_number,
        "DiaChiNguoiNop": dossier.address, "HuyenNguoiNop": "", "TinhNguoiNop": "",
        "PhiLePhi": [{"LoaiPhiLePhi": "", "MaPhiLePhi": "", "TenPhiLePhi": "Phí, lệ phí", "SoTien": money}],
        "DSKhoanNop": [{"NoiDung": row.content, "SoTien": money}],
    }  # fmt: skip
    set_here = {"MaKenhThanhToan": "", "MaThietBi": "", "MaNganHang": "", "Ip": ""}
    said = {
        "LoaiBanTin": "INIT", "PhienBan": VERSION, "MaDoiTac": platform.partner, "MaThamChieu": row.reference, "SoTien": money,
        "LoaiHinhThanhToan": "PAY", "NgonNgu": "vi-VN", "MaTienTe": MONEY, "ThongTinGiaoDich": row.content,
        "ThoiGianGD": written(row.created_at), "ThoiGianHetHan": written(row.expires_at),
        **set_here, **platform.values, "ThongTinBienLai": bill,
    }  # fmt: skip
    return signed(said, platform.secret)


def asked_of(kind: str, row: PayRequest, platform: Platform, at: datetime) -> dict[str, Any]:
    """QUERY and GET_BILL."""
    said = {
        "LoaiBanTin": kind, "PhienBan": VERSION, "MaDoiTac": platform.partner, "MaThamChieu": row.reference,
        "ThoiGianGD": written(at),
    }  # fmt: skip
    return signed(said, platform.secret)


# --- what it says ---------------------------------------------------------------------------------


class Refused(Exception):
    """The platform's refusal, in its words."""


def answer(said: Any) -> dict[str, Any]:
    """What an answer holds: its `message` is JSON written as text. Errors: Refused; Away for what
    says nothing.
    """
    if not isinstance(said, Mapping) or "error_code" not in said:
        raise Away("trả lời không đọc được")
    if not is_success(said["error_code"]):
        words = in_one_line(_text(said.get("message")))
        raise Refused(f"{in_one_line(_text(said['error_code']))[:20]}: {words}"[:250])
    told = said.get("message")
    if isinstance(told, str):
        try:
            told = orjson.loads(told)
        except orjson.JSONDecodeError:
            raise Away("trả lời không đọc được") from None
    if not isinstance(told, Mapping):
        raise Away("trả lời không đọc được")
    return dict(told)


def url_in(told: Mapping[str, Any]) -> str:
    """Errors: Away where there is none that may stand as a link."""
    found = web_address(in_one_line(_text(told.get("UrlThanhToan"))))
    if not found or len(found) > MOST_URL:
        raise Away("trả lời không có trang thanh toán")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """Money that the platform says has come, by a transaction of its own."""

    reference: str
    transaction: str
    amount: int
    paid_at: datetime | None
    content: str
    raw: dict[str, str]


def is_paid(told: Mapping[str, Any]) -> bool | None:
    """None: a word that nobody knows, or none."""
    word = in_one_line(_text(told.get("TrangThaiGD"))).lower()
    return True if word in PAID_WORDS else False if word in UNPAID_WORDS else None


def confirmed(told: Mapping[str, Any]) -> Confirmed:
    """Errors: DomainError("pay_unreadable") where it says no amount, transaction or reference, or not
    in đồng.
    """
    # All of it is kept beside the payment: a name with a NUL in it the database would refuse.
    said = {
        name: in_one_line(_text(value))[:500]
        for name, value in told.items()
        if _is_plain(value) and name.isprintable()
    }
    amount = whole_number(said.get("SoTien", ""), most=MOST_AMOUNT)
    reference, transaction = said.get("MaThamChieu", ""), said.get("MaGiaoDich", "")
    money = said.get("MaTienTe", MONEY)
    if (
        not amount
        or not 0 < len(reference) <= 80
        or not 0 < len(transaction) <= 80
        or money != MONEY
    ):
        raise DomainError("pay_unreadable")
    return Confirmed(
        reference=reference,
        transaction=transaction,
        amount=amount,
        paid_at=_read_instant(said.get("ThoiGianGD", "")),
        content=said.get("ThongTinGiaoDich", ""),
        raw={name: value for name, value in said.items() if name != SIGNATURE},
    )


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _read_instant(text: str) -> datetime | None:
    try:
        return read(text) if len(text) == 14 else None
    except (ValueError, OverflowError):
        return None
