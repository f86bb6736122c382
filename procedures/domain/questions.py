"""What a controller is asked about a waiting version: one question for the rows whose record says
the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from procedures.models import Case, Method, ProcedureVersion
from procedures.queries import Before, previous_terms
from procedures.reading import Proposal, TermReading, read_term


@dataclass(frozen=True, slots=True)
class Question:
    """Rows of one case whose record says the same: one question on the page."""

    key: str
    case: Case
    methods: tuple[Method, ...]
    reading: TermReading
    proposals: tuple[Proposal, ...]
    fee_before: int | None = (
        None  # what the version before charges, where the record's words are the same
    )

    @property
    def channels(self) -> str:
        return ", ".join(method.get_channel_display() for method in self.methods)

    @property
    def needs_fee(self) -> bool:
        return any(method.fee_amount is None for method in self.methods)


def questions_of(
    version: ProcedureVersion, *, anew: bool = False, left_out: Sequence[Case] = ()
) -> list[Question]:
    """In: a version loaded by `queries.whole`. Out: its questions by case; what the version before
    was confirmed with comes first where the record still says the same of it, last where the words
    are others. One query when there is a version before, else none.

    `anew`: of a published version each way by itself, what is published first; no query;
    `left_out`: cases that it does not use, behind its own.
    """
    before = {} if anew else previous_terms([version]).get(version.pk, {})
    names = tuple(result["name"] for result in version.results)
    questions = []
    for case in (*version.cases.all(), *left_out):
        rows: dict[tuple[object, ...], list[Method]] = {}
        for method in case.methods.all():
            words = (method.term_text, method.fee_text, method.note)
            rows.setdefault((*words, method.pk) if anew else words, []).append(method)
        for number, methods in enumerate(rows.values(), start=1):
            first = methods[0]
            reading = read_term(
                first.term_text,
                note=first.note,
                field=version.field.name,
                name=version.name,
                results=names,
            )
            told = before.get((case.order, first.channel))
            same = told is not None and told.same_words(first)
            fee = told.fee_amount if told is not None and same else None
            proposals = _proposals(reading, told, same=same, now=first.term if anew else "")
            questions.append(
                Question(f"{case.pk}_{number}", case, tuple(methods), reading, proposals, fee)
            )
    return questions


def _proposals(
    reading: TermReading, told: Before | None, *, same: bool, now: str
) -> tuple[Proposal, ...]:
    """What is published now, what was confirmed on the same words, the reading itself when the text
    alone is sure, the proposals, what other words meant.
    """
    found: list[Proposal] = [Proposal(now, "đang công bố")] if now else []
    if told is not None and same:
        found.append(
            Proposal(told.term, "như phiên bản trước, chữ ghi trong CSDL quốc gia không đổi")
        )
    if reading.term is not None:
        found.append(Proposal(str(reading.term), "đúng như ghi trong CSDL quốc gia"))
    found.extend(reading.proposals)
    if told is not None and not same:
        found.append(
            Proposal(told.term, "như phiên bản trước, chữ ghi trong CSDL quốc gia nay đã khác")
        )
    kept: dict[str, Proposal] = {}
    for proposal in found:
        kept.setdefault(proposal.term, proposal)
    return tuple(kept.values())
