"""Many dossiers at once from one person (R-19): each is received in a transaction of its own, and what
cannot be received is named and received when it is put right; the results go back together too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from dossiers import rules
from dossiers.acts import reception
from dossiers.acts.many import Done, Seen, refused
from dossiers.acts.returning import Taking, give_back
from dossiers.intake.authority import is_owner
from dossiers.intake.brought import Intake, Person, SubmitterIn
from dossiers.models import Dossier, Return, Slip
from dossiers.models.envelopes import Envelope
from dossiers.slips import envelopes as paper
from dossiers.states import State
from onestop.accounts.models import Agency
from onestop.errors import DomainError, require
from procedures.channels import Channel

if TYPE_CHECKING:
    from dossiers.intake.brought import PaperIn
    from onestop.accounts.desk import Desk
    from procedures.models import Case

MOST = 100


@dataclass(frozen=True, slots=True)
class Sender:
    """Who brought them, and by what authority."""

    name: str
    authorisation: str
    identity: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Common:
    """What is the same of all of them."""

    case: Case
    papers: tuple[PaperIn, ...]
    no_scan_reason: str
    fee_amount: int | None = None
    fee_reason: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one owner: his dossier, or why it could not be received."""

    line: str
    dossier: Dossier | None = None
    error: DomainError | None = None


def open_envelope(
    agency: Agency, case: Case, sender: Sender, *, token: UUID, by: Desk, at: datetime
) -> Envelope:
    """The envelope of this page, made once. Errors: DomainError("sender_missing",
    "submitter_authorisation", "agency_ended", "not_your_counter"), ("envelope_token_used") where
    this page made one for another sender or case.
    """
    require(rules.may_receive_at(by, agency, timezone.localdate(at)))
    if not sender.name.strip():
        raise DomainError("sender_missing", field="sender_name")
    if not sender.authorisation.strip():
        raise DomainError("submitter_authorisation", field="authorisation")
    said: dict[str, object] = {
        "agency": agency,
        "case": case,
        "sender_name": sender.name.strip(),
        "sender_identity": sender.identity.strip(),
        "sender_phone": sender.phone.strip(),
        "authorisation": sender.authorisation.strip(),
    }
    with transaction.atomic():
        # Numbers run on: two clerks who press at once get different ones.
        Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
        known = Envelope.objects.select_related("agency", "case").filter(token=token).first()
        if known is not None:
            # Gone back to and filled in for somebody else: his dossiers are not the first one's.
            if any(getattr(known, name) != value for name, value in said.items()):
                raise DomainError("envelope_token_used", whose=known.sender_name)
            return known
        year = timezone.localdate(at).year
        before = Envelope.objects.filter(agency=agency, year=year)
        last = before.aggregate(last=Max("number"))["last"] or 0
        return Envelope.objects.create(
            token=token,
            year=year,
            number=last + 1,
            made_at=at,
            made_by=by.officer,
            **said,
        )


def receive_all(
    envelope: Envelope,
    owners: Sequence[tuple[str, Person]],
    common: Common,
    *,
    by: Desk,
    at: datetime,
) -> list[Received]:
    """Receive each owner's dossier; the same line sent again finds its dossier. In: the lines as
    they were typed, with whom they name. No slip each: the envelope's receipt lists them, and is
    made when they are all through. A line whose dossier was voided is received anew.
    """
    require(rules.may_receive_at(by, envelope.agency, timezone.localdate(at)))
    done: list[Received] = []
    void = Dossier.objects.filter(envelope__envelope=envelope, state=State.VOIDED)
    voided = set(void.values_list("intake_token", flat=True))
    for line, owner in owners:
        intake = Intake(
            token=_token(envelope, line, voided),
            agency=envelope.agency,
            case_id=common.case.pk,
            channel=Channel.DIRECT,
            owner=owner,
            papers=common.papers,
            submitter=_submitter(envelope, owner),
            fee_amount=common.fee_amount,
            fee_reason=common.fee_reason,
            no_scan_reason=common.no_scan_reason,
            with_slip=False,
            envelope_id=envelope.pk,
            case=common.case,
        )
        try:
            done.append(Received(line, reception.receive(intake, by=by, at=at)))
        except DomainError as error:
            done.append(Received(line, error=error))
    receipt(envelope, by=by, at=at)
    return done


def receipt(envelope: Envelope, *, by: Desk, at: datetime) -> Slip | None:
    """The one receipt of the envelope: the last one again while it lists what counts, else a new one
    that replaces it (R-87, R-88); None where nothing of it counts.
    """
    require(rules.may_stand_at(by, envelope.agency_id))
    with transaction.atomic():
        # Two who press at once make one.
        Envelope.objects.select_for_update(no_key=True).get(pk=envelope.pk)
        rows, last = paper.rows_of(envelope), paper.receipts_of(envelope).first()
        if not rows:
            return None
        if last is not None and last.is_standing and paper.is_of(last, rows):
            return last
        made = paper.make(envelope, rows, by=by.officer, at=at, instead_of=last)
        if last is not None and last.is_standing:
            paper.set_aside(last, at=at, recorded_at=at)
        return made


def _token(envelope: Envelope, line: str, voided: Collection[UUID]) -> UUID:
    """Of this line: the same one again, as long as its dossier was not received by mistake."""
    token = uuid5(envelope.token, line)
    while token in voided:
        token = uuid5(token, line)
    return token


def _submitter(envelope: Envelope, owner: Person) -> SubmitterIn | None:
    """Who brought it; not of the sender's own."""
    if is_owner(
        name=envelope.sender_name,
        identity=envelope.sender_identity,
        owner_name=owner.name,
        owner_identity=owner.identity_number,
    ):
        return None
    return SubmitterIn(
        name=envelope.sender_name,
        authorisation=envelope.authorisation,
        identity_number=envelope.sender_identity,
        phone=envelope.sender_phone,
    )


def ready_of(envelope: Envelope) -> list[Dossier]:
    """What of it is finished and lies at the counter to be given back."""
    rows = Dossier.objects.filter(envelope__envelope=envelope, state=State.FINISHED)
    return list(rows.filter(pending_department=None).order_by("code"))


def return_all(
    envelope: Envelope,
    seen: Sequence[Seen],
    taking: Taking,
    *,
    by: Desk,
    at: datetime,
    press: UUID | None = None,
) -> list[Done]:
    """Give every result to who takes them for all; what belongs to the taker himself is his own.
    Each in a transaction of its own. Errors of one of them stand in its line.
    """
    require(rules.may_stand_at(by, envelope.agency_id))
    owners = Dossier.objects.in_bulk([one.dossier_id for one in seen])
    done: list[Done] = []
    for one in seen:
        dossier = owners[one.dossier_id]
        own = is_owner(
            name=taking.name,
            identity=taking.identity,
            owner_name=dossier.owner_name,
            owner_identity=dossier.identity_number,
        )
        taker = replace(taking, taker=Return.Taker.OWNER, authorisation="") if own else taking
        try:
            give_back(one, taker, by=by, at=at, press=press)
            done.append(Done(dossier.pk, dossier.code))
        except DomainError as error:
            done.append(refused(dossier.pk, error))
    return done
