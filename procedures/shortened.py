"""The province's shortened term of a procedure beside the statutory one (rút ngắn thời gian): as a
decision that publishes a list says it, one for all cases or one a case. Only a shorter one is any.

As text, one line a case: "3 ngày làm việc" speaks for every case, "Cấp lại: 2 ngày làm việc" for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from onestop.folding import fold
from onestop.worktime import Term, TermError, Unit, parse_term

# In working days, to compare terms of different units: five working days a week of seven, eight
# working hours a day.
_A_DAY = {
    Unit.WORKING_DAY: Fraction(1),
    Unit.WORKING_HOUR: Fraction(1, 8),
    Unit.CALENDAR_DAY: Fraction(5, 7),
    Unit.CLOCK_HOUR: Fraction(5, 7 * 24),
    Unit.MONTH: Fraction(30 * 5, 7),
    Unit.YEAR: Fraction(365 * 5, 7),
}
_PLAIN = {Unit.SAME_DAY: Fraction(1, 2), Unit.IMMEDIATE: Fraction(0)}
EVERY = ""


@dataclass(frozen=True, slots=True)
class Shortened:
    """A shortened term, and the number of the decision that says it."""

    term: Term
    decision: str


def working_days(term: Term) -> Fraction | None:
    """How long a term is, roughly; None where nothing is given back."""
    if term.unit in _PLAIN:
        return _PLAIN[term.unit]
    return term.quantity * _A_DAY[term.unit] if term.unit in _A_DAY else None


def is_shorter(term: Term, than: Term) -> bool:
    one, other = working_days(term), working_days(than)
    return one is not None and other is not None and one < other


def written(text: str) -> str:
    """The text as it is kept. Errors: ValueError with the reason in words."""
    return "\n".join(f"{name}: {term}" if name else str(term) for name, term in _lines(text))


def terms_of(text: str) -> Mapping[str, Term]:
    """The terms of a kept text by the folded name of the case, EVERY for all others."""
    return {fold(name): term for name, term in _lines(text)}


def term_of(text: str, case: str) -> Term | None:
    """What a kept text says for a case."""
    terms = terms_of(text)
    return terms.get(fold(case)) or terms.get(EVERY)


def why_not(text: str, statutory: Iterable[tuple[str, str]]) -> str:
    """Why a text cannot stand beside the statutory terms (name of the case, term) of a procedure: no
    such case, or not shorter. "" where it can.
    """
    try:
        said = terms_of(text)
    except ValueError as error:
        return str(error)
    longest: dict[str, Term] = {}
    for name, words in statutory:
        term = parse_term(words) if words else None
        known = longest.get(fold(name))
        if term is not None and (known is None or is_shorter(known, term)):
            longest[fold(name)] = term
    if said and not longest:
        return "thủ tục chưa có thời hạn theo quy định để so sánh"
    strangers = [name for name in said if name != EVERY and name not in longest]
    if strangers:
        return f"thủ tục không có trường hợp “{strangers[0]}” nào có thời hạn"
    for name, by_law in longest.items():
        term = said.get(name) or said.get(EVERY)
        if term is not None and not is_shorter(term, by_law):
            return f"{term} không ngắn hơn thời hạn theo quy định ({by_law})"
    return ""


def _lines(text: str) -> Sequence[tuple[str, Term]]:
    found: dict[str, tuple[str, Term]] = {}
    for line in filter(None, (" ".join(one.split()) for one in text.splitlines())):
        name, _, words = line.rpartition(": ")
        try:
            term = parse_term(words)
        except TermError as error:
            raise ValueError(str(error)) from error
        if fold(name) in found:
            raise ValueError(f"thời hạn rút ngắn nói hai lần của “{name or 'mọi trường hợp'}”")
        found[fold(name)] = (name.strip(), term)
    return list(found.values())
