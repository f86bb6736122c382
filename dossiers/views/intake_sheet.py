"""One intake on the clerk's screen: the procedure, what was typed so far, and what follows from it
(promise, fee, people known).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.http import Http404
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from dossiers.desk import intake as queries
from dossiers.desk import matters
from dossiers.forms.elsewhere import true_time
from dossiers.forms.instants import instant_of
from dossiers.forms.intake import GUIDE, IntakeForm, money_of
from dossiers.forms.intake_papers import (
    Line,
    PaperRow,
    default_rows,
    lines_of,
    papers_in,
    read_rows,
)
from dossiers.forms.intake_questions import Answers, Asked, questions_of, read_answers
from dossiers.forms.wanted import WantedRow, wanted_rows
from dossiers.intake.assessing import Assessment, assess
from dossiers.intake.brought import Brought, HandedIn, Intake, Person
from dossiers.intake.drafts import KIND as DRAFT
from dossiers.intake.elsewhere import door
from dossiers.intake.owner_numbers import fill_in, read_number
from dossiers.models import Draft
from dossiers.models.dossier import IdentityKind
from dossiers.views.intake_channels import ChannelChoice, channels_of
from dossiers.views.intake_counter import counter_of
from dossiers.views.intake_drafts import Typed, number_in, save_draft
from dossiers.views.intake_filed import handed_in, standing_of
from dossiers.views.intake_stored import Shelf
from dossiers.views.intake_visits import Matter
from onestop.accounts.models import Agency, Role
from onestop.errors import say
from onestop.files import kinds
from onestop.files.models import Attachment
from procedures.channels import Channel

if TYPE_CHECKING:
    from dossiers.desk.online import Standing
    from dossiers.identity import Checked
    from dossiers.intake.elsewhere import Door
    from dossiers.intake.fees import Fee
    from dossiers.models import CounterVisit, Dossier
    from onestop.accounts.http import OfficerRequest
    from onestop.worktime import Promise, Term
    from procedures.models import Case, Method, ProcedureVersion

# What a fresh page has filled in already.
START: dict[str, Any] = {"sets": "1", "owner_kind": 1, "identity_kind": 1, "fee_units": "1"}


class Sheet:
    """What the page shows; everything costly is asked once and only by the part that shows it."""

    accept = kinds.ACCEPT

    def __init__(
        self,
        request: OfficerRequest,
        version: ProcedureVersion,
        token: UUID,
        typed: Typed | None,
        now: datetime,
    ) -> None:
        self.request, self.version, self.token, self.now = request, version, token, now
        self.typed: Typed = typed if typed is not None else MultiValueDict()
        self.agency = counter_of(request, self.typed.get("co-quan") or "")
        self.told = read_number(self.typed)
        self.is_new = typed is None
        self.form: IntakeForm | None = None
        self.shelf = Shelf(self)

    # --- what was chosen --------------------------------------------------------------------------

    @cached_property
    def cases(self) -> list[Case]:
        return queries.cases_of(self.version)

    @cached_property
    def case(self) -> Case | None:
        """The chosen case; the only one when there is one."""
        if len(self.cases) == 1:
            return self.cases[0]
        return next((c for c in self.cases if str(c.pk) == self.typed.get("case")), None)

    @cached_property
    def channel(self) -> int:
        """The chosen channel; direct where the page names none that there is (it is not received so:
        `has_channel`).
        """
        return number_in(self.typed, "channel", Channel.values) or int(Channel.DIRECT)

    @property
    def method(self) -> Method | None:
        return self.chosen.method

    @cached_property
    def chosen(self) -> Brought:
        """What was chosen on the page, without what was typed."""
        return Brought(
            version=self.version,
            agency=self.agency,
            case=self.case,
            channel=self.channel,
            handled_by=self.handled_by,
        )

    @cached_property
    def channels(self) -> list[ChannelChoice]:
        found = channels_of(self.version, self.case, chosen=self.channel)
        # What was received away from the program was handed in to somebody.
        return [one for one in found if self.door is None or one.value == Channel.DIRECT]

    @cached_property
    def handlers(self) -> list[Agency]:
        return queries.handlers(self.agency, timezone.localdate(self.now))

    @cached_property
    def handler(self) -> Agency | None:
        """Who is to handle it: this agency itself, or at a service centre the chosen one, at first
        the one that the catalogue names.

        None at a service centre where nothing is chosen: it never handles by silence.
        """
        if not self.handlers:
            return self.agency
        named = self.request.GET.get("giai-quyet") if self.is_new else self.typed.get("handled_by")
        if named is None:
            return queries.named_handler(self.version, self.handlers)
        return next((a for a in (*self.handlers, self.agency) if str(a.pk) == named), None)

    @property
    def handled_by(self) -> Agency | None:
        """The other agency that this one is received for, if one is chosen."""
        return self.handler if self.handler != self.agency else None

    @cached_property
    def door(self) -> Door | None:
        """Of what was received away from the program: where and how, as the address or the page
        names it.
        """
        named = self.request.GET.get("ngoai") if self.is_new else self.typed.get("ngoai")
        return door(named, self.agency, self.now) if named else None

    # --- what follows from it ---------------------------------------------------------------------

    @cached_property
    def received_at(self) -> datetime:
        """When the dossier counts as received: now, when the post handed it over (R-38), or when it
        was received away from the program (R-76).
        """
        if self.door is not None:
            code = self.typed.get("reserved") or ""
            return true_time(self.typed.get("true_at") or "", code=code, now=self.now) or self.now
        typed = (self.typed.get("post_at") or "") if self.channel == Channel.POST else ""
        return (instant_of(typed, self.now) if typed else None) or self.now

    @cached_property
    def assessment(self) -> Assessment:
        """What follows from the page as far as it can be read; nothing is judged by it."""
        kind = number_in(self.typed, "identity_kind", IdentityKind.values)
        owner = Person(
            name=self.typed.get("owner_name") or "",
            identity_kind=kind or IdentityKind.CITIZEN_CARD,
            identity_number=self.typed.get("identity_number") or "",
            phone=self.typed.get("phone") or "",
        )
        brought = replace(
            self.chosen,
            owner=owner,
            fee_units=number_in(self.typed, "fee_units") or 1,
            fee_amount=money_of(self.typed.get("fee_amount") or ""),
        )
        return assess(brought, at=self.received_at, now=self.now)

    @property
    def promise(self) -> Promise | None:
        """The promise as the dossier would get it now; None while the case or its term is not
        known.
        """
        return self.assessment.promise

    @property
    def term(self) -> Term | None:
        """What the promise is reckoned by: the province's shortened term, else the statutory one."""
        return self.assessment.term

    @property
    def shortened(self) -> str:
        """From which term by which decision, where it is shortened."""
        return self.assessment.shortened_words

    @property
    def fee(self) -> Fee | None:
        return self.assessment.fee

    @cached_property
    def rows(self) -> list[PaperRow]:
        if self.case is None:
            return []
        if not self.typed:
            return default_rows(self.case, self.channel)
        return self.shelf.applied(read_rows(self.case, self.typed, self.channel))

    @cached_property
    def answers(self) -> Answers:
        """Which situation of the list is the applicant's, as far as it was said."""
        if self.case is None:
            return Answers({}, self.channel)
        return read_answers(self.case, self.typed, self.channel)

    @property
    def questions(self) -> list[Asked]:
        return questions_of(self.case, self.answers) if self.case is not None else []

    @property
    def has_others_papers(self) -> bool:
        """Whether the list has papers that are not everybody's."""
        return any(row.reading.when or row.reading.way for row in self.rows)

    @property
    def wanted(self) -> list[WantedRow]:
        """The same papers, to be ticked where something is missing or wrong."""
        sent = self.typed
        return [
            replace(
                wanted,
                hangs_on=row.hangs_on,
                way=row.reading.way,
                is_shown=row.is_shown or wanted.ticked,
            )
            for row in self.rows
            for wanted in wanted_rows([row.paper], sent)
        ]

    @property
    def wants(self) -> bool:
        """Whether something is asked for already: the part of the page is open then."""
        return bool(self.typed.get("declared")) or any(row.ticked for row in self.wanted)

    @property
    def checklist(self) -> list[Line]:
        """The lines of the papers, as the page draws them."""
        return lines_of(self.case, self.rows) if self.case is not None else []

    @cached_property
    def online(self) -> Standing | None:
        """How long an online filing may still wait, as far as the page says what it is."""
        return standing_of(self.typed, self.channel, self.agency, self.now)

    # --- people known from before -----------------------------------------------------------------

    @property
    def identity(self) -> Checked:
        return self.assessment.identity

    @property
    def identity_findings(self) -> list[str]:
        """What is odd about the identity number, as sentences."""
        return [say(f.code, f.data) for f in self.identity.findings]

    @property
    def phone_findings(self) -> list[str]:
        """What is odd about the telephone number, as sentences."""
        return [say(f.code, f.data) for f in self.assessment.phone.findings]

    @property
    def needs_reason(self) -> bool:
        """Whether a number is taken only with a recorded reason."""
        return self.identity.needs_reason or self.assessment.phone.needs_reason

    @cached_property
    def _agency_ids(self) -> list[int]:
        """Of the counters where this officer receives, with those they took over."""
        return list(self.request.desk.agency_ids_as(Role.CLERK))

    @cached_property
    def known(self) -> queries.Owner | None:
        return queries.known_owner(self.identity.value, self._agency_ids)

    @property
    def known_differs(self) -> bool:
        """Whether the page says something else than the newest dossier of this person."""
        known = self.known
        return known is not None and any(
            v and (self.typed.get(k) or "").strip() not in ("", v)
            for k, v in known.as_fields().items()
        )

    @cached_property
    def repeats(self) -> list[Dossier]:
        if self.known is None:
            return []
        # Only what this counter may open: what the handling agency received elsewhere is not told.
        mine = set(self._agency_ids)
        return [d for d in self.assessment.repeats if {d.agency_id, d.received_by_agency_id} & mine]

    @property
    def repeat_codes(self) -> str:
        """What the page writes down of the warning, so that it is known to have been seen."""
        return " ".join(d.code for d in self.repeats)

    @property
    def unseen_repeats(self) -> list[Dossier]:
        """Dossiers of the same owner and procedure that the sent page had not warned of."""
        seen = set((self.typed.get("trung") or "").split())
        return [d for d in self.repeats if d.code not in seen]

    @cached_property
    def visits(self) -> list[CounterVisit]:
        return queries.visits(self.identity.value, self._agency_ids, at=self.now)

    @cached_property
    def matter(self) -> Matter:
        """What this person came for before in this procedure."""
        return Matter(self)

    @property
    def fills(self) -> list[tuple[str, str, bool]]:
        """Field, value, and whether it goes over what stands there."""
        known = self.known.as_fields() if self.known is not None else {}
        return [(name, at, name in self.told) for name, at in (known | self.told).items() if at]

    def fill(self, *, over: bool = False) -> None:
        """Take over what is known of the owner: all of it while no name is typed (or when told),
        else into empty fields.
        """
        if self.known is not None:
            over = over or not (self.typed.get("owner_name") or "").strip()
            fill_in(self.typed, self.known.as_fields(), over=over)

    # --- draft and scans --------------------------------------------------------------------------

    @cached_property
    def draft(self) -> Draft | None:
        """The clerk's own draft of this page. A page that brings the token of another clerk's draft
        is not found.
        """
        draft = None if self.is_new else queries.draft_of(self.token)
        if draft is not None and draft.officer_id != self.request.user.pk:
            raise Http404
        return draft

    @cached_property
    def files(self) -> list[Attachment]:
        return list(Attachment.objects.of(DRAFT, self.draft.pk)) if self.draft is not None else []

    @cached_property
    def handed(self) -> HandedIn | None:
        """What a partner office handed in, where the page began with it."""
        return handed_in(self.typed, self.request.desk)

    def keep_draft(self) -> Draft:
        """Write what was typed into the clerk's draft, made when there is none yet."""
        self.draft = save_draft(self.request, self.token, self.version, self.typed, self.now)
        return self.draft

    def renew(self) -> None:
        """This page was sent already: what is typed now goes on under a token of its own, with its
        scans, as a draft.
        """
        self.token = uuid4()
        self.typed["token"] = str(self.token)
        if self.draft is None or not Draft.objects.filter(pk=self.draft.pk).update(
            token=self.token
        ):
            self.keep_draft()
        self.__dict__.pop("files", None)

    @cached_property
    def reason_last_time(self) -> str:
        """Why nothing was scanned the last time: a fresh page proposes it again."""
        if not self.is_new:
            return ""
        return queries.reason_last_time(self.request.user, self.version.procedure_id)

    # --- the form ---------------------------------------------------------------------------------

    def blank_form(self) -> IntakeForm:
        """What was typed, without judging it."""
        typed = {key: self.typed.get(key) for key in self.typed}
        start = START | {"no_scan_reason": self.reason_last_time}
        return IntakeForm(initial=start | typed, now=self.now, brought=self.chosen, door=self.door)

    def checked_form(self, act: str, *, has_files: bool | None = None) -> IntakeForm:
        """What was typed, judged for an act. `has_files`: whether scans count as there, where not
        the draft's are meant.
        """
        if has_files is None:
            has_files = bool(self.files or (self.handed and self.handed.has_files))
        brought = replace(self.chosen, papers=papers_in(self.rows), has_scans=has_files)
        second = act == GUIDE and self.matter.was_guided
        approvers = list(matters.approvers(self.agency, self.now)) if second else None
        return IntakeForm(
            self.typed,
            act=act,
            now=self.now,
            brought=brought,
            approvers=approvers,
            door=self.door,
        )

    @property
    def has_channel(self) -> bool:
        """Whether the page names a channel that there is."""
        return number_in(self.typed, "channel", Channel.values) is not None

    def intake(self, form: IntakeForm) -> Intake:
        """What the domain receives, from a form without errors."""
        assert self.case is not None
        data = form.cleaned_data
        return Intake(
            token=self.token,
            agency=self.agency,
            case_id=self.case.pk,
            channel=Channel(self.channel),
            owner=form.person(),
            papers=papers_in(self.rows),
            submitter=form.submitter(),
            summary=data["summary"],
            sets=data["sets"],
            fee_amount=data["fee_amount"],
            fee_reason=data["fee_reason"],
            attachment_ids=tuple(f.pk for f in self.files),
            draft_id=self.draft.pk if self.draft is not None else None,
            no_scan_reason=data["no_scan_reason"],
            return_by_post=data["return_by_post"],
            handled_by=self.handled_by,
            kiosk=data["kiosk"],
            out_of_area=data["out_of_area"],
            online=data["online"],
            handed_in=self.handed,
            elsewhere=form.elsewhere,
            left_visits=self.matter.left,
            case=self.case,
        )
