"""The files of a page of a partner office: checked when they are sent, kept under the page's token until
the page is handed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404

from dossiers.acts import partners as acts
from dossiers.intake.drafts import KIND as DRAFT
from dossiers.models import Draft
from dossiers.views.intake_drafts import token_in
from onestop.accounts.http import OfficerRequest
from onestop.errors import DomainError, sentence
from onestop.files.domain import attach
from onestop.files.domain import keep as keep_file
from onestop.files.models import Attachment
from onestop.texts import MOST_NUMBER, whole_number

# Files that a page sends for no one paper: the authorisation, whatever else.
OTHER = 0


@dataclass
class SentFiles:
    """The files of a page: kept under its token, each for a paper (its id; 0: for none)."""

    token: UUID
    draft: Draft | None
    files: list[tuple[Attachment, int]]
    problems: list[str]

    @property
    def papers(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for _, paper_id in self.files:
            if paper_id != OTHER:
                found[paper_id] = found.get(paper_id, 0) + 1
        return found

    @property
    def about(self) -> dict[str, Any]:
        return {
            "token": self.token,
            "files": [file.pk for file, _ in self.files],
            "draft_id": self.draft.pk if self.draft is not None else None,
        }


def sent_in(request: OfficerRequest, title: str, now: datetime) -> SentFiles:
    """What the page sent, checked like any upload and kept under its token; each refused file says why."""
    token = token_in(request.POST.get("token") or "")
    if Draft.objects.filter(token=token).exclude(officer=request.user).exists():
        raise Http404
    found, problems, papers = None, [], _papers_said(request)
    for name, uploads in request.FILES.lists():
        paper_id = whole_number(name.removeprefix("tep-"), most=MOST_NUMBER)
        for upload in uploads if name.startswith("tep-") and paper_id is not None else []:
            try:
                kept = keep_file(upload, name=upload.name or "")
            except DomainError as error:
                problems.append(sentence(error))
                continue
            found = found or acts.draft_of(token, title=title, by=request.user, at=now)
            same = Attachment.objects.of(DRAFT, found.pk).filter(sha256=kept.sha256, name=kept.name)
            # One scan may stand for several papers: it is a file of each.
            if not any(papers.get(row.pk, OTHER) == paper_id for row in same):
                row = attach(kept, kind=DRAFT, object_id=found.pk, by=request.user, at=now)
                papers[row.pk] = paper_id or OTHER
    draft = found or Draft.objects.filter(token=token, officer=request.user).first()
    rows = list(Attachment.objects.of(DRAFT, draft.pk)) if draft is not None else []
    return SentFiles(token, draft, [(row, papers.get(row.pk, OTHER)) for row in rows], problems)


def _papers_said(request: OfficerRequest) -> dict[int, int]:
    """For which paper each file was that the page had kept already."""
    found = {}
    for name, value in request.POST.items():
        file = whole_number(name.removeprefix("cua-"), most=MOST_NUMBER)
        paper_id = whole_number(str(value), most=MOST_NUMBER)
        if name.startswith("cua-") and file is not None:
            found[file] = paper_id or OTHER
    return found


def nothing_sent() -> SentFiles:
    """Of a page that was only opened, under a token of its own."""
    return SentFiles(token_in(""), None, [], [])


def drop(sent: SentFiles, pk: int | None) -> None:
    """Bỏ: this file of it is not handed in."""
    if sent.draft is not None and pk is not None:
        Attachment.objects.of(DRAFT, sent.draft.pk).filter(pk=pk).delete()
        sent.files = [(file, paper_id) for file, paper_id in sent.files if file.pk != pk]
