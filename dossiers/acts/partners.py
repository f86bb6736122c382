"""What a partner office does: it hands a dossier into the inbox of a counter, answers what the counter
asks for, takes a hand-in back while nobody has answered it (NĐ 118/2025 Điều 16).

A hand-in is no dossier: it gets its code and its promise when the counter receives it, and counts by the
channel of its office, never as filed online (R-12). No law gives the counter hours for it as R-40 does for
what is filed on the portal; the office gives it the same eight working hours, so that nobody's papers lie
unseen, and counts no lateness of the online figures by them. Where the papers follow by bag no hours run:
the counter can judge nothing before they are here, and what the post brings counts from its hand-over
(R-38).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from dossiers.acts import filings
from dossiers.desk import partners
from dossiers.intake import drafts, online
from dossiers.intake.assessing import assess, published
from dossiers.intake.brought import Brought, Person, SubmitterIn
from dossiers.intake.said import FILES, Added, Said, said_of
from dossiers.models import Draft, OnlineFiling, PartnerOffice
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Role
from onestop.errors import DomainError, require
from onestop.files.domain import adopt
from onestop.once import once
from onestop.outbox.domain import post
from onestop.outbox.told import told
from onestop.results import Answer, Denied

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Agency, Officer
    from procedures.models import Case, ProcedureVersion

State = OnlineFiling.State
# By what another hand-in under the token of the same page is known; files come only once.
TOLD_APART = (
    "source_id", "handed_by_id", "agency_id", "procedure_id", "case_id", "owner_name",
    "identity_number", "phone", "email", "address",
)  # fmt: skip
# What only the counter can judge, who sees the paper.
LEFT_TO_THE_COUNTER = frozenset({"identity_reason", "identity_missing"})


@dataclass(frozen=True, slots=True)
class HandIn:
    """What a partner's page says. `papers`: how many files came of each published paper, by its id;
    `follows`: the papers come by bag; `token`: of the page, under which its draft keeps the files.
    """

    token: UUID
    agency: Agency
    version: ProcedureVersion
    case: Case
    owner: Person
    submitter: SubmitterIn | None = None
    authorisation: str = ""
    papers: Mapping[int, int] | None = None
    files: Sequence[int] = ()
    draft_id: int | None = None
    follows: bool = False
    note: str = ""

    def brought(self, channel: int) -> Brought:
        """The same as it is assessed (assessing.py)."""
        return Brought(
            version=self.version,
            agency=self.agency,
            case=self.case,
            channel=channel,
            owner=self.owner,
            submitter=self.submitter,
        )


def may_hand_in(desk: Desk, partner: PartnerOffice | None, agency: Agency) -> Answer:
    """Denied with partner_none, partner_over or partner_counter."""
    if partner is None or not desk.has(Role.PARTNER):
        return Denied("partner_none")
    return partners.may_hand_to(partner, agency, desk.on)


def hand_in(what: HandIn, *, by: Desk, at: datetime) -> OnlineFiling:
    """Into the inbox of the counter. Effects: the filing under a code of its office, its files; the
    draft goes. The same page sent again gives its first filing. Errors: DomainError with the field:
    partner_…, those of assess() and of the catalogue.
    """
    partner = partners.partner_of(by)
    require(may_hand_in(by, partner, what.agency))
    assert partner is not None
    with once(DomainError("partner_twice")):
        known = OnlineFiling.objects.filter(token=what.token).first()
        if known is not None:
            return _same(known, what, partner, by=by.officer, at=at)
        _check(what, partner, at)
        filing = _made(what, partner, by=by.officer, at=at)
        _take_files(what, filing)
    drafts.forget(what.token, officer=by.officer)
    return filing


def _take_files(what: HandIn | Completion, filing: OnlineFiling) -> None:
    """What the draft of the page kept becomes the filing's."""
    if what.files and what.draft_id is not None:
        adopt(
            what.files, from_kind=drafts.KIND, from_id=what.draft_id, kind=FILES,
            object_id=filing.pk,
        )  # fmt: skip


def _same(
    known: OnlineFiling, what: HandIn, partner: PartnerOffice, *, by: Officer, at: datetime
) -> OnlineFiling:
    """The first hand-in of this page, never for other content: that was not handed in."""
    again = _built(what, partner, by=by, at=at)
    if any(getattr(known, name) != getattr(again, name) for name in TOLD_APART):
        raise DomainError("partner_twice")
    if said_of(known).authorisation != said_of(again).authorisation:
        raise DomainError("partner_twice")
    return known


def problems_of(what: HandIn, channel: int, at: datetime) -> list[DomainError]:
    """What is wrong with it; numbers that need a reason are the counter's to judge."""
    assessment = assess(what.brought(channel), at=at)
    judged = (assessment.of_choice(), assessment.of_owner(), assessment.of_submitter())
    return [
        problem.error()
        for group in judged
        for problem in group
        if problem.code not in LEFT_TO_THE_COUNTER
    ]


def _check(what: HandIn, partner: PartnerOffice, at: datetime) -> None:
    if not partner.is_post and not what.authorisation.strip():
        raise DomainError("partner_authorisation", field="authorisation")
    if not what.owner.phone and (what.submitter is None or not what.submitter.phone):
        raise DomainError("partner_phone", field="phone")
    listed = {paper.pk for paper in published(what.case)}
    if set(what.papers or {}) - listed:
        raise DomainError("partner_paper_unknown", field="papers")
    if not what.follows and not what.files:
        raise DomainError("partner_papers", field="papers")
    for error in problems_of(what, partner.channel, at):
        raise error


def _made(what: HandIn, partner: PartnerOffice, *, by: Officer, at: datetime) -> OnlineFiling:
    filing = _built(what, partner, by=by, at=at)
    filing.code = _next_code(partner, at)
    _begin_hours(filing, at)
    filing.save()
    return filing


def _built(what: HandIn, partner: PartnerOffice, *, by: Officer, at: datetime) -> OnlineFiling:
    """As the page says it; without a code, not saved."""
    kept = assess(what.brought(partner.channel), at=at)
    filing = OnlineFiling(
        source=partner.source,
        agency=what.agency,
        arrived_at=at,
        channel=partner.channel,
        procedure=what.version.procedure,
        procedure_text=what.version.name[:500],
        case=what.case,
        owner_name=what.owner.name,
        identity_number=kept.identity.value[:30],
        phone=kept.phone.value[:20],
        email=what.owner.email,
        address=what.owner.address,
        handed_by=by,
        token=what.token,
    )
    brings = what.submitter
    filing.said = Said(
        owner_kind=what.owner.kind,
        identity_kind=what.owner.identity_kind,
        papers=None if what.follows else dict(what.papers or {}),
        submitter=brings.name if brings is not None else "",
        submitter_identity=kept.submitter_identity.value if brings is not None else "",
        submitter_phone=kept.submitter_phone.value if brings is not None else "",
        authorisation=what.authorisation,
        follows=what.follows,
        note=what.note,
    ).told()
    return filing


def _next_code(partner: PartnerOffice, at: datetime) -> str:
    """Of its office, by day, without holes: its row is locked until the end of the transaction."""
    row = PartnerOffice.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    row.handed += 1
    row.save(update_fields=["handed"])
    return f"GH{partner.pk}-{timezone.localtime(at):%y%m%d}-{row.handed:04d}"


def _begin_hours(filing: OnlineFiling, at: datetime) -> None:
    """From when it waits, and until when it is to be answered; not saved."""
    filing.filed_at = at
    filing.accept_by = filing.warn_at = None
    filing.soon_flagged = filing.late_flagged = False
    if not filing.papers_follow:
        promise = online.clock(at, calendar_of(filing.agency_id))
        filing.accept_by, filing.warn_at = promise.at, promise.warn_at


@dataclass(frozen=True, slots=True)
class Completion:
    """What a partner answers: files of the draft under `token`, what was done in words, whether papers
    follow by bag.
    """

    token: UUID
    note: str = ""
    files: Sequence[int] = ()
    draft_id: int | None = None
    follows: bool = False


def complete(pk: int, what: Completion, *, by: Desk, at: datetime) -> OnlineFiling:
    """What the counter asked for is here: the hand-in waits again, from now. Errors:
    DomainError("partner_none", "partner_over", "partner_counter", "partner_not_asked",
    "partner_answer").
    """
    partner = partners.partner_of(by)
    with transaction.atomic():
        filing = filings.locked(pk)
        require(may_hand_in(by, partner, filing.agency))
        _require_own(filing, partner)
        if not partners.is_asked(filing):
            raise DomainError("partner_not_asked")
        if not what.files and not what.note.strip():
            raise DomainError("partner_answer", field="note")
        filings.wait_again(filing)
        said = said_of(filing)
        follows = what.follows or (said.follows and not what.files)
        note = " ".join(what.note.split()) or "Đã gửi giấy tờ bổ sung"
        # What came before stays counted. What is new is in files of no one paper: where one was missing
        # the clerk opens the form and counts.
        papers = None if follows else (said.papers or {})
        added = (*said.added, Added(at, note))
        filing.said = replace(said, follows=follows, papers=papers, added=added).told()
        _begin_hours(filing, at)
        filing.save()
        _take_files(what, filing)
    drafts.forget(what.token, officer=by.officer)
    return filing


def _require_own(filing: OnlineFiling, partner: PartnerOffice | None) -> None:
    if partner is None or filing.source_id != partner.source_id:
        require(Denied("partner_none"))


def take_back(pk: int, *, reason: str, by: Desk, at: datetime) -> OnlineFiling:
    """Rút lại: handed in wrongly, or the owner wants it back; only while it waits. Errors:
    DomainError("online_reason", "partner_none", "partner_waits_not").
    """
    if not reason.strip():
        raise DomainError("online_reason", field="reason")
    partner = partners.partner_of(by)
    with transaction.atomic():
        filing = filings.locked(pk)
        _require_own(filing, partner)
        if not filing.is_waiting:
            raise DomainError("partner_waits_not")
        words = f"Đơn vị gửi hộ rút: {reason}"
        filings.end(filing, State.ELSEWHERE, by=by.officer, at=at, reason=words)
    return filing


def draft_of(token: UUID, *, title: str, by: Officer, at: datetime) -> Draft:
    """The draft under which a page keeps its files until it is handed in."""
    draft, _ = Draft.objects.update_or_create(
        token=token, officer=by, defaults={"title": title[:200], "data": {}, "updated_at": at}
    )
    return draft


def tell(*, filing: OnlineFiling, at: datetime, **_: Any) -> None:
    """Who handed it in is told what became of it, inside the transaction of that."""
    if filing.handed_by_id is None or filing.handed_by_id == filing.ended_by_id:
        return
    assert filing.handed_by is not None
    words, _tone = partners.words_of(filing)
    post(
        kind="handed_in",
        dedupe=f"handed-in:{filing.pk}:{at.isoformat()}",
        **told("dossiers/told/handed_in", filing=filing, words=words, dossier=filing.dossier),
        at=at,
        to_officer=filing.handed_by,
        link=reverse("partner_online_filing", args=[filing.pk]),
        mail=False,
    )
