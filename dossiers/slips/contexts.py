"""What each slip shows, as frozen values. Whoever makes a slip fills one of these and stores `to_dict()`; nothing else is printed.

Times are aware; they are shown in Vietnam time. The look-up address (with its secret) is not stored: it is put into the snapshot
as `lookup_url` when the page is drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
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
        """How small the letters must be for one page of A5: "" (10.8 pt), "snug" or, beyond that, "dense"."""
        names = [paper.name for paper in self.papers] + [line.name for line in self.certified]
        paper_lines = sum(1 + len(name) // 50 for name in names)
        lines = paper_lines + len(self.content) // 60 + len(self.owner.address) // 65 + 2 * bool(self.submitter)
        lines += bool(self.replaces) + 2 * (self.provisional or self.undetermined)
        return "" if lines <= 3 else "snug" if lines <= 6 else "dense"

    @property
    def total_fee(self) -> int:
        return sum(line.fee or 0 for line in self.certified)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRequest(SlipContext):
    """Form 02, at the counter (no code yet) or during handling."""

    owner: Person
    content: str
    items: tuple[str, ...]
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
