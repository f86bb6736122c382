"""One invented dossier from reception to return, cut off at "now".

`manage.py verify_events` passes over what is made here; tests compare it with worked dossiers.
"""

from __future__ import annotations

import secrets as random_bytes
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from dossiers.domain import events, seals, secrets
from dossiers.domain.deadlines import forward_by, sort_by
from dossiers.domain.generating.offices import Office
from dossiers.domain.generating.people import Somebody, full_name, somebody
from dossiers.domain.generating.rows import Counters, Rows
from dossiers.domain.generating.story import Cut, Story, World
from dossiers.domain.names import keys_of
from dossiers.models import Dossier, DossierPaper, NameKey, Span, Submitter
from dossiers.models.handover import Purpose
from dossiers.states import State
from onestop.worktime import VN, Calendar, CalendarMissing
from procedures.channels import Channel

# Every invented dossier carries a token that begins so: how a database is told from one that holds real ones.
TOKEN = bytes.fromhex("64656d6f")  # "demo"

LATE, WAITS, WITHDRAWN, REFUSED, FOR_ANOTHER, NEVER_FETCHED = 0.06, 0.07, 0.01, 0.012, 0.05, 0.02


def tell(world: World, rows: Rows, counters: Counters, office: Office, received: datetime, rng: Random) -> None:
    """Invent one dossier received at this instant and everything that happened to it until now."""
    handler = rng.choice(office.handlers)
    kind = rng.choices(office.kinds, cum_weights=office.weights)[0]
    salt = random_bytes.token_bytes(16)
    story = Story(world, rows, office, handler, kind, rng, received, salt)
    day = received.astimezone(VN).date()
    owner = somebody(rng, rng.choice(office.places), day.year, kind.companies)
    code = office.pattern.format(unit=office.unit, day=day, number=counters.code(office.agency_id, day))
    register = counters.register(office.agency_id, day.year)
    fee = kind.fees[story.channel]
    story.version += 1
    if not kind.immediate:
        story.forward_by = story.step_due = forward_by(received, handler.calendar)
    digest = events.digest(salt, owner.name, owner.identity_number)
    page = events.digest(salt, code)  # no page was sent: stands for none
    written = _written(story, owner, code=code, register=register, day=day, fee=fee)
    story.fixed = seals.fixed(salt, [written[column] for column in seals.FIXED])
    _beside(story, owner, day)
    story.event(
        "receive",
        received,
        story.clerk.officer_id,
        f'{{"calendar":"{handler.calendar.key()}","case":{kind.case_id},"channel":{story.channel},"code":"{code}","fee":{fee},"files":0,'
        f'"owner":"{digest}","page":"{page}","papers":{len(kind.papers)},"term":"{story.term_text}"}}',
        goes_on=kind.immediate,
    )
    if not kind.immediate:
        story.slip("tiep-nhan", received, story.clerk.officer_id)
    with suppress(Cut):
        _live(story, owner, rng)
    _close(story, written)


def _live(story: Story, owner: Somebody, rng: Random) -> None:
    """The acts after reception, each a little working time after the one before, together as long as the case takes."""
    if story.kind.immediate:
        row = story.result(story.received, story.clerk.officer_id, refused=False, title="Đã thực hiện tại quầy", number="", signer="")
        story.end("finish", State.FINISHED, story.received, story.clerk.officer_id, f'{{"act":1,"result":"at_once","row":{row}}}',
                  goes_on=True)  # fmt: skip
        story.back(story.received, owner, at_once=True)
        return
    story.group(Span.Group.WORKING, story.received)
    handle, approve, give_back = story.world.steps
    start, minutes = story.received, _length(story)
    pace = rng.uniform(1.03, 1.7) if rng.random() < LATE else rng.uniform(0.2, 0.93)
    whole = minutes * pace
    allowed = _allowed(minutes * 0.6)
    counter, specialist, leader = story.clerk, story.specialist, story.leader
    story.give(counter, specialist, story.after(start, min(45, whole * 0.05)), purpose=Purpose.HANDLE, step=handle, minutes=allowed,
               named=rng.random() < 0.6)  # fmt: skip
    story.confirm(specialist, story.after(start, min(150, whole * 0.12)))
    if rng.random() < WITHDRAWN:
        story.withdraw(story.after(start, whole * 0.4), owner)
        return
    # Asked within the three working days of R-46, and only where the term is long enough to need it.
    if minutes >= 1200 and rng.random() < WAITS:
        asked = story.after(start, min(whole * 0.3, 900))
        completed = story.after(asked, rng.uniform(200, 3500))
        story.wait(asked, completed)
        start = completed
        whole = _length(story, start) * min(pace, 0.95)
    refused = rng.random() < REFUSED
    story.reach(at := story.after(start, whole * 0.7))
    story.version += 1
    number = "" if refused else f"{story.pk % 900 + 1}/{_title_code(story)}"
    title = "" if refused else story.kind.result or "Kết quả giải quyết thủ tục hành chính"
    story.result(at, specialist.officer_id, refused=refused, title=title, number=number, signer="" if refused else leader.name)
    story.give(specialist, leader, story.after(start, whole * 0.72), purpose=Purpose.APPROVE, step=approve,
               minutes=_allowed(minutes * 0.15), named=True)  # fmt: skip
    story.confirm(leader, story.after(start, whole * 0.78))
    story.give(leader, counter, story.after(start, whole * 0.92), purpose=Purpose.RETURN, step=give_back, minutes=None, named=False)
    story.confirm(counter, story.after(start, whole))
    if rng.random() >= NEVER_FETCHED:
        fetched = story.after(story.ended or start, rng.choice((20, 60, 200, 480, 900, 1800)) * rng.uniform(0.5, 1.5))
        story.reach(fetched)
        story.version += 1
        story.back(fetched, owner, at_once=False)


def _allowed(minutes: float) -> int:
    """The time of a step as an office says it: half hours, from four hours on whole ones."""
    unit = 30 if minutes < 240 else 60
    return max(1, round(minutes / unit)) * unit


def _title_code(story: Story) -> str:
    return "QĐ-UBND" if story.office.agency_id == story.handler.agency_id else "GP-SO"


def _length(story: Story, start: datetime | None = None) -> int:
    """The working minutes from the (re)start to the promise; a day where none is promised."""
    if story.due is None:
        return 480
    try:
        return max(story.calendar.working_minutes_between(start or story.received, story.due), 90)
    except CalendarMissing:
        return 480


def _written(story: Story, owner: Somebody, *, code: str, register: int, day: date, fee: int) -> dict[str, Any]:
    """What reception writes into the dossier's own row."""
    kind = story.kind
    return {
        "id": story.pk, "code": code, "agency_id": story.handler.agency_id, "received_by_agency_id": story.office.agency_id,
        "register_year": day.year, "register_volume": 1, "register_number": register, "version_id": kind.version_id,
        "case_id": kind.case_id, "field_id": kind.field_id, "channel": int(story.channel), "kiosk": False, "out_of_area": False,
        "owner_kind": int(owner.owner_kind), "owner_name": owner.name, "identity_kind": int(owner.identity_kind),
        "identity_number": owner.identity_number, "identity_note": "", "phone": owner.phone, "email": "", "address": owner.address,
        "summary": "", "sets": 1, "return_by_post": story.channel == Channel.POST, "no_scan_reason": "Dữ liệu minh họa",
        "fee_amount": fee, "fee_reason": "", "secret": secrets.new_secret()[1], "salt": story.salt, "received_at": story.received,
        "recorded_at": story.received, "received_by_id": story.clerk.officer_id,
        "intake_token": UUID(bytes=TOKEN + random_bytes.token_bytes(12)), "term": story.term_text,
    }  # fmt: skip


def _beside(story: Story, owner: Somebody, day: date) -> None:
    """Papers, who brought them, search keys."""
    rows, kind, rng = story.rows, story.kind, story.rng
    for order, (paper_id, name, originals, certified, copies) in enumerate(kind.papers, start=1):
        story.put(
            "papers",
            {
                "id": rows.take(DossierPaper), "dossier_id": story.pk, "paper_id": paper_id, "order": order, "name": name,
                "originals": originals, "certified": certified, "copies": copies, "from_database": False, "originals_returned": False,
            },
        )  # fmt: skip
    brought_by = ""
    if not kind.immediate and rng.random() < FOR_ANOTHER:
        brought_by = full_name(rng, woman=rng.random() < 0.5)
        story.put(
            "submitter",
            {
                "id": rows.take(Submitter), "dossier_id": story.pk, "name": brought_by, "identity_number": "", "phone": owner.phone,
                "authorisation": f"Giấy ủy quyền ngày {day - timedelta(days=1):%d/%m/%Y}",
            },
        )  # fmt: skip
    texts = dict.fromkeys([*keys_of(owner.name), *(keys_of(brought_by) if brought_by else ())])
    for agency_id in dict.fromkeys((story.handler.agency_id, story.office.agency_id)):
        for text in texts:
            rows.add(NameKey, {"id": rows.take(NameKey), "dossier_id": story.pk, "agency_id": agency_id, "text": text})


def _close(story: Story, written: dict[str, Any]) -> None:
    """The dossier's own row as it stands when the story stops."""
    promise = story.clock.promise
    story.rows.add(
        Dossier,
        written
        | {
            "state": int(story.status), "row_version": story.version, "event_seq": story.seq, "event_hash": story.hash,
            "due_at": story.due, "legal_due_at": story.legal, "first_due_at": story.first_due, "late_from": promise.late_from,
            "warn_at": promise.warn_at, "sort_due": sort_by(story.due, story.legal), "provisional": promise.provisional,
            "undetermined": promise.undetermined, "calendar_key": story.calendar.key(), "waiting_since": story.waiting,
            "late_while_waiting": story.clock.waiting and promise.late_from is not None, "soon_flagged": False, "late_flagged": False,
            "holder_id": story.holder, "holder_department_id": story.desk, "pending_department_id": story.pending,
            "pending_officer_id": story.pending_officer, "forward_by": story.forward_by, "step_order": story.step_order,
            "step_name": story.step_name, "step_due_at": story.step_due, "ended_at": story.ended, "verdict": story.verdict,
            "returned_at": story.returned,
        },
    )  # fmt: skip


def hour_of_reception(rng: Random, day: date, calendar: Calendar) -> datetime:
    """Some second of the day's sessions, the mornings busier."""
    sessions = calendar.sessions_on(day)
    start, end = sessions[0] if len(sessions) == 1 or rng.random() < 0.6 else sessions[-1]
    first, last = start.hour * 60 + start.minute + 5, end.hour * 60 + end.minute - 10
    minute = rng.randrange(first, max(last, first + 1))
    return datetime.combine(day, time(minute // 60, minute % 60, rng.randrange(60)), VN)
