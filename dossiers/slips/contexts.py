"""What each slip shows, as frozen values. Whoever makes a slip fills one of these and stores `to_dict()`; nothing else is printed.

Times are aware; they are shown in Vietnam time. The look-up address (with its secret) is not stored: it is put into the snapshot
as `lookup_url` when the page is drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from textwrap import wrap
from typing import Any, Self

from dossiers.slips.forms import Form
from dossiers.slips.frozen import freeze, thaw


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFacts:
    """What the page says of its form; copied from forms.py on the day of the act."""

    title: str
    number: str = ""
    legal: str = ""
    size: str = "a5"
    serial: str = "{n}"
    identity_label: str = "Số căn cước/Hộ chiếu"

    @classmethod
    def of(cls, form: Form) -> Self:
        return cls(
            title=form.title, number=form.number, legal=form.legal, size=form.size, serial=form.serial, identity_label=form.identity_label
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Left head and contact. `desk`: the receiving unit's full name; `place`: before the date, "Hòa Bình" or "xã Hòa Bình"."""

    agency: str
    place: str
    desk: str = "Bộ phận Tiếp nhận và Trả kết quả"
    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""

    @property
    def desk_of(self) -> str:
        """What follows the label "Bộ phận (Trung tâm) Tiếp nhận và Trả kết quả"."""
        return self.agency if self.desk.startswith("Bộ phận") else self.desk

    @property
    def desk_name(self) -> str:
        """The receiving unit and whose it is; a service centre is its own agency."""
        return self.desk if self.agency.casefold() in self.desk.casefold() else f"{self.desk} – {self.agency}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    name: str
    address: str = ""
    phone: str = ""
    email: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    name: str
    originals: int = 0
    certified: int = 0
    copies: int = 0
    note: str = ""

    @property
    def bare_name(self) -> str:
        """The name without what ends a sentence: its counts follow."""
        return self.name.rstrip(" .;:,")

    @property
    def counts_words(self) -> str:
        """01 bản chính, 02 bản photo."""
        counts = ((self.originals, "bản chính"), (self.certified, "bản chứng thực"), (self.copies, "bản photo"))
        return ", ".join(f"{number:02d} {word}" for number, word in counts if number)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedLine:
    """A line of a certification (chứng thực): pages of the paper, copies made, fee in đồng."""

    name: str
    pages: int = 1
    copies: int = 1
    fee: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipContext:
    slug: str
    number: int
    made_at: datetime
    form: FormFacts
    office: Office
    officer: str = ""
    code: str = ""
    lookup_url: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON snapshot; the look-up address stays out of it."""
        data: dict[str, Any] = thaw(self)
        del data["lookup_url"]
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return freeze(cls, data)


@dataclass(frozen=True, slots=True)
class Measure:
    """What one size of letters makes of form 01, in mm; letters: how many of a text, of a paper's name, fill a line."""

    fixed: float
    text_letters: int
    text_line: float
    name_letters: int
    name_line: float
    gap: float
    lists: bool = False


PAGE_HEIGHT = 193.0
# Measured on the catalogue's own names; the lines are those of static/slips.css.
_MEASURES = {
    "snug": Measure(163.0, 75, 4.6, 62, 4.0, 1.2),
    "dense": Measure(127.0, 85, 3.9, 89, 3.8, 0.2, lists=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(SlipContext):
    """Form 01. `promised_at` None: `undetermined` ("chưa xác định") or nothing is returned at all."""

    owner: Person
    content: str
    received_at: datetime
    term: str
    submitter: Person | None = None
    authorisation: str = ""
    papers: tuple[PaperLine, ...] = ()
    certified: tuple[CertifiedLine, ...] = ()
    sets: int = 1
    promised_at: datetime | None = None
    provisional: bool = False
    undetermined: bool = False
    result_at: str = ""
    fee: str = ""
    volume: int | None = None
    register_number: int | None = None
    replaces: str = ""

    @property
    def density(self) -> str:
        """How small the letters must be for one page of A5: "snug" (10.2 pt) with the papers in a table; "dense" (9.7 pt) and "tight"
        (9.1 pt) with the papers as the numbered list of the official form, which is wider. Beyond that it takes a second page."""
        return next((name for name, measure in _MEASURES.items() if self._height(measure) <= PAGE_HEIGHT), "tight")

    @property
    def lists_papers(self) -> bool:
        """Whether the papers stand as a list instead of a table."""
        return self.density in {"dense", "tight"}

    def _height(self, measure: Measure) -> float:
        """About how many mm the slip needs."""
        texts = [f"Nội dung yêu cầu giải quyết: {self.content}", f"Địa chỉ: {self.owner.address}", f"Đăng ký nhận: {self.result_at}"]
        if (by := self.submitter) is not None:
            texts.append(f"Người nộp, giấy tờ, điện thoại, ủy quyền: {by.name} {by.identity} {by.phone} {self.authorisation}")
        more = sum(len(wrap(text, measure.text_letters)) - 1 for text in texts) + bool(self.submitter) + bool(self.replaces)
        more += 2 * (self.provisional or self.undetermined)
        names = [f"{paper.name}: {paper.counts_words}" if measure.lists else paper.name for paper in self.papers]
        names += [line.name for line in self.certified]
        lines = sum(len(wrap(name, measure.name_letters)) for name in names)
        return measure.fixed + more * measure.text_line + lines * measure.name_line + len(names) * measure.gap

    @property
    def total_fee(self) -> int:
        return sum(line.fee or 0 for line in self.certified)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLine:
    """A line of form 02: a paper of the list (or declared content), and what is wrong with it or how many are missing."""

    name: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRequest(SlipContext):
    """Form 02, at the counter (no code yet) or during handling."""

    owner: Person
    content: str
    items: tuple[WantedLine, ...]
    reason: str
    contact: str = ""
    contact_phone: str = ""
    respond_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(SlipContext):
    """Form 03."""

    owner: Person
    content: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Apology(SlipContext):
    """Form 04: a slip in the 2018 set, a document of the office in the 2025 set (`document_number` by the clerk of documents)."""

    owner: Person
    content: str
    received_at: datetime
    reason: str
    new_promise_at: datetime | None
    promised_at: datetime | None = None
    unit: str = ""
    result_at: str = ""
    document_number: str = ""
    signer_title: str = "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ"
    signer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopNotice(SlipContext):
    """Form 05 of the 2025 set: who asked, at which stage, what was decided, what happens to the fee."""

    owner: Person
    content: str
    received_at: datetime
    requested_by: str
    requested_at: datetime
    reason: str
    stage: str = ""
    decision: str = ""
    fee_consequence: str = ""
    document_number: str = ""
    signer_title: str = "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ"
    signer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverBlock:
    """One hand-over of the control sheet; `outcome` is of the giver's step, as the receiver stated it."""

    giver_unit: str
    receiver_unit: str
    given_at: datetime
    giver: str = ""
    receiver: str = ""
    confirmed_at: datetime | None = None
    outcome: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSheet(SlipContext):
    """Form 05/06, from the hand-over rows; begins and ends at the receiving desk (R-66, R-67)."""

    owner: Person
    received_at: datetime
    handler: str
    content: str = ""
    promised_at: datetime | None = None
    provisional: bool = False
    undetermined: bool = False
    partners: str = ""
    blocks: tuple[HandOverBlock, ...] = ()
    volume: int | None = None
    register_number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverLine:
    code: str
    content: str
    owner: str
    received_at: datetime | None = None
    promised_at: datetime | None = None
    papers: str = ""
    result: str = ""
    urgency: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverList(SlipContext):
    """The list that goes with the papers, signed by giver and receiver; also a leaver's whole desk."""

    giver_unit: str
    receiver_unit: str
    lines: tuple[HandOverLine, ...]
    given_at: datetime | None = None
    giver: str = ""
    receiver: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    number: int
    code: str
    content: str
    owner: str
    sets: int = 1
    address: str = ""
    phone: str = ""
    handler: str = ""
    received_at: datetime | None = None
    promised_at: datetime | None = None
    forwarded_at: datetime | None = None
    result_at: datetime | None = None
    returned_at: datetime | None = None
    way: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(SlipContext):
    """Form 06/07, A4 across; the line numbers run on through the year (R-85)."""

    year: int
    volume: int = 1
    lines: tuple[RegisterLine, ...] = ()
    from_day: date | None = None
    to_day: date | None = None


CONTEXTS: dict[str, type[SlipContext]] = {
    "tiep-nhan": Receipt,
    "bo-sung": SupplementRequest,
    "tu-choi": Refusal,
    "xin-loi": Apology,
    "dung": StopNotice,
    "kiem-soat": ControlSheet,
    "ban-giao": HandOverList,
    "ban-giao-ket-qua": HandOverList,
    "so-theo-doi": Register,
}
