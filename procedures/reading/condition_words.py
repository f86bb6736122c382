"""The words by which published lists of papers say of whom a paper is asked. Pure, one fact a
function; what is not said in these words is not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

from onestop.folding import fold

LABEL: Final = 130


class Kind(Enum):
    """What the title of a group of papers says."""

    EVERYBODY = auto()
    CONDITION = auto()
    AUTHORISED = auto()
    OPTIONAL = auto()
    ONLINE = auto()
    ON_PAPER = auto()
    TITLED = auto()  # something else: a situation only beside others like it


_MARK = re.compile(
    r"^(?:[\s\-–+*•.]|\((?:[ivx]+\d?|\d+(?:\.\d+)*|[a-zđ]\d?|\*)\)\.?|(?:[ivx]+|\d+(?:\.\d+)*|[a-zđ]\d?)[.)])+",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^(?:[\s\-–+*•]*\(?(?:\d{1,2}|[ivx]{1,4}|[a-zđ]\d?)[.)]\s+)+", re.IGNORECASE)
_LETTER = re.compile(r"^[\s\-–+*•]*\(?(?P<mark>[ivx]+|\d+(?:\.\d+)*|[a-zđ])[.)]", re.IGNORECASE)
_EVERYBODY = re.compile(
    r"(?:giay to (?:phai|can)|(?:thanh phan )?ho so(?: gom|$)|thanh phan ho so(?: theo| ban hanh|$)|"
    r"xuat trinh|nguoi yeu cau chung thuc|so luong|luu y|ho so .{0,20}la ho so|\(?4\)? thanh phan)"
)
_CONDITION = re.compile(r"(?:truong hop|doi voi|neu) ")
_AUTHORISED = re.compile(r"truong hop (?:duoc )?uy quyen (?:thuc hien|nop)")
_OPTIONAL = re.compile(r"(?:ngoai ra,? )?tuy (?:theo )?(?:tung )?truong hop")
_ONLINE_GROUP = re.compile(
    r"(?:nop theo phuong thuc dien tu|nop truc tuyen|truong hop (?:ho so (?:duoc )?(?:gui|nop)|dang ky) (?:tren|qua) moi truong dien tu)"
)
_PAPER_GROUP = re.compile(
    r"(?:nop truc tiep|truong hop ho so khong (?:duoc )?(?:gui|nop) (?:tren|qua) moi truong dien tu)"
)
_ENDS = re.compile(
    r"(?:(?:,|\bthì)\s*(?:thành phần )?hồ sơ(?: \S+){0,8}|\s*\bhồ sơ|\s*\bbao|\s*\bphải (?:bổ sung|nộp)|\s*\bnhư sau|\s*\bsau đây"
    r"|,? khi làm thủ tục \S+ \S+|\bthì cần có|,)\s*$",
    re.IGNORECASE,
)
_NAMES_NO_PAPER = re.compile(
    r"(?:doi voi|truong hop|neu|cac giay to|giay to phai|mot trong|ho so (?:gom|de nghi)|thanh phan ho so|xuat trinh cac|nop cac)\b"
)
_OWN = re.compile(r"^((?:đối với|trường hợp)\s[^:;]{3,200}?)\s*:\s*\S", re.IGNORECASE)
_OPTIONAL_NAME = re.compile(
    r"(?:truong hop|doi voi|neu|ngoai (?:cac|mot)|tuy (?:theo |tung )*truong hop)\b"
)
_IN_BRACKETS = re.compile(
    r"\((?:chỉ )?(?:đối với|trong trường hợp|trường hợp|nếu(?! có\)))\s(?!người (?:có )?yêu cầu)",
    re.IGNORECASE,
)
# Of a row of papers "(nếu có)" may mean the last one alone.
_IF_ANY = re.compile(r"^[^,;]*\(nếu có\)", re.IGNORECASE)
_IN_CASE = re.compile(r"(?<!kể cả )(?<!trừ )\btrong trường hợp\s", re.IGNORECASE)
# "…, hồ sơ gồm:" announces a whole dossier: nobody hands in two at once.
_WHOLE = re.compile(r"\bho so\b.*\bgom\W*$")
_CHANGES = re.compile(r"\b(?:thay doi|bo sung|nop them|phai them|hieu dinh|cap nhat)\b")
_PERSONS = frozenset(
    {"to chuc", "ca nhan", "ho gia", "ho kinh", "doanh nghiep", "co quan", "nguoi"}
)


def plain(title: str) -> str:
    """Words without the marks that number them: "(ii) Đối với tổ chức" is "Đối với tổ chức"."""
    return _MARK.sub("", title).strip()


def unnumbered(name: str) -> str:
    """A paper's name without the number it had in the published list: a list of ours has its own."""
    return _NUMBER.sub("", name).lstrip()


def _folded(text: str) -> str:
    return fold(plain(text))


def kind_of(title: str) -> Kind:
    """What the title of a group says of the papers below it."""
    opening = _folded(title)
    for kind, pattern in _KINDS:
        if pattern.match(opening):
            return kind
    return Kind.TITLED if opening else Kind.EVERYBODY


_KINDS = (
    (Kind.ONLINE, _ONLINE_GROUP),
    (Kind.ON_PAPER, _PAPER_GROUP),
    (Kind.AUTHORISED, _AUTHORISED),
    (Kind.OPTIONAL, _OPTIONAL),
    (Kind.CONDITION, _CONDITION),
    (Kind.EVERYBODY, _EVERYBODY),
)


def is_heading(name: str, *, counted: bool) -> bool:
    """Whether a line only announces others: it ends like one and names no paper itself, or no copy
    of it is asked for.
    """
    text = name.rstrip(" .;")
    if not text.endswith(":"):
        return False
    opening = _folded(text)
    announces = bool(re.search(r"(?:gồm|sau|sau đây|bổ sung|phải nộp)\s*:$", text, re.IGNORECASE))
    if counted:
        return announces and bool(_NAMES_NO_PAPER.match(opening))
    return announces or bool(_NAMES_NO_PAPER.match(opening))


def situation_number(name: str) -> int | None:
    """The number of a line "2. Trường hợp …" that begins a situation; None for another line."""
    found = re.match(r"(\d{1,2})[.)]\s*(?:đối với|trường hợp)\s", name, re.IGNORECASE)
    return int(found[1]) if found else None


def adds(name: str) -> bool:
    """Whether a heading adds papers for some applicants: "Đối với …, hồ sơ phải bổ sung:"."""
    text = _folded(name)
    return bool(_CONDITION.match(text)) and bool(re.search(r"(?:bo sung|nop them)\W*$", text))


def is_request(name: str) -> bool:
    """Whether a paper is the request itself, which everybody brings."""
    return bool(re.match(r"(?:don|to khai|giay de nghi|van ban de nghi)\b", _folded(name)))


def is_one_of(title: str) -> bool:
    """Whether one of the papers below is enough."""
    return bool(re.search(r"\b(?:mot trong|hoac mot trong)\b", fold(title)))


def way_of_paper(name: str) -> str:
    """The way of handing in that a paper names in its words; "" where it names none or both."""
    text = name.lower()
    online = "theo hình thức trực tuyến" in text or bool(
        re.search(r"mẫu (?:hộ tịch )?điện tử tương tác", text)
    )
    on_paper = "theo hình thức trực tiếp" in text or "hệ thống bưu chính" in text
    if online == on_paper:
        return ""
    return "online" if online else "paper"


def is_optional(name: str) -> bool:
    """Whether the words of a paper say that only some applicants bring it. The request itself
    ("Tờ khai … (đối với …)") is brought by everybody: its title says for whom the form is.
    """
    first = re.split(r"(?<=\w\w)[.;:] ", name, maxsplit=1)[0]
    if _OPTIONAL_NAME.match(_folded(first)):
        return True
    if is_request(name):
        return False
    return any(pattern.search(first) for pattern in (_IN_BRACKETS, _IF_ANY, _IN_CASE))


def own_condition(name: str) -> str:
    """The situation before the colon of "Đối với tổ chức: Giấy giới thiệu"; "" for another line."""
    found = _OWN.match(plain(name))
    return found[1].strip() if found else ""


def labels(titles: Sequence[str]) -> tuple[str, ...]:
    """Titles as the answers of one question: those that differ only behind where they would be cut
    stay whole, so that one can be told from the other.
    """
    cut = [label(title) for title in titles]
    return tuple(
        _whole(title) if cut.count(text) > 1 else text
        for title, text in zip(titles, cut, strict=True)
    )


def label(title: str) -> str:
    """A title as an answer reads: without its number and what announces the papers, not too long."""
    text = _whole(title)
    return text if len(text) <= LABEL else text[:LABEL].rsplit(" ", 1)[0].rstrip(" ,;") + "…"


def _whole(title: str) -> str:
    text = re.sub(r"\s*\b(?:gồm)?\s*[:;.]?\s*$", "", plain(title))
    while (shorter := _ENDS.sub("", text).rstrip(" ,:;.")) != text:
        text = shorter
    return text or plain(title)


def are_alike(titles: Sequence[str]) -> bool:
    """Whether titles stand in one row: numbered alike, each a list of its own, or begun alike."""
    if len(titles) < 2:
        return False
    if is_series(titles) or len({_folded(t).split(" ")[0] for t in titles}) == 1:
        return True
    return all(re.search(r"\b(?:ho so|doi voi|truong hop)\b", fold(t)) for t in titles)


def is_series(titles: Sequence[str]) -> bool:
    """Whether titles are numbered one way, each number once."""
    found = [_LETTER.match(title) for title in titles]
    marks = [one["mark"].lower() for one in found if one]
    return len(marks) == len(titles) == len(set(marks)) and len({_shape(m) for m in marks}) == 1


def _shape(mark: str) -> str:
    if mark[0].isdigit():
        return mark.rpartition(".")[0] + "1"
    return "i" if re.fullmatch(r"[ivx]+", mark) else "a"


def are_exclusive(titles: Sequence[str]) -> bool:
    """Whether the words say that one situation shuts the others out. Where they do not, several may
    be chosen.
    """
    opened = [_folded(title) for title in titles]
    if any(_CHANGES.search(text[:90]) for text in opened):
        return False
    if all(_WHOLE.search(text) for text in opened):
        return True
    if all(_CONDITION.match(text) for text in opened) and (
        is_series(titles) or all(re.match(r"truong hop \(?\d", text) for text in opened)
    ):
        return True
    if all(text.startswith("doi voi ") for text in opened):
        heads = [" ".join(re.findall(r"\w+", text)[2:4]) for text in opened]
        return (len(set(heads)) == 1 != len(set(opened)) and "truong hop" not in heads) or all(
            head in _PERSONS or head.split()[0] == "nguoi" for head in heads
        )
    return len(opened) == 2 and _only_a_no_apart(*opened)


def _only_a_no_apart(first: str, second: str) -> bool:
    bare = [re.sub(r"\b(?:co|khong|chua|da|duoc)\b", "", text).split() for text in (first, second)]
    return bare[0] == bare[1] and first != second
