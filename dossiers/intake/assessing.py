"""What was brought to the counter, assessed: one function, whatever door it comes through. It knows
no page and no form; the intake page, the short path and the act of reception ask it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from dossiers.clock import deadlines
from dossiers.identity import Checked, check_identity, check_person, check_phone
from dossiers.intake.authority import is_owner
from dossiers.intake.brought import Brought, PaperIn, SubmitterIn
from dossiers.intake.fees import Fee, fee_of
from dossiers.intake.problems import Problem
from dossiers.intake.repeats import repeats
from dossiers.intake.shortened import explained, facts, words_of
from dossiers.models import Dossier
from dossiers.models.dossier import OwnerKind
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Agency
from onestop.errors import say
from onestop.results import Denied
from onestop.worktime import Calendar, Outside, Promise, Term, outside, parse_term
from procedures.channels import Channel
from procedures.conditions import conditions_of
from procedures.listed import Listed, listed
from procedures.models import Case, Paper
from procedures.rules import receivable
from procedures.shortened import Shortened

# How long ago the post may have handed a dossier over that is entered now.
# Longer than any holiday: what was signed before Tết is typed after it.
POST_DAYS = 14
POST_WITHIN = timedelta(days=POST_DAYS)


def assess(brought: Brought, *, at: datetime, now: datetime | None = None) -> Assessment:
    """What follows from what was brought. In: from when it counts as received, and when it is
    entered (None: the same). Nothing is read before it is asked for, and nothing twice.
    """
    return Assessment(brought, at=at, now=now or at)


@dataclass(frozen=True, slots=True)
class Settled:
    """What is known once nothing binding is missing."""

    case: Case
    term: Term
    fee: Fee


class Assessment:
    """The answers: `problems`, `promise`, `fee`, `papers`, `repeats`, and the numbers as they are
    stored. None where too little is known yet.
    """

    def __init__(self, brought: Brought, *, at: datetime, now: datetime) -> None:
        self.brought, self.at, self.now = brought, at, now

    @property
    def _today(self) -> date:
        return timezone.localdate(self.now)

    # --- what follows -----------------------------------------------------------------------------

    @property
    def statutory(self) -> Term | None:
        """The term as the catalogue has it."""
        method = self.brought.method
        return parse_term(method.term) if method is not None and method.term else None

    @cached_property
    def lists(self) -> Listed:
        """What the lists say of the procedure at this counter on the day it counts as received."""
        on = timezone.localdate(self.at)
        return listed(self.brought.agency, on, [self.brought.version.procedure_id])

    @cached_property
    def shortened(self) -> Shortened | None:
        """The province's term, where a list in force on that day says a shorter one (R-133) and the
        day it gives is no later than the statutory one.
        """
        case, statutory = self.brought.case, self.statutory
        if case is None or statutory is None:
            return None
        found = self.lists.shortened(self.brought.version.procedure_id, case.name, statutory)
        return found if found is not None and self._is_no_later(found.term, statutory) else None

    def _is_no_later(self, term: Term, statutory: Term) -> bool:
        """Seven working days are shorter than ten days in most weeks, and not before every weekend."""
        if term.unit == statutory.unit:
            return True
        mine, by_law = (
            deadlines.preview(self.at, one, self.calendar).at for one in (term, statutory)
        )
        return mine is None or by_law is None or mine <= by_law

    @property
    def shortened_words(self) -> str:
        """From which term by which decision; "" where the statutory one stands."""
        return words_of(facts(self.shortened, self.statutory))

    @property
    def term(self) -> Term | None:
        """What is promised by: the shortened term, else the statutory."""
        return self.shortened.term if self.shortened is not None else self.statutory

    @property
    def handler(self) -> Agency:
        """The agency that handles it: another than the one that receives, where one was chosen."""
        return self.brought.handled_by or self.brought.agency

    @cached_property
    def calendar(self) -> Calendar:
        """The working days of the agency that handles it."""
        return calendar_of(self.handler.pk)

    @cached_property
    def promise(self) -> Promise | None:
        """The promise as the dossier would get it, with its explanation."""
        term = self.term
        if term is None:
            return None
        promise = deadlines.preview(self.at, term, self.calendar)
        return replace(promise, lines=explained(promise.lines, self.shortened_words))

    @cached_property
    def fee(self) -> Fee | None:
        brought, method = self.brought, self.brought.method
        if method is None:
            return None
        return fee_of(
            method, units=brought.fee_units, amount=brought.fee_amount, reason=brought.fee_reason
        )

    @cached_property
    def outside(self) -> Outside | None:
        """Why now is no time of reception at the counter that receives, and what that does to
        promises. No query of its own where the counter's agency handles it.
        """
        counter = self.brought.agency
        own = counter.pk == self.handler.pk
        return outside(self.now, self.calendar if own else calendar_of(counter.pk))

    @property
    def papers(self) -> list[tuple[Paper, PaperIn]]:
        """The published papers that were handed in, and how."""
        listed = {paper.pk: paper for paper in published(self.brought.case)}
        return [
            (listed[given.paper_id], given)
            for given in self.brought.papers
            if given.paper_id in listed and given.is_given
        ]

    @property
    def asks_for_scans(self) -> bool:
        """R-13: a dossier on paper comes with scans or with the reason why not; of what is in a
        database there is nothing to scan (R-15).
        """
        if self.brought.channel not in _ON_PAPER or self.brought.no_scan_reason:
            return False
        papers = self.papers
        return not papers or any(not given.from_database for _, given in papers)

    @cached_property
    def repeats(self) -> list[Dossier]:
        """Dossiers of the same owner and procedure that came shortly before; one query."""
        return repeats(
            identity_number=self.identity.value,
            procedure_id=self.brought.version.procedure_id,
            agency=self.handler,
            at=self.now,
        )

    # --- numbers ----------------------------------------------------------------------------------

    @cached_property
    def identity(self) -> Checked:
        owner = self.brought.owner
        return check_identity(owner.identity_kind, owner.identity_number, self._today)

    @cached_property
    def phone(self) -> Checked:
        return check_phone(self.brought.owner.phone)

    @cached_property
    def submitter_identity(self) -> Checked:
        return check_person(self._submitter.identity_number, self._today)

    @cached_property
    def submitter_phone(self) -> Checked:
        return check_phone(self._submitter.phone)

    @property
    def _submitter(self) -> SubmitterIn:
        return self.brought.submitter or SubmitterIn("", "")

    # --- what is wrong ----------------------------------------------------------------------------

    @property
    def problems(self) -> list[Problem]:
        """All that keeps it from being received, in the order of the page."""
        return [
            *self.of_choice(),
            *self.of_owner(),
            *self.of_number(),
            *self.of_submitter(),
            *self.of_content(),
            *self.of_papers(),
        ]

    def settled(self) -> Settled:
        """Errors: DomainError of the first problem that no door may leave open."""
        for problem in self.problems:
            if problem.is_binding:
                raise problem.error()
        case, term, fee = self.brought.case, self.term, self.fee
        assert case is not None
        assert term is not None
        assert fee is not None
        return Settled(case, term, fee)

    def of_choice(self) -> Iterator[Problem]:
        """Whether this case is received at all, at this counter, this way, on that day (R-122, R-133)."""
        brought = self.brought
        if brought.case is None:
            yield Problem("case", "case_missing", is_binding=True)
            return
        on, version = timezone.localdate(self.at), brought.version
        answer = receivable(version, on, brought.channel, brought.case)
        if answer:
            answer = self.lists.answer(
                version.procedure_id, code=version.code, channel=brought.channel
            )
        if isinstance(answer, Denied):
            field = "channel" if answer.code in _OF_CHANNEL else "procedure"
            yield Problem(field, answer.code, dict(answer.data), is_binding=True)

    def of_owner(self) -> Iterator[Problem]:
        """Who it is for, as a visit asks too: a name, numbers that are right or have a reason."""
        owner = self.brought.owner
        if not owner.name.strip():
            yield Problem("owner_name", "owner_missing", is_binding=True)
        yield from self._odd("identity_number", self.identity)
        yield from self._odd("phone", self.phone)
        if owner.email and not _is_email(owner.email):
            yield Problem("email", "email_unreadable")

    def of_number(self) -> Iterator[Problem]:
        """A person without a number needs a reason; a body may have none."""
        owner = self.brought.owner
        if (
            not self.identity.value
            and not owner.identity_note
            and owner.kind != OwnerKind.ORGANISATION
        ):
            yield Problem("identity_number", "identity_missing")

    def _odd(self, field: str, checked: Checked) -> Iterator[Problem]:
        """What is wrong with a number; one written reason covers every odd number of the dossier."""
        for finding in checked.findings:
            if finding.refused:
                yield Problem(field, finding.code, finding.data)
            elif finding.needs_reason and not self.brought.owner.identity_note:
                told = {"finding": say(finding.code, finding.data)}
                yield Problem(field, "identity_reason", told)

    def of_submitter(self) -> Iterator[Problem]:
        """Who brings the dossier stands at the return desk later: numbers by the same rules as the
        owner's (R-19), and never the owner.
        """
        submitter, owner = self.brought.submitter, self.brought.owner
        if submitter is None:
            return
        yield from self._odd("submitter_identity", self.submitter_identity)
        yield from self._odd("submitter_phone", self.submitter_phone)
        if not submitter.name.strip():
            yield Problem("submitter_name", "submitter_name")
            return
        if not submitter.authorisation.strip():
            yield Problem("authorisation", "submitter_authorisation", is_binding=True)
        if is_owner(
            name=submitter.name,
            identity=submitter.identity_number,
            owner_name=owner.name,
            owner_identity=self.identity.value,
        ):
            yield Problem("submitter_name", "submitter_is_owner", is_binding=True)

    def of_content(self) -> Iterator[Problem]:
        """When it came, its scans, what is paid, how its result goes back."""
        brought, owner = self.brought, self.brought.owner
        if brought.channel == Channel.POST and not self.now - POST_WITHIN <= self.at <= self.now:
            yield Problem("post_at", "post_when")
        if self.asks_for_scans and not brought.has_scans:
            yield Problem("no_scan_reason", "scan_missing", is_binding=True)
        if self.fee is not None:
            yield from self.fee.problems()
        if brought.return_by_post and not owner.address:
            yield Problem("address", "address_for_post")
        if brought.return_by_post and not self.phone.value:
            yield Problem("phone", "phone_for_post")

    def of_papers(self) -> Iterator[Problem]:
        """Only published papers of this case; something must have been handed in."""
        case = self.brought.case
        # A heading among them is passed over like a paper that was not brought.
        lines = {paper.pk for paper in case.papers.all() if not paper.is_note} if case else set()
        if any(given.paper_id not in lines for given in self.brought.papers):
            yield Problem("papers", "paper_unknown", is_binding=True)
        elif published(case) and not self.papers:
            yield Problem("papers", "papers_none")


_OF_CHANNEL = frozenset({"procedures.no_post", "procedures.no_method"})
_ON_PAPER = (Channel.DIRECT, Channel.POST)


def published(case: Case | None) -> list[Paper]:
    """What may be asked for in a case, without notes and headings; reads the prefetched papers."""
    if case is None:
        return []
    lines = conditions_of(case).lines
    return [
        paper for paper in case.papers.all() if not paper.is_note and not lines[paper.pk].is_heading
    ]


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
