"""Which column of a portal's list says what: guessed by the headings, confirmed once by a person and
kept with the source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from onestop.columns import Columns, Wanted, as_kept, plain
from onestop.tables import TableRow, find_head

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
WANTED = Wanted(FIELDS, ("code", "filed_at", "owner"))
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


def guess(
    names: Sequence[str], headings_of: Mapping[str, Sequence[str]] = _HEADINGS
) -> dict[str, int]:
    """The likeliest column of each field; no column twice."""
    folded = [plain(name) for name in names]
    found: dict[str, int] = {}
    for is_whole in (True, False):
        for field, headings in headings_of.items():
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


def columns_of(
    rows: Sequence[TableRow],
    kept: Mapping[str, str],
    wanted: Wanted = WANTED,
    headings_of: Mapping[str, Sequence[str]] = _HEADINGS,
) -> Columns:
    """The head of the file and its columns: as the source has kept them where all that is required
    is there so, else guessed.
    """
    if kept:
        head = find_head(rows, lambda names: len(as_kept(kept, names, wanted)))
        found = Columns(head, as_kept(kept, head.names, wanted), wanted)
        if not found.missing and len(found.places) == len(kept):
            return found
    head = find_head(rows, lambda names: len(guess(names, headings_of)))
    return Columns(head, guess(head.names, headings_of), wanted)
