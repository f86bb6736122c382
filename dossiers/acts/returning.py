"""Giving a result back (R-70, R-78, R-80): who took it, how, when, from whom, what the taker signed; and
that the applicant was told before, where it is earlier than promised (R-79).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dossiers import rules
from dossiers.acts import collecting
from dossiers.acts.many import Seen
from dossiers.acts.originals import held_of
from dossiers.identity import kind_of, normal_identity, numbers_like
from dossiers.intake import names
from dossiers.intake.authority import is_owner
from dossiers.intake.originals import going_back
from dossiers.ledger import writer
from dossiers.models import Dossier, DossierPaper, Result, Return
from dossiers.models.collecting import ResultNotice
from dossiers.registry import (
    Act,
    OnMany,
    Page,
    Press,
    Rows,
    SlipKind,
    Told,
    first,
    own_page,
    register,
)
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import Person, SlipContext
from dossiers.slips.words import day_words
from dossiers.states import COUNTER, State
from onestop.errors import DomainError
from onestop.results import Answer, Denied
from onestop.templatetags.formatting import vn_datetime

if TYPE_CHECKING:
    from dossiers.slips.subjects import Subject
    from onestop.accounts.desk import Desk

SLUG = "tra-ket-qua"
Way, Taker, Signature = Return.Way, Return.Taker, Return.Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnReceipt(SlipContext):
    """What taker and giver sign (R-78); no official form. `result`: what it is, in words; `told`: how
    the applicant was told of a result that came before its promise.
    """

    owner: Person
    content: str
    taker: Person
    given_at: datetime
    received_at: datetime
    promised_at: datetime | None = None
    is_owner: bool = True
    authorisation: str = ""
    result: str = ""
    signer: str = ""
    papers_back: str = ""
    told: str = ""
    note: str = ""


def _receipt(subject: Subject) -> ReturnReceipt:
    shared, dossier = subjects.common(subject), subject.file
    row: Return = subject.about
    result = Result.objects.current().filter(dossier=dossier).first()
    early = collecting.is_early(dossier, row.given_at)
    notice = _notice_of(dossier) if early else None
    return ReturnReceipt(
        **shared,
        content=subjects.content_of(dossier),
        taker=Person(name=row.taker_name, identity=row.taker_identity),
        given_at=row.given_at,
        received_at=dossier.received_at,
        promised_at=dossier.due_at,
        is_owner=row.taker == Taker.OWNER,
        authorisation=row.authorisation,
        result=_in_words(result),
        signer=result.signer if result is not None else "",
        papers_back=row.papers_back,
        told=notice.get_way_display() if notice is not None else "",
        note=row.note,
    )


def _in_words(result: Result | None) -> str:
    """Giấy xác nhận, số 12/GXN-UBND, ngày 24 tháng 11 năm 2026."""
    if result is None:
        return ""
    refused = result.kind == Result.Kind.REFUSED
    parts = ["Văn bản từ chối giải quyết hồ sơ" if refused else result.title]
    parts += [f"số {result.number}"] if result.number else []
    parts += [day_words(result.issued_on)] if result.issued_on and result.number else []
    said = ", ".join(part for part in parts if part)
    return said[:1].upper() + said[1:]


def _notice_of(dossier: Dossier) -> ResultNotice | None:
    """The notice that went before an early return; the last that reached somebody."""
    told = ResultNotice.objects.standing().filter(dossier=dossier, reached=True, early=True)
    return told.order_by("-pk").first()


def _may_give_back(desk: Desk, dossier: Dossier) -> Answer:
    """At the counter, and not while the result is on its way to another desk."""
    if dossier.pending_department_id is not None:
        return Denied("already_given")
    return rules.may_at_counter(desk, dossier)


def _returned(told: Told) -> Iterator[str]:
    """Nothing of a line of the short path: it was given to its owner where it was received."""
    if told.row is not None:
        yield f"{Way(told.row['way']).label}: {told.row['taker_name']}"
    if told.row is not None and told.row["signature"]:
        yield f"Người nhận: {Signature(told.row['signature']).label.lower()}"
    if way := told.data.get("told_early"):
        yield f"Báo trước khi trả sớm hơn ngày hẹn: {ResultNotice.Way(way).label.lower()}"


RETURNS = Rows(
    "returns",
    (
        "way", "taker", "taker_name", "authorisation", "post_number", "papers_back", "signature",
        "given_at",
    ),
)  # fmt: skip


def _give_back_one_of_many(seen: Seen, data: Mapping[str, Any], on: Press) -> None:
    """To its owner, or to one who takes them all; with it go the originals that the page of one
    would propose.
    """
    dossier = Dossier.objects.get(pk=seen.dossier_id)
    to_owner = data["taker"] == Taker.OWNER
    refused = Result.objects.current().filter(dossier=dossier, kind=Result.Kind.REFUSED).exists()
    home = going_back(held_of(dossier), refused=refused)
    taking = Taking(
        **{name: data[name] for name in ("way", "taker", "authorisation", "note")},
        name=dossier.owner_name if to_owner else data["name"],
        identity=dossier.identity_number if to_owner else data["identity"],
        papers_back=tuple(one.pk for one in home),
        signature=data["signature"],
        told=data.get("notice") or None,
    )
    give_back(seen, taking, by=on.by, at=on.at, press=on.press)


GIVE_BACK = register(
    Act(
        "give_back", "Trả kết quả", 42, frozenset({State.FINISHED}), State.RETURNED, COUNTER, _may_give_back,
        told_by=RETURNS, lines=_returned,
        page=Page("return", own_page("give_back"), main=first),
        slip=SlipKind(SLUG, "Biên nhận trả kết quả", ReturnReceipt, _receipt, title="BIÊN NHẬN TRẢ KẾT QUẢ"),
        many=OnMany(
            _give_back_one_of_many, "dossiers.forms.returning_many.ManyReturnsForm", "Ghi đã trả kết quả", "tra-ket-qua",
            frozenset({"tra-ket-qua"}),
        ),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes the result and how; `papers_back` ids of checklist papers whose originals went back.
    `signature`: what the taker signs at the counter. `told`: how the applicant was told just now of a
    result that is earlier than promised (ResultNotice.Way), where no notice is kept yet.
    """

    name: str
    way: int = Way.DIRECT
    taker: int = Taker.OWNER
    identity: str = ""
    authorisation: str = ""
    post_number: str = ""
    papers_back: tuple[int, ...] = ()
    note: str = ""
    signature: int = Signature.UNSAID
    told: int | None = None


def give_back(
    seen: Seen, taking: Taking, *, by: Desk, at: datetime, press: UUID | None = None
) -> Return:
    """Return the result (R-70, R-78, R-80): who took it, how, what was signed, which originals went
    back. Being late does not block (R-59); being early does until the applicant was told (R-79).

    Effects in order: the notice where `taking.told` says one and none is kept, originals, the row,
    the receipt where that is what the taker signs, state, event. Errors: DomainError("taker_missing",
    "taker_authorisation", "taker_identity", "post_number_missing", "not_signed_why",
    "taker_is_owner", "early_untold").
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version, press=press) as life:
        return given_back(life, taking, by=by)


def given_back(life: writer.Life, taking: Taking, *, by: Desk) -> Return:
    """The same inside an act on one or many."""
    _check(taking)
    life.check("give_back")
    dossier, at = life.dossier, life.at
    if taking.taker == Taker.AUTHORISED and is_owner(
        name=taking.name,
        identity=taking.identity,
        owner_name=dossier.owner_name,
        owner_identity=dossier.identity_number,
    ):
        raise DomainError("taker_is_owner", field="name")
    told = tell_before(life, taking, by=by)
    given = DossierPaper.objects.filter(dossier=dossier, pk__in=taking.papers_back)
    back = list(given.select_related("paper"))
    life.change_all(back, originals_returned=True)
    row = Return(
        dossier=dossier,
        way=taking.way,
        taker=taking.taker,
        taker_name=taking.name.strip(),
        taker_identity=_number_of(dossier, taking.identity),
        authorisation=taking.authorisation,
        post_number=taking.post_number,
        papers_back="; ".join(p.name for p in back)[:500],
        note=taking.note,
        signature=_signature(taking),
        given_by=by.officer,
        given_at=at,
    )
    life.add(row)
    dossier.returned_at = at
    if row.signature == Signature.RECEIPT:
        issuing.make(SLUG, life=life, about=row)
    said = {"row": row.pk, "way": int(row.way), "papers": len(back)}
    life.record("give_back", said | ({"told_early": int(told.way)} if told else {}))
    names.also(dossier, row.taker_name)
    return row


def given_now(life: writer.Life, taker: str, home: Sequence[DossierPaper]) -> None:
    """The return row of what is given over the counter in the press that makes the result; the
    originals `home` go with it (R-80).
    """
    assert life.by is not None
    life.change_all(home, originals_returned=True)
    life.add(
        Return(
            dossier=life.dossier,
            taker_name=taker,
            papers_back="; ".join(one.name for one in home)[:500],
            given_by=life.by.officer,
            given_at=life.at,
        )
    )
    life.dossier.returned_at = life.at


def _check(taking: Taking) -> None:
    """Whether all is said that a return of its way needs. Errors: as of give_back."""
    direct, for_another = taking.way == Way.DIRECT, taking.taker == Taker.AUTHORISED
    needs = (
        ("taker_missing", "name", True, taking.name),
        ("taker_authorisation", "authorisation", for_another, taking.authorisation),
        ("taker_identity", "identity", for_another and direct, taking.identity),
        ("post_number_missing", "post_number", taking.way == Way.POST, taking.post_number),
        ("not_signed_why", "note", direct and taking.signature == Signature.NONE, taking.note),
    )
    for code, field, needed, said in needs:
        if needed and not said.strip():
            raise DomainError(code, field=field)


def _signature(taking: Taking) -> int:
    """At the counter as was said; the post has its own slip, and nothing is signed on a portal."""
    away = {Way.POST: Signature.POST, Way.ONLINE: Signature.ONLINE}
    return away.get(Way(taking.way), Signature(taking.signature))


def tell_before(life: writer.Life, taking: Taking, *, by: Desk) -> ResultNotice | None:
    """The notice that goes before an early return (R-79): kept now, where it was given now and none
    stands. Errors: DomainError("early_untold").
    """
    dossier, at = life.dossier, life.at
    if not collecting.is_early(dossier, at) or collecting.was_told(dossier):
        return None
    if taking.told is None:
        assert dossier.due_at is not None
        raise DomainError("early_untold", field="notice", due=vn_datetime(dossier.due_at))
    way = ResultNotice.Way(taking.told)
    here = way == ResultNotice.Way.SPOKEN and taking.way == Way.DIRECT
    row = ResultNotice(
        dossier=dossier,
        way=way,
        told_to=taking.name.strip() if here else dossier.owner_name,
        note="Người nộp đến nhận tại quầy, đã báo trực tiếp" if here else "",
        early=True,
        days=collecting.waited(dossier, at),
        told_by=by.officer,
        told_at=at,
    )
    life.add(row)
    return row


def _number_of(dossier: Dossier, typed: str) -> str:
    """The taker's number in the form it is searched by; the owner's own as the dossier has it."""
    return (
        dossier.identity_number
        if dossier.identity_number in numbers_like(typed)
        else normal_identity(kind_of(typed), typed)
    )
