"""New versions of an import, written in sets."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date

from onestop.changes.domain import add_all, update_all
from onestop.errors import DomainError
from onestop.folding import fold
from procedures.asked_of import AskedOf
from procedures.channels import Channel
from procedures.domain.imported import Publication, Waiting
from procedures.models import (
    Case,
    Field,
    Kind,
    Method,
    Paper,
    Procedure,
    ProcedureVersion,
    Status,
    SupplementMode,
    VersionSource,
)
from procedures.reading import CaseRecord
from procedures.searching import initials, search_text


def write(work: Sequence[Waiting], *, effective: date, publication: Publication | None) -> None:
    if not work:
        return
    fields = _fields({one.record.field for one in work})
    ids = _procedures(work)
    _end_versions([one.stored.version_id for one in work if one.stored], effective)
    versions = add_all(
        ProcedureVersion,
        [
            _version(one, ids[one.record.code], fields[one.record.field], effective, publication)
            for one in work
        ],
    )
    add_all(
        VersionSource,
        [
            VersionSource(version=version, content=one.record.canonical())
            for one, version in zip(work, versions, strict=True)
        ],
    )
    _write_cases(work, versions)


# A line of a list: its version, group and name, and how many of just these stand above it.
Line = tuple[int, str, str, int]
Said = dict[Line, tuple[str, str]]


def _said(work: Sequence[Waiting]) -> Said:
    """What was said of papers of the versions before: it goes on where the record still says the
    same of them; of two lines of the same words each keeps its own. One query, none without
    versions before.
    """
    olds = [one.stored.version_id for one in work if one.stored]
    if not olds:
        return {}
    told = Paper.objects.filter(case__version__in=olds).exclude(asked_of=AskedOf.AS_READ)
    rows = Paper.objects.filter(case__in=told.values("case")).order_by("case_id", "order")
    columns = ("case", "case__version", "group", "name", "asked_of", "situation")
    lines = list(rows.values_list(*columns))
    # By case: each has the whole list.
    above = _same_above(line[:4] for line in lines)
    return {
        (version, group, name, number): (who, which)
        for (_, version, group, name, who, which), number in zip(lines, above, strict=True)
    }


def _same_above(lines: Iterable[Hashable]) -> Iterator[int]:
    """How many like it went before each."""
    seen: Counter[Hashable] = Counter()
    for line in lines:
        yield seen[line]
        seen[line] += 1


def _procedures(work: Sequence[Waiting]) -> dict[str, int]:
    """Ids by code; new procedures are added."""
    add_all(Procedure, [Procedure(code=one.record.code) for one in work if one.stored is None])
    codes = [one.record.code for one in work]
    return dict(Procedure.objects.filter(code__in=codes).values_list("code", "id"))


def _end_versions(replaced: Sequence[int], effective: date) -> None:
    """Errors: DomainError("procedures.import_conflict") when one of them was replaced meanwhile."""
    if replaced:
        ended = ProcedureVersion.objects.filter(id__in=replaced, effective_to__isnull=True)
        if update_all(ended, effective_to=effective) != len(replaced):
            raise DomainError("procedures.import_conflict")


def _write_cases(work: Sequence[Waiting], versions: Sequence[ProcedureVersion]) -> None:
    pairs = [(one, Case(version=version, order=case.order, name=case.name), case) for one, version in zip(work, versions, strict=True)
             for case in one.record.cases]  # fmt: skip
    add_all(Case, [row for _, row, _ in pairs])
    add_all(Method, [method for one, row, case in pairs for method in _methods(one, row, case)])
    said = _said(work)
    add_all(Paper, [paper for one, row, _ in pairs for paper in _papers(one, row, said)])


def _fields(names: set[str]) -> dict[str, Field]:
    known = set(Field.objects.filter(name__in=names).values_list("name", flat=True))
    add_all(Field, [Field(name=name, folded=fold(name)) for name in sorted(names - known)])
    return {row.name: row for row in Field.objects.filter(name__in=names)}


def _version(
    one: Waiting, procedure_id: int, field: Field, effective: date, publication: Publication | None
) -> ProcedureVersion:
    record = one.record
    return ProcedureVersion(
        procedure_id=procedure_id,
        number=one.stored.last_number + 1 if one.stored else 1,
        name=record.name,
        field=field,
        levels=record.levels,
        nature=record.nature,
        kind=Kind.AMENDED if one.stored else Kind.NEW,
        decision_number=publication.number if publication else record.decision_number,
        decision_signed=publication.signed if publication else None,
        effective_from=effective,
        unverified=publication is None,
        status=one.status,
        applicants=record.applicants,
        agency_executing=record.agency_executing,
        agency_authority=record.agency_authority,
        agency_coordinating=record.agency_coordinating,
        receiving_address=record.receiving_address,
        results=[{"name": name, "code": code} for name, code in record.results],
        legal=list(record.legal),
        # No record says it: what a controller set for the procedure goes on with its next version.
        supplement_mode=one.stored.supplement_mode if one.stored else SupplementMode.RESTART,
        post_allowed=any(
            method.channel == Channel.POST for case in record.cases for method in case.methods
        ),
        content_hash=record.content_hash(),
        search_text=search_text(record.code, record.name, record.field),
        initials=initials(record.name),
    )


def _methods(one: Waiting, row: Case, case: CaseRecord) -> list[Method]:
    """Terms stand on a version's methods only when all of them are sure."""
    methods = []
    for method in case.methods:
        fee = one.record.fee_of(method)
        # What was answered of the same words goes on with the procedure's next version.
        said = one.corrected.get((case.order, method.channel))
        kept = said.fee if said and said.same_words(method) else None
        term = one.record.term_of(method).term if one.status == Status.READY else None
        methods.append(
            Method(
                case=row,
                channel=method.channel,
                term=str(term) if term else "",
                term_text=method.term_text,
                fee_amount=kept if fee.amount is None else fee.amount,
                fee_per=fee.per,
                fee_text=method.fee_text,
                note=method.note,
            )
        )
    return methods


def _papers(one: Waiting, row: Case, said: Said) -> list[Paper]:
    before = one.stored.version_id if one.stored else 0
    papers = one.record.papers
    above = _same_above((paper.group, paper.name) for paper in papers)
    told = [
        said.get((before, paper.group, paper.name, number), ("", ""))
        for paper, number in zip(papers, above, strict=True)
    ]
    return [
        Paper(
            case=row,
            order=order,
            group=paper.group,
            name=paper.name,
            originals=paper.originals,
            copies=paper.copies,
            is_note=paper.is_note,
            count_text=paper.count_text,
            asked_of=asked_of,
            situation=situation,
        )
        for order, (paper, (asked_of, situation)) in enumerate(
            zip(papers, told, strict=True), start=1
        )
    ]
