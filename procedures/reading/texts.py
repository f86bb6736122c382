"""Small cleaners of the records' text: spaces, glued result names, glued legal codes, odd counts,
headings among papers.
"""

import re
import unicodedata
from typing import Final

from onestop.folding import fold

_SPACES = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_AFTER_RESULTS = re.compile(r"Từ khóa(?:Không có thông tin|.{0,200}?)Mô tả(?:Không có thông tin)?")
_LEGAL = re.compile(
    r"^(\d+/\d{4}/(?:QH(?:1\d|\d(?!\d))|(?:NĐ-CP|NQ-CP|QĐ-TTg|TT-(?:BTC|BTP|BCA|BXD|BNNMT|BTNMT|BNNPTNT|BGTVT|BKHĐT|BLĐTBXH|BCT|BNV|BYT|BQP|VPCP))))"
)

_BULLET = re.compile(r"^(?:[\W_]|\d+[.)]|[a-zđ]\d?\)|\(?[ivx]+\)|[ivx]+\.\s)+", re.IGNORECASE)
_NOTE_GROUP = re.compile(r"^luu y\b")
_NOTE_START = re.compile(
    r"^(luu y|so luong|truong hop|doi voi|nguoi|co quan|thu tuong|vi du|khong quy dinh|ca nhan|viec|ty le)\b"
)
_PAPER_START: Final = (
    "to khai", "don", "giay", "ban", "van ban", "hop dong", "quyet dinh", "chung tu", "chung cu", "hoa don", "bien ban", "bao cao",
    "van tai don", "van don", "phieu", "mau so", "danh sach", "bang", "ho so", "tai lieu", "so do",
)  # fmt: skip

MOST_COPIES: Final = 99


def clean(text: object, limit: int = 4000) -> str:
    """One line, NFC, without invisible characters; numbers become text; at most `limit` characters."""
    if text is None:
        return ""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFC", str(text)))
    plain = _SPACES.sub(" ", plain).strip()
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"


def item_text(text: object) -> str:
    """The text of one line of a list, without the bullet before it and the mark after it: "- Đơn đề
    nghị;" is "Đơn đề nghị".
    """
    return re.sub(r"^(?:[-+*•–] ?)+", "", clean(text)).rstrip("; ").strip()


def split_results(raw: str, codes: list[str]) -> list[dict[str, str]]:
    """`"Giấy khai sinhMã: KQ.G15.000001Từ khóa…"` -> names with codes, in order; a raw text without
    codes is one name.
    """
    text = _AFTER_RESULTS.sub(" ", raw)
    marks = sorted(
        (mark.start(), mark.end(), code)
        for code in codes
        if (mark := re.search(rf"Mã:\s*{re.escape(code)}", text))
    )
    results: list[dict[str, str]] = []
    start = 0
    for begin, end, code in marks:
        results.append({"name": clean(text[start:begin]) or code, "code": code})
        start = end
    rest = clean(text[start:])
    if not results and rest:
        results.append({"name": rest, "code": ""})
    return results


def legal_codes(codes: list[str]) -> list[str]:
    """Document numbers without the letters glued on from the next word, each once."""
    kept: dict[str, None] = {}
    for code in codes:
        text = clean(code, 60)
        match = _LEGAL.match(text)
        if match:
            text = match[1]
        if text.endswith("/QĐ-TT"):
            text += "g"
        if text and not any(text != other and text.startswith(other) for other in kept):
            kept.setdefault(text)
    return list(kept)


def believable(count: object) -> bool:
    return isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= MOST_COPIES


def is_note(name: str, group: str, originals: int, copies: int) -> bool:
    """A heading or an explanation among the papers: shown, never asked for. Without counts and with
    the words of one.
    """
    if _NOTE_GROUP.match(_opening(group)):
        return True
    opening = _opening(name)
    if re.match(r"^(luu y|so luong)\b", opening):
        return True
    if originals or copies:
        return False
    if opening.startswith(_PAPER_START):
        return False
    return name.rstrip().endswith(":") or bool(_NOTE_START.match(opening))


def _opening(text: str) -> str:
    return fold(_BULLET.sub("", text[:80]))
