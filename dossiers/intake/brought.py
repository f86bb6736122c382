"""What was brought to the counter, as whoever received it decided: one value, whatever door it came
through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from dossiers.models.dossier import IdentityKind, OwnerKind
from onestop.accounts.models import Agency
from procedures.channels import Channel
from procedures.models import Case, Method, ProcedureVersion


@dataclass(frozen=True, slots=True)
class PaperIn:
    """A published paper as it was handed in. `stored`: the result of an earlier dossier that it is taken
    from (R-15), 0 for none.
    """

    paper_id: int
    originals: int = 0
    certified: int = 0
    copies: int = 0
    from_database: bool = False
    stored: int = 0

    @property
    def is_given(self) -> bool:
        return bool(self.originals or self.certified or self.copies or self.from_database)


@dataclass(frozen=True, slots=True)
class Person:
    """The owner as the counter wrote it."""

    name: str
    kind: int = OwnerKind.CITIZEN
    identity_kind: int = IdentityKind.CITIZEN_CARD
    identity_number: str = ""
    identity_note: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class SubmitterIn:
    name: str
    authorisation: str
    identity_number: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class OnlineIn:
    """What a portal says of a dossier that was handed in there: its code, and when (None: as the
    portal's list says). `reason`: why so old a filing is received only now; `seen`: which content of
    the filing the page showed.
    """

    code: str
    filed_at: datetime | None = None
    reason: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What a partner office handed in, by the id of its row and its own code; `seen`: which content
    the page showed; `has_files`: its papers came as files, which become the dossier's.
    """

    filing_id: int
    seen: str = ""
    has_files: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class ElsewhereIn:
    """Of what was received away from the program: on paper in an incident, under the reserved code
    that was chosen; or outside the office, and where.
    """

    kind: int
    place: str = ""
    outage_id: int | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class PaidIn:
    """What is taken in the moment of reception: all that is owed, out of which book of receipts and
    how. `fee`: how much of it is phí, the rest is lệ phí; `number`: of the paper receipt in the hand.
    """

    series_id: int
    way: int
    fee: int = 0
    reference: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """What lies on the counter, as far as it is known: what is assessed (assessing.py) before a
    dossier is made of it. Anything may still be missing.
    """

    version: ProcedureVersion
    agency: Agency
    case: Case | None = None
    channel: int = Channel.DIRECT
    handled_by: Agency | None = None
    owner: Person = Person("")
    submitter: SubmitterIn | None = None
    papers: tuple[PaperIn, ...] = ()
    fee_units: int = 1
    fee_amount: int | None = None
    fee_reason: str = ""
    has_scans: bool = False
    no_scan_reason: str = ""
    return_by_post: bool = False

    @property
    def method(self) -> Method | None:
        """The catalogue row whose term and fee hold for the case and channel."""
        return self.case.method_for(self.channel) if self.case is not None else None


@dataclass(frozen=True, slots=True)
class Intake:
    """All that the counter decided, already checked by the form. `token` makes a double submit one
    dossier.
    """

    token: UUID
    agency: Agency
    case_id: int
    channel: Channel
    owner: Person
    papers: tuple[PaperIn, ...]
    submitter: SubmitterIn | None = None
    summary: str = ""
    sets: int = 1
    fee_amount: int | None = None
    fee_reason: str = ""
    attachment_ids: tuple[int, ...] = ()
    draft_id: int | None = None
    no_scan_reason: str = ""
    return_by_post: bool = False
    with_slip: bool = True
    # Hour and day agreed with the applicant (acts/agreed_time.py).
    agreed: datetime | None = None
    handled_by: Agency | None = None
    kiosk: bool = False
    out_of_area: bool = False
    # Of a dossier that came from a portal: it keeps that code, and no other dossier may have one.
    online: OnlineIn | None = None
    # Of what a partner office handed in: it gets a code of ours.
    handed_in: HandedIn | None = None
    # Of a dossier that was received away from the program and is entered now.
    elsewhere: ElsewhereIn | None = None
    # Of one of many that somebody brought at once (acts/envelopes.py).
    envelope_id: int | None = None
    # Earlier visits that the page proposed to count with it, and the clerk did not choose.
    left_visits: tuple[int, ...] = ()
    # Its fee, where the counter takes it at once.
    paid: PaidIn | None = None
    # The case as the page has just read it with its version, methods and papers; read here when the
    # caller has none.
    case: Case | None = field(default=None, compare=False, repr=False)

    def brought(self, case: Case) -> Brought:
        """The same as it is assessed. In: the case with its version, methods and papers."""
        return Brought(
            version=case.version,
            agency=self.agency,
            case=case,
            channel=self.channel,
            handled_by=self.handled_by,
            owner=self.owner,
            submitter=self.submitter,
            papers=self.papers,
            fee_amount=self.fee_amount,
            fee_reason=self.fee_reason,
            has_scans=bool(self.attachment_ids)
            or (self.handed_in is not None and self.handed_in.has_files),
            no_scan_reason=self.no_scan_reason,
            return_by_post=self.return_by_post,
        )
