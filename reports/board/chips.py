"""The filters of an address in words, each with the address without it."""

from __future__ import annotations

from typing import Any

from onestop.accounts.models import Officer
from procedures.channels import Channel
from reports.board.asked import NONE, Asked
from reports.board.whose import Whose


def chips(asked: Asked, whose: Whose, path: str, kept: dict[str, str]) -> list[tuple[str, str]]:
    """One query where a person is named, none otherwise. `kept`: goes along into each address."""
    found = []
    for name, value in asked.kept.items():
        words = _words(name, value, whose)
        if words:
            found.append((words, asked.address(path, **kept, **{name: None})))
    return found


def _words(name: str, value: Any, whose: Whose) -> str:
    if name == "coquan":
        return f"Cơ quan: {whose.agency.label if whose.agency else value}"
    if name == "phong":
        return f"Đơn vị: {whose.departments[0].name if whose.departments else 'chưa rõ phòng'}"
    if name == "canbo":
        return f"Cán bộ: {_person(value)}"
    if name == "kenh":
        return f"Hình thức nộp: {Channel(value).label}"
    plain = {"linhvuc": "Lĩnh vực", "thutuc": "Thủ tục", "buoc": "Bước"}
    if name in plain:
        return f"{plain[name]}: {value or '(không tên)'}"
    return "Lĩnh vực đất đai" if name == "datdai" else ""


def _person(pk: int) -> str:
    if pk == NONE:
        return "chưa có người nhận"
    names = Officer.objects.filter(pk=pk).values_list("full_name", flat=True)
    return names.first() or "đã chọn"
