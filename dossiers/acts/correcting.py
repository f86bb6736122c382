"""What was mistyped at the counter is put right with a replacement slip: names, numbers, telephone,
address, papers, what is asked for.

Never so: procedure, case, term, time of receiving, channel, fee: whoever typed another procedure
voids the reception (acts/voiding.py). Nor another person: a name may be put right, or a number, but
not both at once.

The old receipt is void and says which one took its place, both are kept (R-88); the event knows what
stood before. Search finds the dossier by the new name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from dossiers import rules
from dossiers.acts.many import Seen
from dossiers.desk import store
from dossiers.intake import names
from dossiers.intake.assessing import Assessment, assess
from dossiers.intake.brought import Brought, PaperIn, Person, SubmitterIn
from dossiers.intake.problems import Problem
from dossiers.ledger import writer
from dossiers.models import Dossier, DossierPaper, Slip, Submitter
from dossiers.models.correcting import ReceptionCorrection
from dossiers.models.dossier import IdentityKind, OwnerKind
from dossiers.registry import Act, Block, Page, Rows, Told, own_page, register
from dossiers.slips import issuing
from dossiers.states import COUNTER, FROM_ON_THE_WAY
from onestop.errors import DomainError
from onestop.folding import fold
from onestop.outbox.domain import post
from onestop.outbox.told import told as told_by
from procedures.models import Case

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk
    from onestop.outbox.models import Message

SLIP = "tiep-nhan"
COUNTS = ("originals", "certified", "copies", "from_database")
# A paper that is not taken from the store of results any more.
NOT_STORED = {"stored": None, "stored_file": None}
# Columns of the dossier that may be put right, as people call them.
OF_DOSSIER = {
    "owner_name": "Họ tên chủ hồ sơ",
    "owner_kind": "Chủ hồ sơ là",
    "identity_kind": "Loại giấy tờ",
    "identity_number": "Số giấy tờ",
    "identity_note": "Lý do chấp nhận số giấy tờ",
    "phone": "Điện thoại",
    "email": "Thư điện tử",
    "address": "Địa chỉ",
    "summary": "Nội dung yêu cầu",
    "sets": "Số bộ",
}
OF_SUBMITTER = {
    "name": "Họ tên người nộp",
    "identity_number": "Số giấy tờ người nộp",
    "phone": "Điện thoại người nộp",
    "authorisation": "Văn bản ủy quyền",
}
# What the way back of the result needs.
_FOR_POST = frozenset({"address_for_post", "phone_for_post"})
_CHOICES: Mapping[str, Any] = {"owner_kind": OwnerKind, "identity_kind": IdentityKind}


def _lines(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        yield from row["changes"].splitlines()
        yield f"Lý do: {row['reason']}"


def _put_back(block: Block, data: dict[str, Any]) -> None:
    """Papers that the correction added are none again; the names follow what stands now. Errors: those of
    store.still_there, of what it had taken from the store.
    """
    store.still_there(block.dossier)
    added = list(DossierPaper.objects.filter(pk__in=data["added"]))
    block.change_all(added, originals=0, certified=0, copies=0, from_database=False)
    names.follow(block.dossier)


CORRECT = register(
    Act(
        "correct_reception", "Đính chính thông tin", 46, FROM_ON_THE_WAY, None, COUNTER, rules.may_at_counter,
        told_by=Rows("amended", ("reason", "changes", "old_slip_id", "new_slip_id")), lines=_lines,
        page=Page("edit", own_page("act_correct")), on_undo=_put_back,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Corrected:
    """All that may be put right, as it should stand: whoever leaves a value as it is says it again."""

    owner: Person
    submitter: SubmitterIn | None
    papers: tuple[PaperIn, ...]
    summary: str
    sets: int


def assessed(dossier: Dossier, case: Case, said: Corrected, *, at: datetime) -> Assessment:
    """The same questions as at the counter, by the day of the correction. In: the case with its
    version, methods and papers.
    """
    brought = Brought(
        version=case.version,
        agency=dossier.received_by_agency,
        case=case,
        channel=dossier.channel,
        handled_by=dossier.agency,
        owner=said.owner,
        submitter=said.submitter,
        papers=said.papers,
        return_by_post=dossier.return_by_post,
    )
    return assess(brought, at=dossier.received_at, now=at)


def problems(dossier: Dossier, found: Assessment) -> Iterator[Problem]:
    """What keeps it from being corrected so, in the order of the page. What the reception did not
    have either (an earlier system told nothing of it) is not asked for now.
    """
    yield from found.of_owner()
    if dossier.identity_number:
        yield from found.of_number()
    yield from found.of_submitter()
    yield from (one for one in found.of_content() if one.code in _FOR_POST)
    had_papers = dossier.papers.exists()
    yield from (one for one in found.of_papers() if had_papers or one.code != "papers_none")


def check_person(dossier: Dossier, *, name: str, number: str) -> None:
    """Another name and another number is another person. Errors: DomainError("correct_person")."""
    is_numbered = bool(dossier.identity_number and number)
    if is_numbered and number != dossier.identity_number and fold(name) != fold(dossier.owner_name):
        raise DomainError("correct_person", field="owner_name")


def correct(
    seen: Seen, said: Corrected, *, case: Case, reason: str, by: Desk, at: datetime
) -> ReceptionCorrection:
    """Put right what was mistyped.

    Effects in order: columns, submitter and papers as they should stand, event, the new receipt, the
    old one void, the row, names of the search, a notice to the holder. Errors:
    DomainError("reason_missing", "correct_nothing", "correct_person", "correct_stored") and the first problem of what
    was said (assessed()).
    """
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("correct_reception")
        dossier = life.dossier
        if case.pk != dossier.case_id:
            raise DomainError("changed_since")
        found = assessed(dossier, case, said, at=at)
        for problem in problems(dossier, found):
            raise problem.error()
        check_person(dossier, name=said.owner.name, number=found.identity.value)
        _check_stored(dossier, found)
        changes = [
            *_owner(dossier, found, said),
            *_submitter(life, found),
        ]
        of_papers, added = _papers(life, found)
        changes += of_papers
        if not changes:
            raise DomainError("correct_nothing")
        row = life.add(
            ReceptionCorrection(
                dossier=dossier,
                reason=reason.strip(),
                changes="\n".join(changes),
                corrected_by=by.officer,
                corrected_at=at,
            )
        )
        life.record("correct_reception", {"row": row.pk, "added": [one.pk for one in added]})
        _replace_slip(life, row)
        names.follow(dossier)
        life.tell([_tell(life, row)])
        return row


def _check_stored(dossier: Dossier, found: Assessment) -> None:
    """What the number that is put right had in the store belongs to another person: it is handed in, or
    counts nothing. Errors: DomainError("correct_stored").
    """
    number = (found.brought.owner.identity_kind, found.identity.value)
    if number == (dossier.identity_kind, dossier.identity_number):
        return
    kept = [paper.pk for paper, given in found.papers if given.from_database]
    if dossier.papers.filter(paper__in=kept, stored__isnull=False).exists():
        raise DomainError("correct_stored", field="papers")


def _owner(dossier: Dossier, found: Assessment, said: Corrected) -> Iterator[str]:
    owner = said.owner
    wanted: dict[str, Any] = {
        "owner_name": owner.name.strip(),
        "owner_kind": owner.kind,
        "identity_kind": owner.identity_kind,
        "identity_number": found.identity.value,
        "identity_note": owner.identity_note,
        "phone": found.phone.value,
        "email": owner.email,
        "address": owner.address,
        "summary": said.summary,
        "sets": said.sets,
    }
    for name, label in OF_DOSSIER.items():
        before = getattr(dossier, name)
        if before != wanted[name]:
            setattr(dossier, name, wanted[name])
            yield _line(label, _words(name, before), _words(name, wanted[name]))


def _submitter(life: writer.Life, found: Assessment) -> Iterator[str]:
    """Who brought it: put right where there was somebody; nobody becomes somebody else."""
    row, said = Submitter.objects.filter(dossier=life.dossier).first(), found.brought.submitter
    if row is None or said is None:
        return
    wanted = {
        "name": said.name.strip(),
        "identity_number": found.submitter_identity.value,
        "phone": found.submitter_phone.value,
        "authorisation": said.authorisation.strip(),
    }
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    lines = [_line(OF_SUBMITTER[name], getattr(row, name), changed[name]) for name in changed]
    if changed:
        life.change(row, **changed)
    yield from lines


def _papers(life: writer.Life, found: Assessment) -> tuple[list[str], list[DossierPaper]]:
    """Counts as they should stand; a paper that was not there is added, one that is not there any
    more counts nothing. Out: lines, and the rows added.
    """
    rows = {row.paper_id: row for row in life.dossier.papers.select_related("paper")}
    wanted = {paper.pk: (paper, given) for paper, given in found.papers}
    lines: list[str] = []
    added: list[DossierPaper] = []
    for pk in [*rows, *(pk for pk in wanted if pk not in rows)]:
        _, given = wanted.get(pk, (None, PaperIn(pk)))
        counts = {name: getattr(given, name) for name in COUNTS}
        row = rows.get(pk)
        before = {name: getattr(row, name) if row is not None else 0 for name in COUNTS}
        if counts == before:
            continue
        paper = row.paper if row is not None else wanted[pk][0]
        lines.append(_line(paper.name[:200], _counted(before), _counted(counts)))
        if row is not None:
            is_kept = counts["from_database"] or row.stored_id is None
            life.change(row, **counts, **({} if is_kept else NOT_STORED))
            continue
        order = max((one.order for one in (*rows.values(), *added)), default=0) + 1
        made = DossierPaper(dossier=life.dossier, order=order, paper=paper, **counts)
        added.append(life.add(made))
    return lines, added


def _counted(counts: Mapping[str, Any]) -> str:
    words = {"originals": "bản chính", "certified": "bản sao chứng thực", "copies": "bản sao"}
    found = [f"{counts[name]} {word}" for name, word in words.items() if counts[name]]
    if counts["from_database"]:
        found.append("lấy từ cơ sở dữ liệu")
    return ", ".join(found)


def _words(name: str, value: Any) -> str:
    return str(_CHOICES[name](value).label) if name in _CHOICES else str(value)


def _line(label: str, before: str, after: str) -> str:
    """One line, whatever was typed: lines are told apart by their ends."""
    one = " ".join
    return f"{one(label.split())}: {_quoted(one(before.split()))} → {_quoted(one(after.split()))}"


def _quoted(text: str) -> str:
    return f"“{text}”" if text else "(không có)"


def _replace_slip(life: writer.Life, row: ReceptionCorrection) -> None:
    """Where a receipt stands: the new one names it, and takes its place. The new one is made first,
    for it reads which one it replaces.
    """
    old = list(_receipts(life.dossier))
    if not old:
        return
    new = issuing.make(SLIP, life=life)
    life.void(*old)
    life.change(row, old_slip=old[0], new_slip=new)


def _receipts(dossier: Dossier) -> Iterable[Slip]:
    return Slip.objects.standing().filter(dossier=dossier, slug=SLIP).order_by("-id")


def _tell(life: writer.Life, row: ReceptionCorrection) -> Message | None:
    """Who holds it reads what changed before going on."""
    dossier = life.dossier
    if dossier.holder is None or dossier.holder_id == life.officer_id:
        return None
    return post(
        **told_by("dossiers/told/corrected", dossier=dossier, by=life.by),
        kind="corrected",
        dedupe=f"corrected:{row.pk}:{dossier.holder_id}",
        at=life.at,
        to_officer=dossier.holder,
        object_kind="dossier",
        object_id=dossier.pk,
        link=reverse("dossier", args=[dossier.code]),
        mail=False,
    )
