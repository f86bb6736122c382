"""What an import is made of: the decision that publishes it, what it found, what it will write."""

from dataclasses import dataclass, field
from datetime import date

from procedures.models import Status
from procedures.reading import MethodRecord, ProcedureRecord


@dataclass(frozen=True, slots=True)
class Publication:
    """The decision that publishes the records of a file: number, day of signing, first day in
    force.
    """

    number: str
    signed: date
    effective: date


@dataclass(frozen=True, slots=True)
class Problem:
    """A record that was refused ("rejected") or waits for somebody ("term", "fee"), with its place
    in the file.
    """

    place: int
    code: str
    kind: str
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What an import did, or with `dry_run` would do."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    needs_decision: int = 0
    rejected: int = 0
    verified: int = 0
    left_out: int = 0
    # Whose trình tự, mẫu đơn, yêu cầu are said anew; that makes no version.
    texts: int = 0
    problems: list[Problem] = field(default_factory=list)
    changes: list[tuple[str, list[str]]] = field(
        default_factory=list
    )  # code and the parts that differ
    # Of processes: place, code, name, "new" or "changed", [[label, before, after]].
    lines: list[tuple[int, str, str, str, list[list[str]]]] = field(default_factory=list)
    # What an import that was carried out is remembered as.
    run_id: int | None = None

    def counts(self) -> dict[str, int]:
        names = ("new", "changed", "unchanged", "needs_decision", "rejected", "verified")
        found = {name: getattr(self, name) for name in names}
        return found | ({"texts": self.texts} if self.texts else {})


@dataclass(frozen=True, slots=True)
class Row:
    """A way to apply as a correction left it, with the record's words that it was made from."""

    term: str
    fee: int | None
    words: tuple[str, str, str]

    def same_words(self, method: MethodRecord) -> bool:
        return self.words == (method.term_text, method.fee_text, method.note)


Corrected = dict[tuple[int, int], Row]


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of the newest version of a code before the import."""

    version_id: int
    procedure_id: int
    content_hash: str
    effective_from: date
    unverified: bool
    supplement_mode: int
    corrects_id: int | None
    last_number: int


@dataclass(frozen=True, slots=True)
class Waiting:
    record: ProcedureRecord
    stored: Stored | None
    status: Status
    # What a controller confirmed anew, by order of the case and channel.
    corrected: Corrected
