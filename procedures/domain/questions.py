"""What a controller is asked about a waiting version: one question for the rows whose record says the same."""

from dataclasses import dataclass

from procedures.models import Case, Method, ProcedureVersion
from procedures.queries import previous_terms
from procedures.reading import Proposal, TermReading, read_term


@dataclass(frozen=True, slots=True)
class Question:
    """Rows of one case whose record says the same: one question on the page."""

    key: str
    case: Case
    methods: tuple[Method, ...]
    reading: TermReading
    proposals: tuple[Proposal, ...]

    @property
    def channels(self) -> str:
        return ", ".join(method.get_channel_display() for method in self.methods)

    @property
    def needs_fee(self) -> bool:
        return any(method.fee_amount is None for method in self.methods)


def questions_of(version: ProcedureVersion) -> list[Question]:
    """In: a version loaded by `queries.whole`. Out: its questions by case; the term of the version before comes first.

    One query when the version has a predecessor, else none.
    """
    before = previous_terms([version]).get(version.pk, {})
    names = tuple(result["name"] for result in version.results)
    questions = []
    for case in version.cases.all():
        rows: dict[tuple[str, str, str], list[Method]] = {}
        for method in case.methods.all():
            rows.setdefault((method.term_text, method.fee_text, method.note), []).append(method)
        for number, methods in enumerate(rows.values(), start=1):
            first = methods[0]
            reading = read_term(first.term_text, note=first.note, field=version.field.name, name=version.name, results=names)
            questions.append(Question(f"{case.pk}_{number}", case, tuple(methods), reading, _proposals(reading, first, case, before)))
    return questions


def _proposals(reading: TermReading, method: Method, case: Case, before: dict[tuple[int, int], str]) -> tuple[Proposal, ...]:
    """The reading itself when the text alone is sure, what the version before was confirmed with, then the proposals."""
    found: list[Proposal] = []
    if reading.term is not None:
        found.append(Proposal(str(reading.term), "đúng như bản ghi"))
    if told := before.get((case.order, method.channel)):
        found.append(Proposal(told, "như phiên bản trước"))
    found.extend(reading.proposals)
    kept: dict[str, Proposal] = {}
    for proposal in found:
        kept.setdefault(proposal.term, proposal)
    return tuple(kept.values())
