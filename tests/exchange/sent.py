"""What a portal sends, as a test says it."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

import orjson
from django.urls import reverse

from dossiers.intake import online
from exchange.inbox import taking
from exchange.models import Door, Message

if TYPE_CHECKING:
    from django.test import Client

    from procedures.models import Case
    from tests.world import Office

SECRET = "khoa-cua-cong"
SERVICE = "NhanHSDVCQG"


def a_door(name: str = "cong") -> Door:
    """The national portal's; settings hold its secret (`secrets` of conftest)."""
    found, _ = Door.objects.get_or_create(name=name, defaults={"source": online.national_source()})
    return found


def code_of(office: Office, number: int = 1) -> str:
    return f"{office.agency.dossier_code}-261120-{number:06d}"


def data_of(office: Office, case: Case, number: int = 1, **more: Any) -> dict[str, Any]:
    """A message in which everything fits. None takes away."""
    said = {
        "MaHoSo": code_of(office, number),
        "MaTTHC": case.version.code,
        "MaDonVi": office.agency.code,
        "NgayNopHoSo": "20261120160000",
        "ChuHoSo": "Nguyễn Thị Bình",
        "LoaiDoiTuong": "1",
        "SoDinhDanh": "001187000123",
        "LoaiDinhDanh": "1",
        "SoDienThoai": "0912345678",
        "DiaChi": {"DiaChiChiTiet": "Thôn 3, xã Bình Minh"},
        "TaiLieuNop": [],
    }
    return {name: value for name, value in (said | more).items() if value is not None}


def body_of(data: Any, *, updating: bool = False, service: str = SERVICE) -> bytes:
    return orjson.dumps({"service": service, "isUpdating": updating, "data": data})


def signature(body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def send(client: Client, body: bytes, *, name: str = "cong", signed: str | None = None) -> Any:
    return client.post(
        reverse("exchange_door", args=[name]),
        body,
        content_type="application/json",
        headers={"X-Signature": signature(body) if signed is None else signed},
    )


def came(door: Door, body: bytes, at: Any) -> Message:
    """Kept and read."""
    from exchange.inbox import arriving

    [message] = arriving.take(door, body, at=at).messages
    return taking.read(message.pk, at=at)
