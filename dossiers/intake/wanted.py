"""What a request for completion may ask for (form 02): the one rule, whoever asks and wherever.

Papers of the published list, each with what is wrong or how many are missing; corrections of what
was declared. A paper outside the list only with its legal basis, and then the slip says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from onestop.errors import DomainError
from procedures.conditions import is_asked_for
from procedures.models import Paper
from procedures.reading.condition_words import unnumbered

LONGEST = 500
DECLARED = "Nội dung kê khai"
# How lines begin that ask for a paper rather than for a correction of what was declared.
_ASKS_FOR_PAPER = re.compile(
    r"(?:(?:còn|cần|phải|hãy|đề nghị|thiếu|nộp|bổ sung|xuất trình|cung cấp|kèm theo|kèm|thêm|lại|\d+) )*"
    r"(?:giấy|bản (?:sao|chính|gốc|chụp|photo|scan)|ảnh chụp|chứng chỉ|hộ chiếu)(?!\w)",
    re.IGNORECASE,
)


class What(StrEnum):
    PAPER = "paper"
    DECLARED = "declared"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line asked for. PAPER: `paper_id` and in `text` what is wrong with it or how many, ""
    when it is just missing; DECLARED: in `text` what to correct; OUTSIDE: in `text` the paper.
    """

    what: What
    text: str = ""
    paper_id: int | None = None


def published(case_id: int) -> list[Paper]:
    """The published papers of a case: nothing else can be asked for without a basis."""
    rows = Paper.objects.filter(case=case_id, is_note=False).order_by("order")
    return [paper for paper in rows if is_asked_for(paper)]


def declared(text: str) -> list[Wanted]:
    """Corrections of what was declared, one a line."""
    return [Wanted(What.DECLARED, line) for line in _lines_of(text)]


def outside(text: str) -> list[Wanted]:
    """Papers outside the published list, one a line."""
    return [Wanted(What.OUTSIDE, line) for line in _lines_of(text)]


def _lines_of(text: str) -> list[str]:
    return [kept for line in text.splitlines() if (kept := line.strip(" -–+*•\t"))]


def lines(
    asked: Sequence[Wanted], *, case_id: int | None, legal_basis: str = ""
) -> list[dict[str, Any]]:
    """The lines to keep and to print ("what", "name", "note", "paper"): papers in the order of the
    list, then the others.

    In: the case whose published papers may be asked for; the basis for what is outside its list.
    One query when papers are asked. Errors: DomainError("items_missing", "paper_not_listed",
    "paper_in_declared", "paper_outside_list", "line_too_long").
    """
    kept = [one for one in asked if one.what == What.PAPER or one.text.strip()]
    if not kept:
        raise DomainError("items_missing", field="items")
    for one in kept:
        if len(one.text) > LONGEST:
            raise DomainError("line_too_long", field=_FIELDS[one.what], most=LONGEST)
    return [
        *_papers({one.paper_id: one.text for one in kept if one.what == What.PAPER}, case_id),
        *(_declared(one.text) for one in kept if one.what == What.DECLARED),
        *(_outside(one.text, legal_basis) for one in kept if one.what == What.OUTSIDE),
    ]


_FIELDS = {What.PAPER: "items", What.DECLARED: "declared", What.OUTSIDE: "outside"}


def _papers(notes: dict[int | None, str], case_id: int | None) -> list[dict[str, Any]]:
    if not notes:
        return []
    listed = Paper.objects.filter(
        case=case_id, is_note=False, pk__in=[pk for pk in notes if pk is not None]
    )
    found = list(listed.order_by("order").values_list("pk", "name")) if case_id is not None else []
    if len(found) < len(notes):
        raise DomainError("paper_not_listed", field="items")
    return [
        {"what": "paper", "paper": pk, "name": plain_name(name), "note": _clean(notes[pk])}
        for pk, name in found
    ]


def plain_name(name: str) -> str:
    """A paper's published name without the marks of the list it stood in."""
    return unnumbered(name.lstrip("-–+*• ")).rstrip(" .;")


def _declared(text: str) -> dict[str, Any]:
    if _ASKS_FOR_PAPER.match(_clean(text)):
        raise DomainError("paper_in_declared", field="declared", line=_clean(text)[:80])
    return {"what": "declared", "paper": None, "name": DECLARED, "note": _clean(text)}


def _outside(text: str, legal_basis: str) -> dict[str, Any]:
    if not legal_basis.strip():
        raise DomainError("paper_outside_list", field="legal_basis", line=_clean(text)[:80])
    note = f"ngoài danh mục công bố, căn cứ {legal_basis.strip()}"
    return {"what": "outside", "paper": None, "name": _clean(text), "note": note}


def _clean(text: str) -> str:
    return " ".join(text.split())
