"""A controller's reading of a version's words, and what it must be."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from onestop.errors import DomainError
from onestop.worktime import TermError, parse_term
from procedures.models import Case, SupplementMode

LARGEST_FEE = 10_000_000_000


@dataclass(frozen=True, slots=True)
class Readings:
    """A controller's reading of one version: terms by method, fees where the record gave none,
    names of cases, cases left out, cases of the record brought back (domain/left_out.py); what
    completion does to the term, None to leave it as it is.
    """

    terms: Mapping[int, str]
    fees: Mapping[int, int | None] = field(default_factory=dict)
    case_names: Mapping[int, str] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()
    back: frozenset[int] = frozenset()
    mode: SupplementMode | None = None


def named(cases: list[Case], readings: Readings) -> list[Case]:
    """The cases that stay, by their names as the controller gave them; one that is left alone needs
    none.
    """
    kept = [case for case in cases if case.pk not in readings.left_out]
    if not kept:
        raise DomainError("procedures.no_case_left")
    for case in kept:
        case.name = " ".join(readings.case_names.get(case.pk, case.name).split())[:500]
    if len({case.name.casefold() for case in kept}) < len(kept):
        raise DomainError("procedures.same_case_names", field=f"case_{kept[-1].pk}")
    if len(kept) == 1 and len(cases) > 1 and kept[0].name == f"Trường hợp {kept[0].order}":
        kept[0].name = ""
    return kept


def canonical(text: str, field_name: str) -> str:
    try:
        return str(parse_term(text))
    except TermError as error:
        raise DomainError(
            "procedures.term_unreadable", field=field_name, sentence=str(error)
        ) from error


def amount(fee: int, field_name: str) -> int:
    """A fee in đồng that can be one."""
    if not 0 <= fee <= LARGEST_FEE:
        raise DomainError("procedures.fee_unreadable", field=field_name)
    return fee


def basis(note: str, field_name: str = "note") -> str:
    """A reason or legal basis that says something."""
    said = " ".join(note.split())
    if not said:
        raise DomainError("procedures.no_reason", field=field_name)
    return said[:500]
