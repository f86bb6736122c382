"""The store of results of the recorded peer: what it was told of and fetched itself, file by file, compared with
the digest that was told; what it answers about an owner is that and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import urllib3

from exchange.peer.refusing import Refusal

Fields = Mapping[str, Any]
# Below which its files lie, by their digests.
PLACE = "/kho/"
SECONDS, MOST_BYTES, MOST_TOLD = 10.0, 64 * 1024 * 1024, 50


def fetched(url: str) -> bytes:
    """What lies at an address. Errors: Refusal."""
    try:
        with urllib3.PoolManager() as pool:
            reply = pool.request("GET", url, timeout=SECONDS, retries=False, preload_content=False)
            content: bytes = reply.read(MOST_BYTES)
    except urllib3.exceptions.HTTPError as error:
        raise Refusal(f"Không tải được tệp: {type(error).__name__}") from None
    if reply.status != 200:
        raise Refusal(f"Không tải được tệp: HTTP {reply.status}")
    return content


@dataclass
class Results:
    """One record a dossier, the newest that it was told; `files`: contents by digest."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    fetch: Callable[[str], bytes] = fetched

    def put(self, items: Sequence[Fields]) -> None:
        """All of them or none. Errors: Refusal for what cannot be fetched, or is not what was told."""
        found = {
            one["MaKiemTra"]: self._content(one)
            for row in items
            for one in row.get("DanhSachTepDinhKem", ())
        }
        self.files |= found
        for row in items:
            self.rows.pop(row["MaHoSo"], None)
            if row.get("IsDeleted") != "True":
                self.rows[row["MaHoSo"]] = dict(row)

    def _content(self, told: Fields) -> bytes:
        digest = told["MaKiemTra"]
        if digest in self.files:
            return self.files[digest]
        content = self.fetch(told["DuongDan"])
        if hashlib.sha256(content).hexdigest() != digest:
            raise Refusal(f"Tệp {told['TenTep']} không đúng mã kiểm tra")
        return content

    def of_owner(self, number: str) -> dict[str, Any]:
        """The newest first."""
        mine = [one for one in self.rows.values() if one["SoDinhDanhChuSoHuu"] == number]
        told = [self._told(one) for one in reversed(mine)]
        return {"DanhSachGiayToKetQua": told[:MOST_TOLD]}

    def _told(self, row: Fields) -> dict[str, Any]:
        names = ("MaKetQua", "TenGiayTo", "SoKyHieu", "CoQuanChuQuan")
        files = [
            {"TenTep": one["TenTep"], "DuongDan": f"{PLACE}{one['MaKiemTra']}"}
            for one in row["DanhSachTepDinhKem"]
        ]
        return {**{name: row.get(name, "") for name in names}, "DanhSachTepDinhKem": files}

    def file(self, place: str) -> str:
        """In base64. Errors: Refusal."""
        content = self.files.get(place.removeprefix(PLACE))
        if content is None:
            raise Refusal(f"Tệp {place} không tồn tại")
        return base64.b64encode(content).decode()
