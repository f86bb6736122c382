"""The cases of a record that a version does not use: left out when its terms were confirmed. The
record still tells them, so that a correction can bring them back.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from procedures.domain.renewing import METHOD_COLUMNS, PAPER_COLUMNS, CaseDraft, copy_of
from procedures.models import Case, Method, ProcedureVersion, VersionSource
from procedures.reading.records import CaseRecord, ProcedureRecord, from_canonical

if TYPE_CHECKING:
    from procedures.domain.renewing import Draft

# What is not stored has an id below nought: a case by its place in the record, a way by its case
# and its channel.
_WAYS = 100


def is_left_out(case: Case) -> bool:
    return case.pk < 0


def left_out_of(version: ProcedureVersion) -> list[Case]:
    """Cases that are not stored, with their ways. One query, one more where the version's cases are
    not at hand.
    """
    content = VersionSource.objects.filter(version=version).values_list("content", flat=True)
    text = content.first()
    if text is None:
        return []
    record = from_canonical(text)
    used = {case.order for case in version.cases.all()}
    return [_case(version, record, one) for one in record.cases if one.order not in used]


def _case(version: ProcedureVersion, record: ProcedureRecord, told: CaseRecord) -> Case:
    case = Case(pk=-told.order, version=version, order=told.order, name=told.name)
    ways = []
    for one in told.methods:
        fee = record.fee_of(one)
        ways.append(
            Method(
                pk=-(told.order * _WAYS + one.channel),
                case=case,
                channel=one.channel,
                term_text=one.term_text,
                fee_text=one.fee_text,
                note=one.note,
                fee_amount=fee.amount,
                fee_per=fee.per,
            )
        )
    # As a case that was read with its ways.
    case.__dict__["_prefetched_objects_cache"] = {"methods": ways}
    return case


def bring_back(draft: Draft, wanted: Collection[int]) -> None:
    """Adds these of the cases left out to a version to come, with the papers of the others: a record
    has one list for all of its cases.
    """
    if not wanted:
        return
    papers = draft.cases[0].papers
    for old in left_out_of(draft.old):
        if old.pk not in wanted:
            continue
        case = Case(version=draft.version, order=old.order, name=old.name)
        ways = [(row, copy_of(row, METHOD_COLUMNS, case)) for row in old.methods.all()]
        copies = [copy_of(paper, PAPER_COLUMNS, case) for paper in papers]
        draft.cases.append(CaseDraft(old, case, ways, copies))
    draft.cases.sort(key=lambda one: one.case.order)
