"""Thẩm tra, xác minh: whoever has a dossier writes down a verification with its time, place, people and
content, signed by those who were there (Đ19.3, R-64). The clock does not feel it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dossiers import rules
from dossiers.acts.many import Seen
from dossiers.ledger import writer
from dossiers.models import Submitter
from dossiers.models.inspecting import Inspection
from dossiers.registry import Act, Page, Rows, SlipKind, Told, own_page, register
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import Person, SlipContext
from dossiers.states import FROM_OPEN, HANDLERS
from onestop.errors import DomainError
from onestop.files.domain import attach, keep
from onestop.templatetags.formatting import vn_datetime

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from dossiers.slips.subjects import Subject
    from onestop.accounts.desk import Desk

SLUG = "xac-minh"
# The signed minutes are a file of the dossier.
KIND = "dossier"
# So many people sign one paper.
MOST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionMinutes(SlipContext):
    """The minutes as those present sign them; no official form. `people`: each by name and what they
    are."""

    owner: Person
    content: str
    unit: str
    held_at: datetime
    place: str
    people: tuple[str, ...]
    applicant_present: bool
    found: str
    conclusion: str
    # Who brought it in the owner's place.
    applicant: str = ""


def _minutes(subject: Subject) -> InspectionMinutes:
    row: Inspection = subject.about
    brought_by = Submitter.objects.filter(dossier=subject.file).first()
    return InspectionMinutes(
        **subjects.common(subject),
        content=subjects.content_of(subject.file),
        unit=subject.handler.name,
        held_at=row.held_at,
        place=row.place,
        people=tuple(", ".join(filter(None, one)) for one in row.people),
        applicant_present=row.applicant_present,
        found=row.content,
        conclusion=row.conclusion,
        applicant=brought_by.name if brought_by is not None else "",
    )


INSPECTIONS = Rows(
    "inspections", ("held_at", "place", "applicant_present", "content", "conclusion")
)


def _told(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        yield f"{vn_datetime(row['held_at'])}, tại {row['place']}"
        there = "có mặt" if row["applicant_present"] else "không có mặt"
        yield f"Người nộp hồ sơ {there}"
        yield f"Nội dung: {row['content']}"
        yield f"Kết luận: {row['conclusion']}"


INSPECT = register(
    Act(
        "inspect", "Biên bản thẩm tra, xác minh", 58, FROM_OPEN, None, HANDLERS, rules.may_work,
        told_by=INSPECTIONS, lines=_told, page=Page("edit", own_page("act_inspect")),
        slip=SlipKind(
            SLUG, "Biên bản thẩm tra, xác minh", InspectionMinutes, _minutes, title="BIÊN BẢN THẨM TRA, XÁC MINH",
            by_handler=True, size="a4",
        ),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inspected:
    """What is written down; `people`: each by name and what they are."""

    held_at: datetime
    place: str
    people: Sequence[tuple[str, str]]
    content: str
    conclusion: str
    applicant_present: bool = False
    scan: UploadedFile[Any] | None = field(default=None, compare=False)


def inspect(seen: Seen, what: Inspected, *, by: Desk, at: datetime) -> Inspection:
    """Write a verification down. Effects in order: file kept, file of the dossier, row, event, slip.

    Errors: DomainError("inspect_place", "inspect_people", "inspect_many", "inspect_content",
    "inspect_conclusion", "inspect_time"), those of the act's rule and of onestop.files.
    """
    _check(what, at)
    kept = keep(what.scan, name=what.scan.name or "") if what.scan is not None else None
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("inspect")
        if what.held_at < life.dossier.received_at:
            raise DomainError("inspect_time", field="held_at")
        sent = None
        if kept is not None:
            sent = attach(kept, kind=KIND, object_id=life.dossier.pk, by=by.officer, at=at)
            life.added(sent)
        row = life.add(
            Inspection(
                dossier=life.dossier,
                held_at=what.held_at,
                place=what.place.strip(),
                people=[[name.strip(), role.strip()] for name, role in what.people],
                applicant_present=what.applicant_present,
                content=what.content.strip(),
                conclusion=what.conclusion.strip(),
                file=sent.pk if sent is not None else None,
                made_by=by.officer,
                made_at=at,
            )
        )
        life.record("inspect", {"row": row.pk})
        issuing.make(SLUG, life=life, about=row)
        return row


def _check(what: Inspected, at: datetime) -> None:
    if not what.place.strip():
        raise DomainError("inspect_place", field="place")
    if not any(name.strip() for name, _ in what.people):
        raise DomainError("inspect_people", field="people")
    if len(what.people) > MOST:
        raise DomainError("inspect_many", field="people", most=MOST)
    if not what.content.strip():
        raise DomainError("inspect_content", field="content")
    if not what.conclusion.strip():
        raise DomainError("inspect_conclusion", field="conclusion")
    if what.held_at > at:
        raise DomainError("inspect_time", field="held_at")
