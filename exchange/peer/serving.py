"""The two contracts as a peer serves them, with the troubles that real peers give: each is played by
a seed, so that a run can be had again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from exchange.peer.paying import Platform
from exchange.peer.plays import ODD_WORD
from exchange.peer.refusing import Refusal
from exchange.peer.store import Store

# What may happen to a request: a refusal, a session that is over, an answer that says nothing, one
# that takes long; after the others nobody knows whether it was stored.
TROUBLES = (
    "refused",
    "expired",
    "unreadable",
    "slow",
    "server_error",
    "lost",
    "lost_after",
    "late",
)
# What it says of a dossier is a word that nobody knows. Apart from the others, so that a seed plays of those
# what it always did.
ODD = ("unknown_state",)
SUCCESS: tuple[object, ...] = (0, "0", "00")
BAD_ITEM = "Dữ liệu không hợp lệ"


class Lost(Exception):
    """The connection ends without an answer."""


class ServerError(Exception):
    """HTTP 500."""


@dataclass
class Recorded:
    """A peer. `share`: how often something happens; `only`: the troubles that it plays.

    `bad`: dossiers that it always refuses, with its words. `falls_over`: dossiers over which it
    fails (HTTP 500). `late`: requests that were given up by the sender and
    arrive after what followed. `bad_share`: how many dossiers it never takes, by the seed and the code.
    """

    seed: int = 0
    share: float = 0.0
    only: Sequence[str] = TROUBLES
    store: Store = field(default_factory=Store)
    bad: dict[str, str] = field(default_factory=dict)
    bad_share: float = 0.0
    falls_over: set[str] = field(default_factory=set)
    late: list[Callable[[], object]] = field(default_factory=list)
    played: dict[str, int] = field(default_factory=dict)
    # Where payments are taken too.
    platform: Platform | None = None
    # What is asked for, by the end of the address or the name of the service (reading.py).
    reads: Mapping[str, Callable[[Mapping[str, Any]], Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self._sessions: set[str] = set()
        self._signed_in = 0
        self._is_slow = False

    def answer(self, path: str, headers: Mapping[str, str], body: Any) -> Any:
        """The JSON of an answer. Errors: Lost, ServerError."""
        trouble = self.random.choice(self.only) if self.random.random() < self.share else "ok"
        self._is_slow = trouble == "slow"
        self.played[trouble] = self.played.get(trouble, 0) + 1
        if trouble == "server_error":
            raise ServerError
        if trouble == "lost":
            raise Lost
        if trouble == "refused":
            return {"error_code": self.random.choice((-3, 3, "01")), "message": "Lỗi hệ thống"}
        if trouble == "late":
            self.late.append(lambda: self._served(path, body))
            raise Lost
        if trouble == "expired":
            self._sessions.clear()
        said = self._served(path, body)
        if trouble == "lost_after":
            raise Lost
        if trouble == "unknown_state":
            return _in_odd_words(said)
        return {"message": "OK"} if trouble == "unreadable" else said

    def is_slow(self) -> bool:
        """Whether the last answer is one that takes long."""
        return self._is_slow

    def let_arrive(self) -> None:
        """What was given up long ago arrives now."""
        waiting, self.late = self.late, []
        for one in waiting:
            one()

    def _served(self, path: str, body: Any) -> Any:
        if self.platform is not None and isinstance(body, Mapping) and "LoaiBanTin" in body:
            return self.platform.answer(body)
        try:
            return self._array(path, body) if isinstance(body, list) else self._service(path, body)
        except Refusal as refusal:
            return {"error_code": 3, "message": str(refusal)}

    def _ok(self, **about: Any) -> dict[str, Any]:
        return {"error_code": self.random.choice(SUCCESS), "message": "", **about}

    def _array(self, path: str, items: list[dict[str, Any]]) -> dict[str, Any]:
        self._refuse_bad(items)
        doors: dict[str, Callable[[Sequence[Mapping[str, Any]]], None]] = {
            "ThemMoi": self.store.add,
            "CapNhat": self.store.update,
            "DongBoTienTrinh": self.store.progress,
            "DongBoTrangThai": self.store.status,
            "DongBoKetQua": self.store.put_results,
            "MoLai": lambda found: self.store.reopen(found, "TrangThaiHoSo"),
        }
        last = path.rsplit("/", 1)[-1]
        if last == "TraCuu":
            return self._ok(result=self.store.find(items[0]["MaHoSo"]))
        if last in self.reads:
            return self._ok(result=self.reads[last](items[0]))
        doors[last](items)
        return self._ok()

    def _service(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        if path.endswith("/auth"):
            return self._session_of(body)
        if body.get("session") not in self._sessions:
            return {"error_code": -1, "message": "Phiên làm việc đã hết hạn"}
        service, items = body["service"], body.get("data", [])
        if service == "TraCuuHoSo":
            return self._ok(result=self.store.find(body["mahoso"]))
        if service in self.reads:
            return self._ok(result=self.reads[service](body))
        self._refuse_bad(items)
        if service == "DongBoHoSoMC":
            (self.store.update if body["isUpdating"] == "True" else self.store.add)(items)
        elif service == "CapNhatTienDoHoSoMC":
            self.store.progress(items)
        elif service == "DongBoTrangThaiHoSo":
            self._status(items)
        elif service == "DongBoKetQua":
            self.store.put_results(items)
        else:
            raise Refusal(f"Không có dịch vụ {service}")
        return self._ok()

    def _status(self, items: Sequence[Mapping[str, Any]]) -> None:
        known = [one for one in items if one["MaHoSo"] in self.store.dossiers]
        self.store.reopen(known, "TrangThai")
        self.store.status([one for one in items if one not in known])

    def _session_of(self, body: Mapping[str, Any]) -> dict[str, Any]:
        if not body.get("username") or not body.get("password"):
            return {"error_code": 1, "message": "Sai tên hoặc mật khẩu"}
        self._signed_in += 1
        session = f"s{self._signed_in}"
        self._sessions.add(session)
        return self._ok(session=session)

    def _refuse_bad(self, items: Sequence[Mapping[str, Any]]) -> None:
        for one in items:
            if one.get("MaHoSo") in self.falls_over:
                raise ServerError
            if one.get("MaHoSo") in self.bad:
                raise Refusal(self.bad[one["MaHoSo"]])
            if random.Random(f"{self.seed} {one.get('MaHoSo')}").random() < self.bad_share:
                raise Refusal(BAD_ITEM)


def _in_odd_words(said: Any) -> Any:
    """An answer that tells of dossiers; others as they are."""
    rows = said.get("result")
    if not isinstance(rows, list):
        return said
    return {**said, "result": [{**one, "TrangThaiHoSo": ODD_WORD} for one in rows]}
