"""Results that go out by post (R-120): given to the postman as a batch under one Biên bản giao nhận,
delivered, or tried and invited for in vain and brought back to the counter.

A result is returned when the post takes it over, as it is where the counter gives one to the post by
itself (state 10); what comes back is finished and waits at the return desk again (state 9).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from dossiers import rules
from dossiers.acts.many import Done, Seen, together
from dossiers.acts.originals import held_of
from dossiers.acts.returning import Taking, given_back
from dossiers.acts.taking_back import take_back
from dossiers.intake.codes import next_slip
from dossiers.intake.originals import going_back
from dossiers.ledger import writer
from dossiers.ledger.history import PastAct, last_act
from dossiers.models import Dossier, DossierPaper, Event, Result, Return
from dossiers.models.post import NOTE_SLUG, PostalItem, PostalNote, PostalTry
from dossiers.registry import Act, Rows, Told, register
from dossiers.states import State
from onestop.accounts.models import Agency, Role
from onestop.errors import DomainError, require
from onestop.results import ALLOWED, Answer, Denied
from onestop.templatetags.formatting import vn_date

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

AT_POST = frozenset({Role.CLERK, Role.POSTAL})
AFTER = frozenset({State.RETURNED})
# Invitations before a result goes back, and working days between two of them (TT 17/2017 Đ5.2.h).
INVITED, APART = 2, 2
MOST = 100
MOST_NAME, MOST_PAPERS = 90, 500
MOST_FARE = 10_000_000
# A fare that was typed but is no amount.
UNREAD = -1


def may_note_delivery(desk: Desk, dossier: Dossier) -> Answer:
    """The counter and the postmen of the offices the dossier belongs to."""
    offices = (dossier.received_by_agency_id, dossier.agency_id)
    ok = any(desk.has(*AT_POST, agency_id=one) for one in offices)
    return ALLOWED if ok else Denied("post_role")


ITEMS = Rows(
    "postal_items",
    ("agency_id", "number", "failed_at", "delivered_at", "delivered_to", "back_at"),
)
TRIES = Rows("postal_tries", ("kind", "on", "note"))


def _delivered(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        yield f"Phiếu gửi {row['number']}: {row['delivered_to']} nhận"


def _tried(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        yield f"{PostalTry.Kind(row['kind']).label} ngày {vn_date(row['on'])}: {row['note']}"


def _came_back(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        yield f"Phiếu gửi {row['number']} về quầy, kết quả lại chờ trả"


DELIVER = register(
    Act(
        "post_deliver", "Bưu chính đã phát kết quả", 43, AFTER, None, AT_POST, may_note_delivery,
        told_by=ITEMS, lines=_delivered,
    )
)  # fmt: skip
TRY = register(
    Act(
        "post_try", "Bưu chính phát không thành, mời nhận", 44, AFTER, None, AT_POST, may_note_delivery,
        told_by=TRIES, lines=_tried,
    )
)  # fmt: skip
BACK = register(
    Act(
        "post_back", "Bưu chính chuyển hoàn kết quả", 45, AFTER, State.FINISHED, AT_POST, may_note_delivery,
        told_by=ITEMS, lines=_came_back,
    )
)  # fmt: skip
OWN = frozenset({DELIVER.name, TRY.name, BACK.name})


# --- giving to the post ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Letter:
    """One result as the page showed it, and the phiếu gửi it goes under; `fare` in đồng."""

    seen: Seen
    number: str
    fare: int = 0


@dataclass(frozen=True, slots=True)
class Postman:
    """Who signs for the post; `told`: how applicants were told of results that are early (R-79)."""

    office: str
    name: str
    payer: int = PostalItem.Payer.RECEIVER
    note: str = ""
    told: int | None = None


def give(
    agency: Agency, letters: Sequence[Letter], to: Postman, *, by: Desk, at: datetime
) -> tuple[PostalNote | None, list[Done]]:
    """Give results to the post as one batch, all in one transaction. What is refused is reported,
    the others go on; None where nothing went.

    Effects per dossier: as give_back by post, and the letter; with the first one the minutes under
    the next number of the agency and year. Errors: DomainError("not_your_counter", "post_nothing",
    "post_fare_alone", "post_fare", "post_office", "post_postman").
    """
    if not rules.stands_at(by, agency.pk):
        require(Denied("not_your_counter"))
    if not letters:
        raise DomainError("post_nothing")
    if not all(one.number for one in letters):
        raise DomainError("post_fare_alone")
    if unread := next((one for one in letters if one.fare < 0), None):
        raise DomainError("post_fare", number=unread.number)
    check_postman(to)
    batch = _Batch(agency, {one.seen.dossier_id: one for one in letters}, to, by)
    done = together([one.seen for one in letters], batch.give, by=by, at=at, numbers=(NOTE_SLUG,))
    return batch.note, done


@dataclass(slots=True)
class _Batch:
    """The letters of one press, by dossier; the minutes once one of them is in it."""

    agency: Agency
    letters: dict[int, Letter]
    to: Postman
    by: Desk
    note: PostalNote | None = None
    count: int = 0

    def give(self, life: writer.Life) -> None:
        dossier, letter = life.dossier, self.letters[life.dossier.pk]
        self._check(dossier, timezone.localdate(life.at))
        life.alone()
        # Its number is held until the end: whoever types the same phiếu gửi at this counter waits.
        note = self.note or minutes(
            self.agency, PostalNote.Way.OUT, self.to, by=self.by, at=life.at
        )
        check_number(dossier, letter.number)
        result = Result.objects.current().filter(dossier=dossier).first()
        refused = result is not None and result.kind == Result.Kind.REFUSED
        home = going_back(held_of(dossier), refused=refused)
        taking = Taking(
            name=dossier.owner_name,
            way=Return.Way.POST,
            identity=dossier.identity_number,
            post_number=letter.number,
            papers_back=tuple(one.pk for one in home),
            told=self.to.told,
        )
        given_back(life, taking, by=self.by)
        place = self.count + 1
        life.add(item_of(life, note, place, letter, self.to.payer, listed(result, home), home))
        life.settle()
        self.note, self.count = note, place

    def _check(self, dossier: Dossier, on: date) -> None:
        if self.agency.pk not in (dossier.agency_id, dossier.received_by_agency_id):
            heirs = {one.in_charge(on).pk for one in (dossier.agency, dossier.received_by_agency)}
            if self.agency.pk not in heirs:
                raise DomainError("post_other_agency")
        if not dossier.return_by_post:
            raise DomainError("post_not_asked")
        if not dossier.address.strip():
            raise DomainError("post_no_address")


def item_of(
    life: writer.Life, note: PostalNote, place: int, letter: Letter, payer: int, papers: str,
    home: Sequence[DossierPaper],
) -> PostalItem:  # fmt: skip
    return PostalItem(
        dossier=life.dossier,
        agency_id=note.agency_id,
        note=note,
        position=place,
        number=letter.number,
        papers=papers,
        originals=[one.pk for one in home],
        fare=letter.fare,
        payer=payer,
        given_at=life.at,
    )


def check_number(dossier: Dossier, number: str) -> None:
    """A phiếu gửi is one person's. Holds of two at once where the number of minutes is held; counters
    of two agencies do not wait for each other. Errors: DomainError("post_number_twice").
    """
    same = PostalItem.objects.standing().filter(number=number)
    # Names are borne by many: without an identity number the telephone tells people apart.
    identity = dossier.identity_number
    who = (
        {"identity_number": identity}
        if identity
        else {"identity_number": "", "phone": dossier.phone}
    )
    others = same.exclude(
        dossier__owner_name=dossier.owner_name,
        **{f"dossier__{name}": value for name, value in who.items()},
    )
    if others.exists():
        raise DomainError("post_number_twice", field="post_number", number=number)


def _title(result: Result | None) -> str:
    if result is None:
        return "Kết quả giải quyết"
    said = "Văn bản từ chối giải quyết" if result.kind == Result.Kind.REFUSED else result.title
    return f"{said or 'Kết quả giải quyết'}{f' số {result.number}' if result.number else ''}"


def listed(result: Result | None, home: Sequence[DossierPaper]) -> str:
    """What is in the letter, as its phiếu gửi lists it; published names may be very long."""
    names = [f"{shortened(one.name, MOST_NAME)} (bản chính)" for one in home]
    return shortened("; ".join([_title(result), *names]), MOST_PAPERS)


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def check_postman(said: Postman) -> None:
    """Who signs for the post is named. Errors: DomainError("post_office", "post_postman")."""
    for field, text in (("office", said.office), ("postman", said.name)):
        if not text.strip():
            raise DomainError(f"post_{field}", field=field)


def minutes(
    agency: Agency, way: PostalNote.Way, with_whom: Postman, *, by: Desk, at: datetime
) -> PostalNote:
    """A Biên bản giao nhận under the next number of the agency and year. Of what goes out it is signed
    at once; of what comes in, once the counter has looked through it.
    """
    signed = way == PostalNote.Way.OUT
    year = timezone.localdate(at).year
    note = PostalNote(
        agency=agency,
        way=way,
        year=year,
        number=next_slip(agency_id=agency.pk, slug=NOTE_SLUG, year=year),
        office=with_whom.office.strip(),
        postman=with_whom.name.strip(),
        note=with_whom.note.strip(),
        made_by=by.officer,
        made_at=at,
        signed_by=by.officer if signed else None,
        signed_at=at if signed else None,
    )
    note.save(force_insert=True)
    return note


# --- what became of a letter ----------------------------------------------------------------------


def deliver(seen: Seen, to: str, *, by: Desk, at: datetime) -> None:
    """The post has delivered it, signed for by `to`. Errors: Conflict, DomainError("post_gone",
    "post_receiver").
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        delivered(life, to)


def delivered(life: writer.Life, to: str) -> None:
    """The same inside an act on one or many."""
    life.check(DELIVER.name)
    if not to.strip():
        raise DomainError("post_receiver", field="to")
    item = _on_the_way(life)
    life.change(item, delivered_at=life.at, delivered_to=to.strip())
    life.record(DELIVER.name, {"row": item.pk})


def deliver_many(asked: Sequence[Seen], *, by: Desk, at: datetime) -> list[Done]:
    """Many, each to its owner; what is refused is reported."""
    return together(asked, lambda life: delivered(life, life.dossier.owner_name), by=by, at=at)


@dataclass(frozen=True, slots=True)
class Trying:
    """A delivery that failed, or an invitation: on which day, why or what was said."""

    kind: int
    on: date
    note: str


def try_again(seen: Seen, said: Trying, *, by: Desk, at: datetime) -> None:
    """Keep a failed delivery or an invitation. Errors: Conflict, DomainError("post_gone", "post_why",
    "post_too_early", "post_not_failed", "post_invited_soon").
    """
    if not said.note.strip():
        raise DomainError("post_why", field="note")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check(TRY.name)
        item = _on_the_way(life)
        first = timezone.localdate(item.given_at)
        if not first <= said.on <= timezone.localdate(at):
            raise DomainError("post_too_early", field="on", first=vn_date(first))
        if said.kind == PostalTry.Kind.INVITED:
            _check_invitation(life, item, said.on)
        row = life.add(
            PostalTry(
                dossier=life.dossier,
                item=item,
                kind=said.kind,
                on=said.on,
                note=said.note.strip(),
                recorded_by=by.officer,
                recorded_at=at,
            )
        )
        if item.failed_at is None:
            life.change(item, failed_at=at)
        life.record(TRY.name, {"row": row.pk})


def _check_invitation(life: writer.Life, item: PostalItem, on: date) -> None:
    """Behind a failed delivery, two working days after the invitation before it (TT 17/2017 Đ5.2.h)."""
    failed = PostalTry.objects.standing().filter(item=item, kind=PostalTry.Kind.FAILED, on__lte=on)
    if not failed.exists():
        raise DomainError("post_not_failed", field="kind")
    before = invitations(item)
    if before and on < (following := _after(life, before[-1])):
        raise DomainError("post_invited_soon", field="on", next=vn_date(following))


def _after(life: writer.Life, last: date) -> date:
    """The second working day after an invitation; by the week where a year has no calendar."""
    return life.calendar.by_week(last.year).by_week(last.year + 1).next_working_day(last, APART)


def invitations(item: PostalItem) -> list[date]:
    """The days of the invitations of a letter, in order. One query."""
    tries = PostalTry.objects.standing().filter(item=item, kind=PostalTry.Kind.INVITED)
    return sorted(tries.values_list("on", flat=True))


def bring_back(seen: Seen, *, by: Desk, at: datetime) -> None:
    """The post brings it back to the counter, where it waits again (TT 17/2017 Đ5.2.h).

    Effects in order: the letter, its return marked as undone, originals that went with it are here
    again, nothing returned, state 9, event. Errors: Conflict, DomainError("post_gone",
    "post_invited_twice", "post_invited_wait").
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check(BACK.name)
        item, dossier = _on_the_way(life), life.dossier
        days = invitations(item)
        if len(days) < INVITED:
            raise DomainError("post_invited_twice", count=len(days))
        if timezone.localdate(at) < (following := _after(life, days[-1])):
            raise DomainError("post_invited_wait", last=vn_date(days[-1]), next=vn_date(following))
        life.change(item, back_at=at)
        life.void(*Return.objects.standing().filter(dossier=dossier))
        papers = DossierPaper.objects.filter(dossier=dossier, pk__in=item.originals)
        life.change_all(papers, originals_returned=False)
        dossier.returned_at = None
        life.record(BACK.name, {"row": item.pk})


def take_back_own(seen: Seen, *, by: Desk, at: datetime) -> None:
    """Undo one's own last act on a letter, and no other act. Errors: as of take_back."""

    def is_of_post(act: PastAct) -> bool:
        return act.events[-1].kind in OWN

    take_back(seen, by=by, at=at, only=is_of_post)


def _on_the_way(life: writer.Life) -> PostalItem:
    """Its letter that is neither delivered nor back. Errors: DomainError("post_gone")."""
    items = PostalItem.objects.standing().filter(
        dossier=life.dossier, delivered_at=None, back_at=None
    )
    item = items.first()
    if item is None:
        raise DomainError("post_gone")
    return item


def may_undo(desk: Desk, dossier: Dossier) -> bool:
    """Whether the last act on its letter is this officer's, who may take it back."""
    if not may_note_delivery(desk, dossier):
        return False
    chain = list(Event.objects.filter(dossier=dossier).order_by("seq"))
    act = last_act(chain)
    return act is not None and act.events[-1].kind in OWN and act.officer_id == desk.officer.pk
