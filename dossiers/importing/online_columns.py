"""Which column of a portal's list says what: guessed by the headings, confirmed once by a person and
kept with the source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dossiers.importing.tables import Head, TableRow, find_head
from onestop.errors import DomainError
from onestop.folding import fold

# What a line may say, in the order in which a person confirms it.
FIELDS = {
    "code": "Mã hồ sơ",
    "filed_at": "Ngày, giờ nộp",
    "owner": "Người nộp (chủ hồ sơ)",
    "procedure_code": "Mã thủ tục",
    "procedure": "Tên thủ tục",
    "identity": "Số căn cước, hộ chiếu, mã số thuế",
    "phone": "Điện thoại",
    "email": "Thư điện tử",
    "address": "Địa chỉ",
    "channel": "Hình thức (toàn trình, một phần)",
    "agency": "Cơ quan tiếp nhận",
}
REQUIRED = ("code", "filed_at", "owner")
# Folded headings, the likeliest first; a heading that only contains one is taken after those that
# are one.
_HEADINGS: dict[str, tuple[str, ...]] = {
    "code": ("ma ho so", "ma so ho so", "so ho so", "ma hs", "mahoso", "ma bien nhan"),
    "filed_at": (
        "ngay gio nop", "thoi gian nop", "thoi diem nop", "ngay nop", "gio nop", "ngay gui",
        "thoi gian gui", "ngay nop ho so", "ngaynophoso", "ngay tiep nhan tren cong",
    ),
    "owner": (
        "chu ho so", "nguoi nop ho so", "nguoi nop", "ho ten nguoi nop", "ten nguoi nop",
        "ho va ten", "ho ten", "to chuc ca nhan", "ca nhan to chuc", "chuhoso", "ten to chuc",
    ),
    "procedure_code": ("ma thu tuc", "ma tthc", "matthc", "ma thu tuc hanh chinh", "ma dvc"),
    "procedure": (
        "ten thu tuc", "thu tuc hanh chinh", "ten tthc", "tthc", "thu tuc", "tentthc",
        "ten dich vu cong", "dich vu cong", "ten dvc",
    ),
    "identity": (
        "so can cuoc", "so cccd", "cccd", "cccd cmnd", "so dinh danh", "so cmnd", "so giay to",
        "can cuoc", "ma so thue", "cmnd cccd",
    ),
    "phone": ("so dien thoai", "dien thoai", "sdt", "so dt", "sodienthoai"),
    "email": ("email", "thu dien tu", "e mail"),
    "address": ("dia chi", "dia chi lien he", "noi o", "noi cu tru", "diachi"),
    "channel": ("hinh thuc", "muc do", "loai dich vu cong", "hinh thuc nop", "muc do dvc"),
    "agency": ("co quan tiep nhan", "don vi tiep nhan", "ma don vi", "co quan giai quyet", "don vi"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """The head of a file, and the place of each field in it; what the file does not say is not
    there.
    """

    head: Head
    places: Mapping[str, int]

    @property
    def missing(self) -> list[str]:
        return [name for name in REQUIRED if name not in self.places]

    @property
    def named(self) -> dict[str, str]:
        """As a source keeps it: the heading of each field."""
        return {name: self.head.names[place] for name, place in self.places.items()}


def plain(heading: str) -> str:
    """A heading as it is compared: without marks, signs and what stands in brackets behind it."""
    words = fold(heading.split("(")[0] or heading)
    return " ".join("".join(c if c.isalnum() else " " for c in words).split())


def guess(names: Sequence[str]) -> dict[str, int]:
    """The likeliest column of each field; no column twice."""
    folded = [plain(name) for name in names]
    found: dict[str, int] = {}
    for is_whole in (True, False):
        for field, headings in _HEADINGS.items():
            if field not in found:
                place = _place(folded, headings, set(found.values()), is_whole=is_whole)
                if place is not None:
                    found[field] = place
    return found


def _place(
    folded: Sequence[str], headings: Sequence[str], taken: set[int], *, is_whole: bool
) -> int | None:
    for heading in headings:
        for place, name in enumerate(folded):
            fits = name == heading if is_whole else f" {heading} " in f" {name} "
            if name and fits and place not in taken:
                return place
    return None


def of_source(kept: Mapping[str, str], names: Sequence[str]) -> dict[str, int]:
    """The columns whose headings the source has kept."""
    folded = [plain(name) for name in names]
    return {
        field: folded.index(plain(heading))
        for field, heading in kept.items()
        if field in FIELDS and plain(heading) in folded
    }


def columns_of(rows: Sequence[TableRow], kept: Mapping[str, str]) -> Columns:
    """The head of the file and its columns: as the source has kept them where all that is required
    is there so, else guessed.
    """
    if kept:
        head = find_head(rows, lambda names: len(of_source(kept, names)))
        found = Columns(head, of_source(kept, head.names))
        if not found.missing and len(found.places) == len(kept):
            return found
    head = find_head(rows, lambda names: len(guess(names)))
    return Columns(head, guess(head.names))


def chosen(head: Head, choices: Mapping[str, int | None]) -> Columns:
    """The columns as a person chose them. Errors: DomainError("online_list_columns",
    "online_column_twice").
    """
    places = {field: place for field, place in choices.items() if place is not None}
    found = Columns(head, {f: p for f, p in places.items() if 0 <= p < len(head.names)})
    if found.missing:
        words = ", ".join(FIELDS[name] for name in found.missing)
        raise DomainError("online_list_columns", field=found.missing[0], columns=words)
    twice = [place for place in found.places.values() if list(places.values()).count(place) > 1]
    if twice:
        raise DomainError("online_column_twice", column=head.names[twice[0]])
    return found
