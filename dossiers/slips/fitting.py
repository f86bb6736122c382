"""How small the letters of form 01 must be for one page of A5: estimated from how its lines break,
on paper and in the browser alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dossiers.slips.contexts import Receipt


@dataclass(frozen=True, slots=True)
class Measure:
    """What one size of letters makes of form 01, in mm; letters: how many of a text, of a paper's
    name, fill a line.
    """

    fixed: float
    text_letters: int
    text_line: float
    name_letters: int
    name_line: float
    gap: float
    lists: bool = False


# What is printed on of 210 mm, without the few that a browser's own breaking of lines may need more
# than the PDF's.
PAGE_HEIGHT = 190.0
# Measured on the catalogue's own names; the lines are those of static/slips.css.
MEASURES = {
    "snug": Measure(165.5, 75, 4.6, 62, 4.0, 1.2),
    "dense": Measure(137.0, 85, 3.9, 89, 3.8, 0.2, lists=True),
}


def density(slip: Receipt) -> str:
    """ "snug" (10.2 pt) with the papers in a table; "dense" (9.7 pt) and "tight" (9.1 pt) with the
    papers as the numbered list of the official form, which is wider. Beyond that it takes a second
    page.
    """
    return next(
        (name for name, measure in MEASURES.items() if height(slip, measure) <= PAGE_HEIGHT),
        "tight",
    )


def height(slip: Receipt, measure: Measure) -> float:
    """About how many mm the slip needs."""
    texts = [
        f"Bộ phận (Trung tâm) Tiếp nhận và Trả kết quả: {slip.office.desk_of}",
        f"Nội dung yêu cầu giải quyết: {slip.content}",
        f"Địa chỉ: {slip.owner.address}",
        f"Đăng ký nhận: {slip.result_at}",
    ]
    if (by := slip.submitter) is not None:
        texts.append(
            f"Người nộp, giấy tờ, điện thoại, ủy quyền: {by.name} {by.identity} {by.phone} {slip.authorisation}"
        )
    more = sum(len(wrap(text, measure.text_letters)) - 1 for text in texts) + bool(slip.submitter)
    # The name of a centre takes a line more in the head.
    more += (
        slip.office.desk.startswith("Trung tâm")
        + 2 * bool(slip.replaces)
        + bool(slip.completed_at)
        + 2 * (slip.provisional or slip.undetermined)
    )
    names = [
        f"{paper.name}: {paper.counts_words}" if measure.lists else paper.name
        for paper in slip.papers
    ]
    names += [line.name for line in slip.certified]
    lines = sum(len(wrap(name, measure.name_letters)) for name in names)
    return (
        measure.fixed
        + more * measure.text_line
        + lines * measure.name_line
        + len(names) * measure.gap
    )
