"""What each slip shows, as frozen values. Whoever makes a slip fills one of these and stores
`to_dict()`; nothing else is printed. Times are aware, shown in Vietnam time. The look-up address
(with its secret) is not stored: `lookup_url` is put into the snapshot when the page is drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from dossiers import registry
from dossiers.desk.moved import because
from dossiers.intake.transfers import Transfer
from dossiers.slips.fitting import Room, density
from dossiers.slips.forms import Form
from dossiers.slips.frozen import freeze, thaw
from dossiers.slips.lines import Appointment, CertifiedLine, HandOverLine, WaitLine


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
            title=form.title,
            number=form.number,
            legal=form.legal,
            size=form.size,
            serial=form.serial,
            identity_label=form.identity_label,
        )


CITIZEN = "Ông/Bà"
# What the words of a transfer take; its picture stands beside the signatures.
PAY_LINES = 2
# Left out of a snapshot where there is none.
_UNSAID = (
    "filed_at", "earlier", "waits", "mobile_at", "appointments", "opinions", "received_for",
    "first", "pay",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Left head and contact. `desk`: the receiving unit's full name; `superior`: the agency above
    the one that issues; `place`: before the date, "Hòa Bình".
    """

    agency: str
    place: str
    desk: str = "Bộ phận Tiếp nhận và Trả kết quả"
    superior: str = ""
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
        """The receiving unit and whose it is; a centre bears its place in its name."""
        return (
            f"{self.desk} của {self.agency}"
            if self.desk.startswith("Bộ phận") and self.agency not in self.desk
            else self.desk
        )

    @property
    def above(self) -> str:
        """The upper line of the head: the agency above the one that issues. The counter of a
        committee stands below its committee.
        """
        return self.superior if self.desk == self.agency else self.agency

    @property
    def issuer(self) -> str:
        """The lower line of the head, in bold: who issues."""
        return self.desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`identity_label`: what the number is, where the form's own words do not fit; `addressed`: how
    the text speaks to the person.
    """

    name: str
    address: str = ""
    phone: str = ""
    email: str = ""
    identity: str = ""
    identity_label: str = ""
    addressed: str = CITIZEN

    @property
    def to(self) -> str:
        """Whom a document is for: "Ông/Bà Trần Văn Bình", "Công ty TNHH Bình Minh"."""
        return f"{CITIZEN} {self.name}" if self.addressed == CITIZEN else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs a document of the office: the lines above the signature, in capitals, and the name
    below it.
    """

    name: str = ""
    capacity: tuple[str, ...] = ()


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
        """01 bản chính, 02 bản sao."""
        counts = (
            (self.originals, "bản chính"),
            (self.certified, "bản sao chứng thực"),
            (self.copies, "bản sao"),
        )
        return ", ".join(f"{number:02d} {word}" for number, word in counts if number)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipContext:
    slug: str
    number: int
    made_at: datetime
    form: FormFacts
    office: Office
    officer: str = ""
    code: str = ""
    # Of what was handed in on a portal: when.
    filed_at: datetime | None = None
    lookup_url: str = ""
    # Of a document of the office, once the văn thư has numbered it: the day of its number.
    issued_on: date | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON snapshot; what comes later stays out of it: the look-up address, the day of issue."""
        data: dict[str, Any] = thaw(self)
        del data["lookup_url"], data["issued_on"]
        return {key: one for key, one in data.items() if one or key not in _UNSAID}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return freeze(cls, data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(SlipContext):
    """Form 01. `promised_at` None: `undetermined` ("chưa xác định") or nothing is returned at all.
    `first`: of a procedure of two stages; then the result is the second appointment.
    """

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
    # When everything was there, of a slip after a completion that began the term anew.
    completed_at: datetime | None = None
    mobile_at: str = ""  # where it was received outside the office
    first: Appointment | None = None
    # Received for this agency: the term begins when it receives it.
    received_for: str = ""
    # From which term the province shortened it, by which decision; "" where it did not.
    shortened: str = ""
    # How to pay by transfer what is owed still, where the counter has an account.
    pay: Transfer | None = None

    @property
    def replaced(self) -> str:
        """The slip that this one takes the place of, in full; before 2027 snapshots hold a number."""
        return (
            self.replaces
            if " " in self.replaces
            else f"{self.form.title.capitalize()} số {self.replaces}"
        )

    @property
    def density(self) -> str:
        """How small the letters must be for one page of A5."""
        return density(self._room)

    @property
    def _room(self) -> Room:
        by, first = self.submitter, self.first
        certified = tuple(line.name for line in self.certified)
        texts = (
            f"Bộ phận (Trung tâm) Tiếp nhận và Trả kết quả: {self.office.desk_of}",
            f"Nội dung yêu cầu giải quyết: {self.content}",
            f"Địa chỉ: {self.owner.address}",
            f"Đăng ký nhận: {self.result_at}",
            f"Người nộp, giấy tờ, điện thoại, ủy quyền: {by.name} {by.identity} {by.phone} {self.authorisation}"
            if by
            else "",
            f"Hẹn lần 1, {first.what}: 08 giờ 00 phút, ngày 00 tháng 00 năm 0000, tại {first.place}"
            if first
            else "",
        )
        # The name of a centre takes a line more in the head.
        lines = bool(by) + self.office.desk.startswith("Trung tâm") + bool(self.completed_at)
        lines += 2 * (bool(self.replaces) + (self.provisional or self.undetermined))
        lines += bool(self.mobile_at) + bool(first)
        lines += bool(self.shortened) + PAY_LINES * bool(self.pay)
        return Room(
            tuple(filter(None, texts)),
            lines,
            (*(paper.name for paper in self.papers), *certified),
            (*(f"{paper.name}: {paper.counts_words}" for paper in self.papers), *certified),
        )

    @property
    def lists_papers(self) -> bool:
        """Whether the papers stand as a list instead of a table."""
        return self.density in {"dense", "tight"}

    @property
    def total_fee(self) -> int:
        return sum(line.fee or 0 for line in self.certified)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLine:
    """A line of form 02: a paper of the list (or declared content), and what is wrong with it or
    how many are missing.
    """

    name: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRequest:
    """One time that completion was asked for before, in full."""

    asked_at: datetime
    items: tuple[WantedLine, ...]
    reason: str
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRequest(SlipContext):
    """Form 02, at the counter (no code yet) or during handling; `earlier`: the rounds before it."""

    owner: Person
    content: str
    items: tuple[WantedLine, ...]
    reason: str
    contact: str = ""
    contact_phone: str = ""
    respond_by: datetime | None = None
    earlier: tuple[EarlierRequest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(SlipContext):
    """Form 03 at the counter; `signed` after appraisal: then the agency that handled refuses, not
    the counter (R-65).
    """

    owner: Person
    content: str
    reason: str
    signed: Signer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Apology(SlipContext):
    """Form 04: a slip in the 2018 set, a document of the office in the 2025 set (`document_number`
    by the clerk of documents).
    """

    owner: Person
    content: str
    received_at: datetime
    reason: str
    new_promise_at: datetime | None
    promised_at: datetime | None = None
    unit: str = ""
    result_at: str = ""
    document_number: str = ""
    signer: str = ""
    capacity: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    # The counter that received it, where another agency signs.
    received_by: str = ""
    late: bool | None = None

    @property
    def is_late(self) -> bool:
        """Whether the promise had passed; a snapshot that does not say tells it by the day."""
        if self.late is None:
            return self.promised_at is not None and self.made_at.date() > self.promised_at.date()
        return self.late

    @property
    def why(self) -> str:
        """The reason as the middle of a sentence: "chưa có ý kiến của Sở Xây dựng"."""
        return because(self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopNotice(SlipContext):
    """Form 05 of the 2025 set: who asked, at which stage, what was decided, what happens to the
    fee.
    """

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
    signer: str = ""
    capacity: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    received_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverBlock:
    """One hand-over of the control sheet; `outcome` is of the giver's step, as the receiver stated
    it.
    """

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
    """Form 05/06, from the hand-over rows; begins and ends at the receiving desk (R-66, R-67).
    `waits`: the times that do not count, oldest first; `opinions`: whose opinion was asked.
    """

    owner: Person
    received_at: datetime
    handler: str
    content: str = ""
    promised_at: datetime | None = None
    provisional: bool = False
    undetermined: bool = False
    partners: str = ""
    blocks: tuple[HandOverBlock, ...] = ()
    waits: tuple[WaitLine, ...] = ()
    appointments: tuple[str, ...] = ()
    opinions: tuple[str, ...] = ()
    volume: int | None = None
    register_number: int | None = None


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
class PaperPack(SlipContext):
    codes: tuple[str, ...]
    lines: tuple[HandOverLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopeReceipt(SlipContext):
    submitter: Person
    authorisation: str
    content: str
    received_at: datetime
    term: str
    papers: tuple[str, ...] = ()
    lines: tuple[HandOverLine, ...] = ()
    result_at: str = ""
    fee: str = ""
    replaces: str = ""
    shortened: str = ""


# What no act of one dossier prints: lists of many.
LISTS: dict[str, type[SlipContext]] = {
    "ban-giao": HandOverList,
    "ban-giao-ket-qua": HandOverList,
    "goi-giay": PaperPack,
    "tiep-nhan-tap-the": EnvelopeReceipt,
}


def contexts() -> dict[str, type[SlipContext]]:
    """The context of every slip, by slug: those of lists, and those that acts declare."""
    return LISTS | {slug: kind.context for slug, kind in registry.slip_kinds().items()}
