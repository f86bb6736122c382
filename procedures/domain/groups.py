"""The controller's questions: what records say in the same words is asked once, however many say it.

A question about a term gathers waiting versions of one case whose ways all say it; a version with
several cases, or whose ways differ, is a question of its own. A question about a fee gathers
published versions that leave it to the clerk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from procedures.channels import Channel
from procedures.domain.words import same_words
from procedures.hooks import used
from procedures.models import Answer, Method, ProcedureVersion
from procedures.queries import waiting_versions, words_of
from procedures.reading import Proposal, read_fee, read_term
from procedures.reading.terms import note_hints

TERM, FEE, OWN = Answer.What.TERM.value, Answer.What.FEE.value, "rieng"
SAMPLE = 3
MOST_PROPOSALS = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the list; everything may be missing."""

    field_id: int | None = None
    what: str = ""
    words: str = ""
    received: bool | None = None
    # Only what the record says in these words.
    text: str = ""

    def says(self, key: str) -> bool:
        return not self.text or same_words(self.text) == key


@dataclass(slots=True)
class Row:
    """A version in a question, with what its record says."""

    version_id: int
    procedure_id: int
    code: str
    name: str
    number: int
    field: str
    channels: list[str]
    texts: list[str]
    notes: list[str]
    cases: set[int]

    @property
    def note(self) -> str:
        return "; ".join(dict.fromkeys(one for one in self.notes if one))

    @property
    def speaks_of_terms(self) -> bool:
        """Whether its note names a term: then the same answer may be a wrong one."""
        return any(note_hints(note) for note in self.notes)


@dataclass(slots=True)
class Question:
    """The same words of one or many records. `key`: how an address names it."""

    what: str
    text: str
    rows: list[Row]

    @property
    def key(self) -> str:
        return same_words(self.text)

    @property
    def number(self) -> int:
        return len(self.rows)

    @property
    def sample(self) -> list[Row]:
        return self.rows[:SAMPLE]

    @property
    def more(self) -> int:
        return max(len(self.rows) - SAMPLE, 0)

    @property
    def reason(self) -> str:
        """Why the words alone do not say it."""
        if self.what == TERM:
            return read_term(self.text).reason
        return read_fee(self.text).reason if self.what == FEE else ""

    @property
    def fields(self) -> list[str]:
        return sorted({row.field for row in self.rows})

    def proposals(self) -> list[Proposal]:
        """Readings of these words in these records, those that fit most of them first."""
        votes: Counter[str] = Counter()
        why: dict[str, str] = {}
        for row in self.rows:
            for place, one in enumerate(
                read_term(self.text, note=row.note, field=row.field, name=row.name).proposals
            ):
                votes[one.term] += max(MOST_PROPOSALS - place, 1)
                why.setdefault(one.term, one.why)
        return [Proposal(term, why[term]) for term, _ in votes.most_common(MOST_PROPOSALS)]


COLUMNS = (
    "case__version_id", "case__version__procedure_id", "case__version__procedure__code", "case__version__name", "case__version__number",
    "case__version__field__name",
)  # fmt: skip


def questions(asked: Asked) -> list[Question]:
    """All that waits for a controller under these filters: terms first, those of most procedures
    first; then what wants a look of its own; then fees. Two queries, three where dossiers are asked
    for.
    """
    found: list[Question] = []
    if asked.what in ("", TERM, OWN):
        terms, own = _terms(asked)
        found += terms if asked.what != OWN else []
        found += own if asked.what != TERM else []
    if asked.what in ("", FEE):
        found += _fees(asked)
    return _by_reception(found, asked.received) if asked.received is not None else found


def question(asked: Asked, what: str, key: str) -> Question | None:
    """The one question of these words; None when nothing asks it any more."""
    narrowed = replace(asked, what=what)
    return next((one for one in questions(narrowed) if one.key == key), None)


def _terms(asked: Asked) -> tuple[list[Question], list[Question]]:
    versions = waiting_versions(field_id=asked.field_id)
    rows = _rows(Method.objects.filter(case__version__in=versions), "term_text")
    groups: dict[str, list[Row]] = {}
    own = []
    for row in rows:
        texts = {same_words(text) for text in row.texts}
        if not any(asked.says(text) for text in texts):
            continue
        if len(row.cases) == 1 and len(texts) == 1:
            groups.setdefault(texts.pop(), []).append(row)
        else:
            own.append(row)
    wanted = words_of(asked.words)
    terms = _grouped(TERM, groups, asked.words)
    return terms, [
        Question(OWN, "; ".join(dict.fromkeys(row.texts)), [row])
        for row in own
        if _fits(row, wanted)
    ]


def _fees(asked: Asked) -> list[Question]:
    versions = ProcedureVersion.objects.ready().newest()
    if asked.field_id:
        versions = versions.filter(field=asked.field_id)
    groups: dict[str, list[Row]] = {}
    unread = Method.objects.filter(case__version__in=versions, fee_amount=None)
    for row in _rows(unread, "fee_text"):
        for text in filter(asked.says, dict.fromkeys(map(same_words, row.texts))):
            groups.setdefault(text, []).append(_only(row, text))
    return _grouped(FEE, groups, asked.words)


def _only(row: Row, text: str) -> Row:
    """A row with those of its ways that say this."""
    at = [place for place, one in enumerate(row.texts) if same_words(one) == text]
    return Row(
        row.version_id, row.procedure_id, row.code, row.name, row.number, row.field,
        [row.channels[place] for place in at], [row.texts[place] for place in at], [row.notes[place] for place in at], row.cases,
    )  # fmt: skip


def _rows(methods: QuerySet[Method], column: str) -> Iterable[Row]:
    """By version, in the order of their codes. One query."""
    found: dict[int, Row] = {}
    rows = methods.order_by(
        "case__version__procedure__code", "case__version_id", "case__order", "channel"
    )
    for *head, case, channel, text, note in rows.values_list(
        *COLUMNS, "case_id", "channel", column, "note"
    ):
        version_id, procedure_id, code, name, number, field_name = head
        row = found.setdefault(
            version_id,
            Row(version_id, procedure_id, code, name, number, field_name, [], [], [], set()),
        )
        row.cases.add(case)
        row.channels.append(Channel(channel).label)
        row.texts.append(text)
        row.notes.append(note)
    return found.values()


def _grouped(what: str, groups: dict[str, list[Row]], words: str) -> list[Question]:
    """Searched for: the words of the record itself, or code and name of a procedure."""
    wanted, exact = words_of(words), same_words(words)
    found = []
    for key, rows in groups.items():
        kept = rows if exact and exact == key else [row for row in rows if _fits(row, wanted)]
        if kept:
            found.append(Question(what, kept[0].texts[0], kept))
    return sorted(found, key=lambda one: (-one.number, one.key))


def _fits(row: Row, wanted: Sequence[str]) -> bool:
    if not wanted:
        return True
    there = [row.code, *words_of(row.code), *words_of(row.name)]
    return all(any(word.startswith(one) for word in there) for one in wanted)


def _by_reception(found: list[Question], received: bool) -> list[Question]:
    """Only rows of procedures of which dossiers were (not) received."""
    ids = used({row.procedure_id for one in found for row in one.rows})
    for one in found:
        one.rows = [row for row in one.rows if (row.procedure_id in ids) == received]
    return [one for one in found if one.rows]
