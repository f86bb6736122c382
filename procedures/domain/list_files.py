"""A published list from a spreadsheet: rows of the file as lines of a draft. The draft itself is the
preview: it holds nowhere until it is checked and published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from onestop.columns import plain
from onestop.errors import DomainError
from onestop.folding import fold
from onestop.tables import TableRow, find_head, read_table
from procedures.domain.lists import LineIn, statutory_terms
from procedures.models import CounterKind, Kind, Linkage, OnlineLevel, Procedure
from procedures.shortened import why_not

# What a heading may say, by field; the first that fits is taken.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("ma thu tuc", "ma tthc", "ma so", "ma"),
    "counter": ("noi tiep nhan", "noi nhan", "cap tiep nhan", "dia diem thuc hien"),
    "kind": ("hinh thuc cong bo", "loai cong bo"),
    "at_counter": ("tiep nhan tai bo phan mot cua", "tiep nhan tai mot cua", "mot cua"),
    "why_not": ("ly do",),
    "linkage": ("lien thong",),
    "anywhere": ("phi dia gioi",),
    "online": ("truc tuyen", "muc do truc tuyen", "dich vu cong truc tuyen"),
    "online_why": ("ly do truc tuyen mot phan", "ly do chi truc tuyen mot phan", "ly do mot phan"),
    "by_post": ("buu chinh", "qua buu chinh", "buu chinh cong ich"),
    "handled_by": ("co quan giai quyet", "co quan thuc hien"),
    "coordinated_by": ("co quan phoi hop",),
    "decided_by": ("co quan quyet dinh", "co quan co tham quyen", "tham quyen quyet dinh"),
    "shortened": ("thoi han rut ngan", "thoi gian rut ngan", "thoi han da rut ngan", "rut ngan"),
    "note": ("ghi chu",),
}
REQUIRED = {"code": "Mã thủ tục", "counter": "Nơi tiếp nhận"}
TEXTS = {
    "why_not": 300, "online_why": 300, "handled_by": 300, "coordinated_by": 300, "decided_by": 300,
    "note": 500,
}  # fmt: skip
_YES = frozenset({"co", "x", "1", "dung", "duoc"})
_NO = frozenset({"khong", "0", "sai", ""})
_COUNTERS = (
    (("tinh", "cap tinh", "trung tam cap tinh"), CounterKind.PROVINCE),
    (("xa", "cap xa", "phuong", "trung tam cap xa"), CounterKind.COMMUNE),
    (("chi nhanh", "so", "chi nhanh cua so nganh", "bo phan mot cua cua so"), CounterKind.BRANCH),
)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken in: its number in the sheet, what it names, why."""

    number: int
    code: str
    why: str


@dataclass(frozen=True, slots=True)
class FromFile:
    lines: Sequence[LineIn]
    refused: Sequence[Refused]


def read(path: Path, name: str) -> FromFile:
    """The lines of a file, and the rows that say something else. Errors: those of read_table,
    DomainError("columns_missing").
    """
    rows = read_table(path, name)
    head = find_head(rows, lambda names: len(_places(names)))
    places = _places(head.names)
    if missing := [words for field, words in REQUIRED.items() if field not in places]:
        raise DomainError("columns_missing", field="file", columns=", ".join(missing))
    body = [row for row in rows if row.number > head.last_row]
    known = set(
        Procedure.objects.filter(
            code__in=[_cell(row, places, "code") for row in body], unpublished=None
        ).values_list("code", flat=True)
    )
    by_law = statutory_terms(known) if "shortened" in places else {}
    lines: dict[tuple[str, CounterKind], LineIn] = {}
    refused: list[Refused] = []
    for row in body:
        code = _cell(row, places, "code")
        try:
            found = _lines(row, places, known)
            if why := why_not(found[0].shortened, by_law.get(code, ())):
                raise ValueError(why)
        except ValueError as error:
            refused.append(Refused(row.number, code, str(error)))
            continue
        for line in found:
            if (line.code, line.counter) in lines:
                refused.append(
                    Refused(row.number, code, f"lặp lại dòng trên: {line.counter.label}")
                )
            else:
                lines[line.code, line.counter] = line
    return FromFile(list(lines.values()), refused)


def _places(names: Sequence[str]) -> dict[str, int]:
    folded = [plain(name) for name in names]
    found: dict[str, int] = {}
    for field, words in HEADINGS.items():
        for word in words:
            if word in folded and folded.index(word) not in found.values():
                found[field] = folded.index(word)
                break
    return found


def _cell(row: TableRow, places: Mapping[str, int], field: str) -> str:
    place = places.get(field)
    if place is None or place >= len(row.cells):
        return ""
    return str(row.cells[place]).strip()


def _lines(row: TableRow, places: Mapping[str, int], known: set[str]) -> list[LineIn]:
    """Errors: ValueError with the reason in words."""
    code = _cell(row, places, "code")
    if not code:
        raise ValueError("không có mã thủ tục")
    if code not in known:
        raise ValueError("mã này chưa có trong cơ sở dữ liệu thủ tục")
    at_counter = _flag(_cell(row, places, "at_counter"), "Tiếp nhận tại Một cửa", default=True)
    texts = {field: _cell(row, places, field)[:most] for field, most in TEXTS.items()}
    if not at_counter and not texts["why_not"]:
        raise ValueError("không tiếp nhận tại Bộ phận Một cửa mà không ghi lý do")
    kind, online = _kind(_cell(row, places, "kind")), _online(_cell(row, places, "online"))
    if online == OnlineLevel.PART and kind != Kind.ABOLISHED and not texts["online_why"]:
        raise ValueError("trực tuyến một phần mà không ghi ở cột “Lý do trực tuyến một phần”")
    said = {
        "kind": kind,
        "at_counter": at_counter,
        "linkage": _linkage(_cell(row, places, "linkage")),
        "anywhere": _flag(_cell(row, places, "anywhere"), "Phi địa giới", default=False),
        "online": online,
        "by_post": _flag(_cell(row, places, "by_post"), "Bưu chính", default=True),
        "shortened": _cell(row, places, "shortened"),
        **texts,
    }
    counters = _counters(_cell(row, places, "counter"))
    return [LineIn(code, counter, **said) for counter in counters]  # type: ignore[arg-type]


def _counters(text: str) -> list[CounterKind]:
    """One or several, between commas or semicolons."""
    found = []
    for part in text.replace(";", ",").split(","):
        word = plain(part)
        counter = next((kind for words, kind in _COUNTERS if word in words), None)
        if counter is None:
            raise ValueError(
                f"nơi tiếp nhận “{part.strip()}” không đọc được: ghi tỉnh, xã hoặc chi nhánh"
            )
        found.append(counter)
    return list(dict.fromkeys(found))


def _flag(text: str, called: str, *, default: bool) -> bool:
    word = fold(text).strip()
    if not word:
        return default
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(f"{called}: “{text}” không đọc được, ghi có hoặc không")


def _kind(text: str) -> Kind:
    word = fold(text)
    if not word or "moi" in word.split():
        return Kind.NEW
    if "bai bo" in word or "huy bo" in word:
        return Kind.ABOLISHED
    if "sua doi" in word or "thay the" in word:
        return Kind.AMENDED
    raise ValueError(f"hình thức công bố “{text}” không đọc được: mới, sửa đổi hoặc bãi bỏ")


def _linkage(text: str) -> Linkage:
    word = fold(text)
    if not word or "khong" in word.split():
        return Linkage.NONE
    if "cung cap" in word:
        return Linkage.SAME_LEVEL
    if "cac cap" in word or "khac cap" in word:
        return Linkage.OTHER_LEVELS
    raise ValueError(f"liên thông “{text}” không đọc được: không, cùng cấp hoặc các cấp")


def _online(text: str) -> OnlineLevel:
    word = fold(text)
    if not word or "khong" in word.split():
        return OnlineLevel.NONE
    if "toan trinh" in word:
        return OnlineLevel.WHOLE
    if "mot phan" in word:
        return OnlineLevel.PART
    raise ValueError(f"trực tuyến “{text}” không đọc được: không, một phần hoặc toàn trình")
