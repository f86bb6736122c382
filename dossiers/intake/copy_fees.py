"""What a line of certified copies costs: pages × copies by the published price, with its steps when
the record names them. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from onestop.folding import fold

# Each has its number in the book: more of one person at once are a mistyped figure.
MOST_PAPERS = 20
_COUNTS = re.compile(r"(?:(\d+) giấy × )?(?:(\d+) trang × )?(\d+) bản$")
_STEP = re.compile(r"tu trang thu (\d{1,2}) tro len thu ([\d.]+) d")
_CAP = re.compile(r"toi da (?:thu )?khong qua ([\d.]+) d")


@dataclass(frozen=True, slots=True)
class Copied:
    """What one line is about: so many papers of so many pages each, so many copies of each. Its text
    is what the dossier keeps of it, and what is read again when it is signed later.
    """

    pages: int = 1
    copies: int = 1
    papers: int = 1
    what: str = ""

    def counts(self, *, by_page: bool = True) -> str:
        """“3 giấy × 2 trang × 1 bản”; without the pages where they do not count for the price."""
        many = f"{self.papers} giấy × " if self.papers > 1 else ""
        pages = f"{self.pages} trang × " if by_page else ""
        return f"{many}{pages}{self.copies} bản"

    def __str__(self) -> str:
        return f"{self.what}: {self.counts()}" if self.what else self.counts()

    @classmethod
    def read(cls, text: str) -> Copied:
        """The same from its text; of other words (somebody put them right since) one paper, one copy."""
        found = _COUNTS.search(text)
        if found is None:
            return cls(what=text.strip())
        papers, pages, copies = (int(part or 1) for part in found.groups())
        return cls(pages, copies, papers, text[: found.start()].removesuffix(": ").strip())


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one page, of pages from `step_page` on, and the most for one copy; `by_page`
    False: one price a copy.
    """

    page: int
    by_page: bool = True
    step_page: int = 0
    step_price: int = 0
    cap: int = 0


def price_of(amount: int | None, per: str, note: str) -> Price | None:
    """The price as the catalogue publishes it, None when the amount was not readable."""
    if amount is None:
        return None
    folded = fold(note)
    step, cap = _STEP.search(folded), _CAP.search(folded)
    return Price(
        page=amount,
        by_page=fold(per) in ("trang", "to") or "/trang" in folded,
        step_page=int(step[1]) if step else 0,
        step_price=_money(step[2]) if step else 0,
        cap=_money(cap[1]) if cap else 0,
    )


def fee_of(price: Price, pages: int, copies: int) -> int:
    """Fee in đồng of `copies` copies of a paper of `pages` pages."""
    if not price.by_page:
        return price.page * copies
    dear = min(pages, price.step_page - 1) if price.step_page else pages
    one = dear * price.page + (pages - dear) * price.step_price
    return (min(one, price.cap) if price.cap else one) * copies


def _money(text: str) -> int:
    return int(text.replace(".", "") or 0)
