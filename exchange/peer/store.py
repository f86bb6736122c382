"""What the recorded peer holds, and the rules by which it takes things in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from exchange.peer.keeping import Results
from exchange.peer.refusing import Refusal

Fields = Mapping[str, Any]
FINAL = frozenset({"3", "7", "8", "9", "10"})
GOES_ON = {("9", "10")}
KNOWN = frozenset(str(number) for number in range(1, 11))


@dataclass
class Store:
    """One record a dossier; each step of its handling once, however often it was told.
    `steps_once`: a step that it has is refused, as some peers do.
    """

    dossiers: dict[str, dict[str, Any]] = field(default_factory=dict)
    steps: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    steps_once: bool = False
    results: Results = field(default_factory=Results)

    def add(self, items: Sequence[Fields]) -> None:
        for one in items:
            if one["MaHoSo"] in self.dossiers:
                raise Refusal(f"Hồ sơ {one['MaHoSo']} đã tồn tại")
            self._check(one, "TrangThaiHoSo")
        for one in items:
            self.dossiers[one["MaHoSo"]] = dict(one)

    def update(self, items: Sequence[Fields]) -> None:
        for one in items:
            before = self._known(one)["TrangThaiHoSo"]
            self._check(one, "TrangThaiHoSo")
            after = one["TrangThaiHoSo"]
            # A late interim answer never overwrites a final state.
            if before in FINAL and before != after and (before, after) not in GOES_ON:
                raise Refusal(f"Hồ sơ {one['MaHoSo']} đã kết thúc")
        for one in items:
            self.dossiers[one["MaHoSo"]].update(one)

    def reopen(self, items: Sequence[Fields], state: str) -> None:
        """`state`: the name under which the items say what it is now."""
        for one in items:
            self._known(one)
            self._check(one, state)
        for one in items:
            self.dossiers[one["MaHoSo"]]["TrangThaiHoSo"] = one[state]

    def progress(self, items: Sequence[Fields]) -> None:
        for one in items:
            self._known(one)
            self._check(one, "TrangThai")
            if self.steps_once and _step(one) in self.steps.get(one["MaHoSo"], []):
                raise Refusal(f"Tiến trình của hồ sơ {one['MaHoSo']} đã tồn tại")
        for one in items:
            steps = self.steps.setdefault(one["MaHoSo"], [])
            if _step(one) not in steps:
                steps.append(_step(one))

    def status(self, items: Sequence[Fields]) -> None:
        for one in items:
            self._check(one, "TrangThai")
        for one in items:
            self.statuses[one["MaHoSo"]] = one["TrangThai"]

    def put_results(self, items: Sequence[Fields]) -> None:
        for one in items:
            self._known(one)
        self.results.put(items)

    def find(self, code: str) -> list[dict[str, Any]]:
        return [self.dossiers[code]] if code in self.dossiers else []

    def _known(self, one: Fields) -> dict[str, Any]:
        if one["MaHoSo"] not in self.dossiers:
            raise Refusal(f"Hồ sơ {one['MaHoSo']} không tồn tại")
        return self.dossiers[one["MaHoSo"]]

    def _check(self, one: Fields, state: str) -> None:
        if one.get(state) not in KNOWN:
            raise Refusal(f"Trạng thái không hợp lệ: {one.get(state)}")


def _step(one: Fields) -> tuple[str, ...]:
    told = ("ThoiDiemXuLy", "TrangThai", "NoiDungXuLy", "NguoiXuLy")
    return tuple(str(one[name]) for name in told)
