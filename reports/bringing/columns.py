"""Which column of a table by units says what. Its head has up to four rows: groups, groups in them,
and the name of the column; a row "(1) (2) …" below it is no line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from onestop.columns import Columns, Wanted, as_kept, plain
from onestop.tables import TableRow, find_head

UNIT, CODE = "unit", "code"
# Figures by the names of figures/measures.py, as the law's table has them.
MEASURES = {
    "handled": "Tiếp nhận: tổng số, gồm kỳ trước chuyển qua",
    "received": "Tiếp nhận trong kỳ: tổng số, không gồm kỳ trước",
    "received_online": "Tiếp nhận trực tuyến (không tách)",
    "received_online_full": "Tiếp nhận trực tuyến toàn trình",
    "received_online_part": "Tiếp nhận trực tuyến một phần",
    "received_direct": "Tiếp nhận trực tiếp",
    "received_post": "Tiếp nhận qua bưu chính",
    "received_direct_or_post": "Tiếp nhận trực tiếp và bưu chính (không tách)",
    "carried": "Kỳ trước chuyển qua",
    "ended": "Đã giải quyết: tổng số",
    "ended_not_late": "Đã giải quyết trước hạn và đúng hạn (không tách)",
    "ended_early": "Đã giải quyết trước hạn",
    "ended_on_time": "Đã giải quyết đúng hạn",
    "ended_late": "Đã giải quyết quá hạn",
    "open": "Đang giải quyết: tổng số",
    "open_in_time": "Đang giải quyết trong hạn",
    "open_late": "Đang giải quyết quá hạn",
}
WANTED = Wanted({UNIT: "Đơn vị", CODE: "Mã cơ quan", **MEASURES}, required=(UNIT,))
DEEP = 4
BETWEEN = " – "
_CODES = ("ma co quan", "ma don vi", "ma dinh danh")
_UNITS = ("don vi", "co quan", "ten don vi", "ten co quan")
# What a heading and the groups above it say, and what must not be said there; the first that fits
# is taken, so the narrower ones stand first.
_RECEIVED = ("tiep nhan", "nhan giai quyet")
_ENDED = ("da giai quyet", "da xu ly")
_OPEN = ("dang giai quyet", "chua giai quyet", "dang xu ly", "chua xu ly")
_WORDS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("ended_not_late", _ENDED, ("truoc han", "dung han")),
    ("ended_early", _ENDED, ("truoc han",)),
    ("ended_on_time", _ENDED, ("dung han",)),
    ("ended_late", _ENDED, ("qua han",)),
    ("ended_late", _ENDED, ("tre han",)),
    ("ended", _ENDED, ("tong",)),
    ("open_in_time", _OPEN, ("trong han",)),
    ("open_late", _OPEN, ("qua han",)),
    ("open_late", _OPEN, ("tre han",)),
    ("open", _OPEN, ("tong",)),
    ("carried", (), ("ky truoc",)),
    ("received_online_full", _RECEIVED, ("toan trinh",)),
    ("received_online_part", _RECEIVED, ("mot phan",)),
    ("received_online", _RECEIVED, ("truc tuyen",)),
    ("received_direct_or_post", _RECEIVED, ("truc tiep", "buu chinh")),
    ("received_post", _RECEIVED, ("buu chinh",)),
    ("received_post", _RECEIVED, ("bcci",)),
    ("received_direct", _RECEIVED, ("truc tiep",)),
    ("handled", _RECEIVED, ("tong",)),
)


def columns_of(rows: Sequence[TableRow], kept: Mapping[str, str]) -> Columns:
    """The head of the file and its columns: as they were confirmed before where all of them are there
    so, else by what the headings say.
    """
    if kept:
        head = find_head(rows, lambda names: len(as_kept(kept, names, WANTED)), deep=DEEP)
        found = Columns(head, as_kept(kept, head.names, WANTED), WANTED)
        if not found.missing and len(found.places) == len(kept):
            return found
    head = find_head(rows, lambda names: len(guess(names)), deep=DEEP)
    return Columns(head, guess(head.names), WANTED)


def guess(names: Sequence[str]) -> dict[str, int]:
    """The first column that says each; none twice. A heading that says several things, or nothing
    that is known, is left to the person.
    """
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        field = _field(name)
        if field:
            found.setdefault(field, place)
    return found


def _field(name: str) -> str:
    parts = [plain(part) for part in name.split(BETWEEN)]
    if any(part.startswith(_CODES) for part in parts):
        return CODE
    if parts[-1] in _UNITS or (parts[-1].startswith(_UNITS) and len(parts) == 1):
        return UNIT
    # "Tiếp nhận – Tiếp nhận" of a merged cell says it once.
    said = " ".join(part for part, after in pairwise([*parts, ""]) if part != after)
    if "ty le" in said or "%" in name:
        return ""
    for field, groups, words in _WORDS:
        if (not groups or any(one in said for one in groups)) and all(one in said for one in words):
            return field
    return ""
