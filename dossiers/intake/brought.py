"""What was brought to the counter, as whoever received it decided: one value, whatever door it came
through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from dossiers.models.dossier import IdentityKind, OwnerKind
from onestop.accounts.models import Agency
from procedures.channels import Channel
from procedures.models import Case


@dataclass(frozen=True, slots=True)
class PaperIn:
    """A published paper as it was handed in."""

    paper_id: int
    originals: int = 0
    certified: int = 0
    copies: int = 0
    from_database: bool = False


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
    handled_by: Agency | None = None
    kiosk: bool = False
    out_of_area: bool = False
    source_code: str = ""
    # The case as the page has just read it with its version, methods and papers; read here when the
    # caller has none.
    case: Case | None = field(default=None, compare=False, repr=False)
