"""The books of certification (sổ chứng thực, NĐ 23/2015 Đ13): which procedure is written into which,
and how their numbers are written, from 01 each year. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from onestop.folding import fold


@dataclass(frozen=True, slots=True)
class Book:
    """`words`: what stands in the name of a procedure that belongs here, without diacritics."""

    code: str
    name: str
    words: tuple[str, ...]

    def symbol(self, number: int, year: int) -> str:
        """12 quyển số 01/2026-SCT/BS."""
        return f"{number:02d} {volume(self.code, year)}"


# The first that fits: a translator's signature is a signature too.
BOOKS = (
    Book("SCT/BS", "Sổ chứng thực bản sao từ bản chính", ("chung thuc ban sao",)),
    Book("SCT/CKND", "Sổ chứng thực chữ ký người dịch", ("chung thuc chu ky nguoi dich",)),
    Book(
        "SCT/CK,ĐC",
        "Sổ chứng thực chữ ký, chứng thực điểm chỉ",
        ("chung thuc chu ky", "chung thuc diem chi"),
    ),
    Book(
        "SCT/HĐ,GD",
        "Sổ chứng thực hợp đồng, giao dịch",
        (
            "chung thuc hop dong",
            "chung thuc giao dich",
            "chung thuc di chuc",
            "chung thuc van ban",
            "chung thuc viec sua doi",
        ),
    ),
)
CODES = tuple(book.code for book in BOOKS)


def book_of(procedure: str) -> Book | None:
    """The book of a procedure by its name; None for what is no certification, and for copies of what
    was certified before ("cấp bản sao có chứng thực từ bản chính hợp đồng"), which get no number.
    """
    folded = fold(procedure)
    if folded.startswith("cap ban sao"):
        return None
    return next((one for one in BOOKS if any(words in folded for words in one.words)), None)


def volume(code: str, year: int) -> str:
    """One a kind and year."""
    return f"quyển số 01/{year}-{code}"


def named(code: str) -> str:
    """Errors: StopIteration."""
    return next(book.name for book in BOOKS if book.code == code)
