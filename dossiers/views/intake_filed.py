"""The counter's page begins with what a portal's list said of a filing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from dossiers.desk import online as online_queries
from dossiers.desk.online import filings
from dossiers.forms.instants import instant_of
from dossiers.identity import check_identity
from dossiers.intake.assessing import published
from dossiers.intake.brought import HandedIn
from dossiers.intake.online import CHANNELS, content_of
from dossiers.intake.portal_codes import portal_code
from dossiers.intake.said import FILES, said_of
from dossiers.models.dossier import IdentityKind, OwnerKind
from dossiers.models.online import HANDED as HANDED_IN
from onestop.accounts.calendars import calendar_of
from onestop.files.models import Attachment
from onestop.texts import MOST_NUMBER, whole_number
from onestop.worktime import local

if TYPE_CHECKING:
    from datetime import datetime

    from dossiers.models import OnlineFiling
    from dossiers.views.intake_drafts import Typed
    from onestop.accounts.desk import Desk
    from onestop.accounts.http import OfficerRequest
    from onestop.accounts.models import Agency
    from procedures.models import ProcedureVersion

# A page that begins with a filing names it so; what a partner office handed in is carried on so.
NAMED, HANDED = "truc-tuyen", "gui-ho"


def filing_named(request: OfficerRequest, version: ProcedureVersion) -> OnlineFiling | None:
    """The waiting filing that the address names; None where it names none. Strangers' are not found."""
    named = request.GET.get(NAMED, "")
    if not named:
        return None
    pk = whole_number(named)
    filing = filings(request.desk).filter(pk=pk).first() if pk is not None else None
    if filing is None or not filing.is_waiting:
        raise Http404
    return filing


def typed_of(filing: OnlineFiling) -> Typed:
    """The form as if the clerk had typed what the list says."""
    said = {
        "co-quan": str(filing.agency_id),
        "channel": str(int(filing.channel)),
        **_came(filing),
        "seen": content_of(filing),
        "owner_name": filing.owner_name,
        "identity_number": filing.identity_number,
        "phone": filing.phone,
        "email": filing.email,
        "address": filing.address,
        "sets": "1",
        "fee_units": "1",
        **_kinds(filing),
    }
    told = said_of(filing)
    more = {
        "case": filing.case_id,
        "owner_kind": told.owner_kind,
        "identity_kind": told.identity_kind,
        "summary": told.summary,
        "submitter_name": told.submitter,
        "submitter_identity": told.submitter_identity,
        "submitter_phone": told.submitter_phone,
        "authorisation": told.authorisation,
    }
    said |= {name: str(value) for name, value in more.items() if value}
    typed = MultiValueDict({name: [value] for name, value in said.items() if value})
    if told.papers is not None and filing.case is not None:
        # A line that the page shows and nobody typed in would keep its published counts.
        for paper in published(filing.case):
            count = told.papers.get(paper.pk, 0)
            for suffix in ("o", "c"):
                typed[f"g{paper.pk}-{suffix}"] = ""
            typed[f"g{paper.pk}-s"] = str(count) if count else ""
    return typed


def _came(filing: OnlineFiling) -> dict[str, str]:
    """How the page knows it again: by the portal's code, which the dossier keeps; of a partner's
    hand-in by its row, for that one gets a code of ours.
    """
    if filing.is_handed:
        return {HANDED: str(filing.pk)}
    filed = f"{local(filing.filed_at):%d/%m/%Y %H:%M}"
    return {"source_code": filing.code, "filed_at": filed}


def handed_in(typed: Typed, desk: Desk) -> HandedIn | None:
    """What a partner office handed in, of a page that carries it on. Errors: Http404 for
    another counter's. Two queries, none for other pages.
    """
    named = typed.get(HANDED) or ""
    if not named:
        return None
    pk = whole_number(named, most=MOST_NUMBER)
    filing = filings(desk).filter(pk=pk, channel__in=HANDED_IN).first() if pk is not None else None
    if filing is None:
        raise Http404
    has_files = Attachment.objects.of(FILES, filing.pk).exists()
    return HandedIn(filing.pk, typed.get("seen") or "", has_files, filing.code)


def standing_of(
    typed: Typed, channel: int, agency: Agency, now: datetime
) -> online_queries.Standing | None:
    """How long an online filing may still wait, as far as a page says what it is; None for what is
    handed in otherwise.
    """
    if channel not in CHANNELS:
        return None
    code, said = portal_code(typed.get("source_code") or ""), typed.get("filed_at")
    return online_queries.standing(
        code,
        instant_of(said, now) if said else None,
        agency=agency,
        now=now,
        calendar=calendar_of(agency.pk),
    )


def _kinds(filing: OnlineFiling) -> dict[str, str]:
    """A tax code makes it a company; twelve digits are a citizen's unless they are no citizen's."""
    number, today = filing.identity_number, timezone.localdate()
    of_person = check_identity(IdentityKind.CITIZEN_CARD, number, today)
    if number and of_person.findings:
        for kind in (IdentityKind.TAX_CODE, IdentityKind.PASSPORT):
            if not check_identity(kind, number, today).findings:
                is_company = kind == IdentityKind.TAX_CODE
                owner = OwnerKind.COMPANY if is_company else OwnerKind.CITIZEN
                return {"identity_kind": str(int(kind)), "owner_kind": str(int(owner))}
    return {
        "identity_kind": str(int(IdentityKind.CITIZEN_CARD)),
        "owner_kind": str(int(OwnerKind.CITIZEN)),
    }
