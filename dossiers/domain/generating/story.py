"""The columns of one invented dossier as its acts change them, and the rows the acts leave: what the verbs would have written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from dossiers.domain import events, seals
from dossiers.domain.deadlines import confirm_by, moved_step, outcome_of_step, sort_by, step_due
from dossiers.domain.generating.offices import Handler, Kind, Office, Seat, channel_of
from dossiers.domain.generating.people import Somebody
from dossiers.domain.generating.rows import Rows, as_json
from dossiers.domain.generating.slips import SlipBook
from dossiers.domain.handovers import RETURN_DESK_STEP
from dossiers.domain.intake import RECEPTION_STEP
from dossiers.domain.wanted import DECLARED, plain_name
from dossiers.models import Batch, ClockChange, ClockKind, Dossier, Ending, Event, HandOver, Result, Return, Span, Supplement
from dossiers.states import State
from onestop import worktime
from onestop.worktime import VN, Calendar, CalendarMissing, Change, Clock, Pause, Restart, Unit
from procedures.channels import Channel

_WHOLE_DAYS = frozenset({Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH, Unit.YEAR})
_OUTCOMES = {worktime.Verdict.EARLY: 1, worktime.Verdict.ON_TIME: 2, worktime.Verdict.LATE: 3}
_WRONG = ("", "thiếu 1 bản", "bản chụp mờ, nộp lại 1 bản", "chưa có chữ ký của người nộp", "hết hạn, nộp bản còn giá trị")
_CORRECTIONS = ("Họ tên của mẹ khác giấy khai sinh", "Chưa ghi ngày, tháng, năm sinh", "Chưa ghi số điện thoại liên hệ")


@dataclass(frozen=True, slots=True)
class World:
    """What all stories share: the hour they end at, the words of the steps, promises already computed, slips to number."""

    now: datetime
    steps: tuple[str, str, str]
    promises: dict[tuple[str, str, date], Clock]
    slips: SlipBook


class Cut(Exception):
    """The story has reached "now"."""


def instant_text(at: datetime) -> str:
    """events.instant() of what is never None."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def instant_json(at: datetime | None) -> str:
    return f'"{instant_text(at)}"' if at is not None else "null"


def number_json(value: int | None) -> str:
    return "null" if value is None else str(value)


class Story:
    """The columns of one dossier as they change, and the rows its acts leave."""

    def __init__(
        self, world: World, rows: Rows, office: Office, handler: Handler, kind: Kind, rng: Random, received: datetime, salt: bytes
    ) -> None:
        self.world, self.rows, self.office, self.handler, self.kind, self.rng = world, rows, office, handler, kind, rng
        self.salt = salt
        # Rows by part (seals.PARTS), and the events of the present act.
        self.beside: dict[str, list[dict[str, Any]]] = {}
        self.texts: dict[str, list[str]] = {}
        self.fixed = ""
        self.moved: tuple[Any, ...] = ()
        self.rest = ""
        self.act: set[str] = set()
        self.calendar: Calendar = handler.calendar
        self.received = received
        self.channel = channel_of(kind, rng)
        self.term_text, self.term = kind.terms[self.channel]
        self.clerk: Seat = rng.choice(office.clerks)
        self.specialist = rng.choice(handler.specialists)
        self.leader = rng.choice(handler.leaders)
        self.pk = rows.take(Dossier)
        self.status: int = State.RECEIVED
        self.due: datetime | None = None
        self.legal: datetime | None = None
        self.holder: int | None = self.clerk.officer_id
        self.desk: int | None = office.counter_id
        self.pending: int | None = None
        self.pending_officer: int | None = None
        self.waiting: datetime | None = None
        self.ended: datetime | None = None
        self.verdict: int | None = None
        self.returned: datetime | None = None
        self.forward_by: datetime | None = None
        self.step_order, self.step_name = 1, RECEPTION_STEP
        self.step_due: datetime | None = None
        self.step_from, self.step_minutes = received, None
        self.version = 0
        self.seq, self.hash = 0, events.GENESIS
        self.hand_overs = 0
        self.open_hand_over: dict[str, Any] | None = None
        self.span: dict[str, Any] | None = None
        self.has_result = False
        self.changes: list[Change] = []
        self.clock = self._fold()
        self.first_due = self.clock.legal_promise.at
        self._stand()

    # --- the clock ----------------------------------------------------------------------------------------------------

    def _fold(self) -> Clock:
        """Whole-day terms give one promise a day: computed once for all dossiers of the day."""
        if self.changes or self.term.unit not in _WHOLE_DAYS or self.term.quantity.denominator != 1:
            return worktime.fold(self.received, self.term, self.calendar, self.changes)
        key = (self.calendar.key(), self.term_text, self.received.astimezone(VN).date())
        known = self.world.promises.get(key)
        if known is None:
            known = self.world.promises[key] = worktime.fold(self.received, self.term, self.calendar)
        return known

    def _stand(self) -> None:
        self.due, self.legal = self.clock.promise.at, self.clock.legal_promise.at
        self.due_json, self.legal_json = instant_json(self.due), instant_json(self.legal)

    def refold(self) -> None:
        self.clock = self._fold()
        self._stand()

    def clock_json(self) -> str:
        """deadlines.kept(), as the canonical text writes it."""
        promise = self.clock.promise
        late_waiting = self.clock.waiting and promise.late_from is not None
        return (
            f'{{"calendar":"{self.calendar.key()}","flags":[false,false],"late_from":{instant_json(promise.late_from)},'
            f'"late_waiting":{json.dumps(late_waiting)},"provisional":{json.dumps(promise.provisional)},'
            f'"undetermined":{json.dumps(promise.undetermined)},"warn":{instant_json(promise.warn_at)}}}'
        )

    def reach(self, at: datetime) -> datetime:
        """The instant of the next act; the story ends where it would lie ahead."""
        if at > self.world.now:
            raise Cut
        return at

    def after(self, start: datetime, minutes: float) -> datetime:
        """So many working minutes later, at an odd second of that minute."""
        try:
            at = self.handler.hours.add_working_minutes(start, max(1, round(minutes)))
        except CalendarMissing:
            raise Cut from None  # later than all years the hours are told for, so after now
        return at.replace(second=self.rng.randrange(60))

    # --- acts -----------------------------------------------------------------------------------------------------------

    def put(self, part: str, row: dict[str, Any]) -> None:
        """A row that the act's seal covers."""
        self.rows.add(seals.PARTS[part].model, row)
        self.beside.setdefault(part, []).append(row)
        self.texts.setdefault(part, [])

    def _rest(self) -> str:
        promise = self.clock.promise
        late_waiting = self.clock.waiting and promise.late_from is not None
        values = (
            self.first_due, promise.late_from, promise.warn_at, sort_by(self.due, self.legal), promise.provisional,
            promise.undetermined, self.calendar.key(), late_waiting, self.pending_officer, self.forward_by, self.step_order,
            self.step_name, self.step_due, self.returned,
        )  # fmt: skip
        if values != self.moved:
            self.moved, self.rest = values, seals.moving(values)
        return self.rest

    def _seals(self) -> str:
        """What Life writes into the last event of an act."""
        found = {seals.DOSSIER: self.fixed} if "receive" in self.act else {}
        for name, rows in self.beside.items():
            part = seals.PARTS[name]
            if not part.acts.isdisjoint(self.act):
                found[name] = seals.seal_of_texts(self.salt, self._texts(name, part, rows))
        self.act.clear()
        return events.canonical(found)

    def _texts(self, name: str, part: seals.Part, rows: list[dict[str, Any]]) -> list[str]:
        """The rows as they are sealed; only the newest may have changed since it was sealed last."""
        texts = self.texts[name]
        del texts[len(rows) - 1 :]
        for row in rows[len(texts) :]:
            texts.append(seals.text_of([json.loads(row[c]) if c == "items" else row[c] for c in part.columns]))
        return texts

    def event(self, kind: str, at: datetime, officer: int, data: str = "{}", *, goes_on: bool = False) -> None:
        """The next event of the chain; its text is the canonical one (a test compares). `goes_on`: the act has another one."""
        self.seq += 1
        self.act.add(kind)
        sealed = "" if goes_on else f'"rows":{self._seals()},'
        moment = instant_text(at)
        text = (
            f'{{"after":{{"desk":{number_json(self.desk)},"due":{self.due_json},"ended":{instant_json(self.ended)},'
            f'"holder":{number_json(self.holder)},"legal":{self.legal_json},"pending":{number_json(self.pending)},'
            f'"rest":"{self._rest()}","state":{int(self.status)},"verdict":{number_json(self.verdict)},"waiting":{instant_json(self.waiting)}}},'
            f'"agency":{self.handler.agency_id},"at":"{moment}","data":{data},"dossier":{self.pk},"for":null,"kind":"{kind}",'
            f'"officer":{officer},"recorded":"{moment}",{sealed}"seq":{self.seq}}}'
        )
        found = events.chain(self.hash, text)
        self.rows.add(
            Event,
            {
                "id": self.rows.take(Event), "dossier_id": self.pk, "agency_id": self.handler.agency_id, "seq": self.seq, "kind": kind,
                "at": at, "recorded_at": at, "officer_id": officer, "acting_for_id": None, "text": text, "previous": self.hash,
                "hash": found,
            },
        )  # fmt: skip
        self.hash = found

    def slip(self, slug: str, at: datetime, officer: int) -> None:
        self.world.slips.tell(slug, at, agency_id=self.office.agency_id, dossier_id=self.pk, officer_id=officer)

    def group(self, group: int, at: datetime) -> None:
        """Close the present interval and open the next one."""
        if self.span is not None:
            self.span["to_at"] = self.span["to_recorded"] = at
        self.span = {
            "id": self.rows.take(Span), "dossier_id": self.pk, "agency_id": self.handler.agency_id, "field_id": self.kind.field_id,
            "channel": self.channel, "group": group, "from_at": at, "from_recorded": at, "to_at": None, "to_recorded": None,
            "promise": self.legal, "verdict": self.verdict,
        }  # fmt: skip
        self.rows.add(Span, self.span)

    def give(self, giver: Seat, to: Seat, at: datetime, *, purpose: int, step: str, minutes: int | None, named: bool) -> None:
        self.reach(at)
        self.version += 1
        self.hand_overs += 1
        batch, row = self.rows.take(Batch), self.rows.take(HandOver)
        receiver = to.officer_id if named else None
        agency = self.office.agency_id if giver.department_id == self.office.counter_id else self.handler.agency_id
        self.rows.add(
            Batch,
            {
                "id": batch, "agency_id": agency, "giver_id": giver.officer_id, "giver_department_id": self.desk,
                "receiver_department_id": to.department_id, "receiver_id": receiver, "given_at": at, "note": "",
            },
        )  # fmt: skip
        self.open_hand_over = {
            "id": row, "dossier_id": self.pk, "batch_id": batch, "seq": self.hand_overs, "purpose": purpose, "giver_id": giver.officer_id,
            "giver_role": giver.role, "giver_department_id": self.desk, "receiver_department_id": to.department_id,
            "receiver_id": receiver, "receiver_role": "", "step_name": self.step_name, "step_from": self.step_from,
            "step_minutes": self.step_minutes, "step_due_at": self.step_due, "next_step_order": self.step_order + 1,
            "next_step_name": step, "next_step_minutes": minutes, "given_at": at, "confirm_by": confirm_by(at, self.calendar),
            "confirmed_at": None, "confirmed_by_id": None, "recalled_at": None, "outcome": None, "difference": "", "note": "",
        }  # fmt: skip
        self.put("hand_overs", self.open_hand_over)
        data = f'{{"forward_by":{instant_json(self.forward_by)},"officer":{number_json(receiver)},"row":{row},"to":{to.department_id}}}'
        self.pending, self.pending_officer, self.forward_by = to.department_id, receiver, None
        self.event("hand_over", at, giver.officer_id, data)

    def confirm(self, who: Seat, at: datetime) -> None:
        self.reach(at)
        self.version += 1
        row = self.open_hand_over
        assert row is not None
        found = outcome_of_step(row["step_due_at"], row["given_at"])
        outcome = None if found is None else int(found)
        row.update(confirmed_at=at, confirmed_by_id=who.officer_id, receiver_role=who.role, outcome=outcome)
        data = (
            f'{{"difference":false,"forward_by":null,"outcome":{number_json(outcome)},"row":{row["id"]},'
            f'"step_due":{instant_json(self.step_due)},"step_order":{self.step_order}}}'
        )
        self.holder, self.desk, self.pending, self.pending_officer = who.officer_id, who.department_id, None, None
        self.step_order, self.step_name = row["next_step_order"], row["next_step_name"]
        self.step_from, self.step_minutes = row["given_at"], row["next_step_minutes"]
        self.step_due = step_due(row["given_at"], self.step_minutes, self.calendar)
        home = who.department_id == self.office.counter_id
        finishes, taken_up = home and self.has_result, not home and self.status == State.RECEIVED
        self.event("confirm", at, who.officer_id, data, goes_on=finishes or taken_up)
        act = self.seq
        if finishes:
            self.step_name = RETURN_DESK_STEP
            self.end("finish", State.FINISHED, at, who.officer_id, f'{{"act":{act},"result":"at_counter"}}')
        elif taken_up:
            self.status = State.IN_PROGRESS
            self.event("take_up", at, who.officer_id, f'{{"act":{act}}}')

    def end(self, kind: str, state: State, at: datetime, officer: int, data: str, *, goes_on: bool = False) -> None:
        self.status, self.ended, self.waiting = state, at, None
        self.verdict = _OUTCOMES[worktime.verdict(self.legal, self.term, at)]
        self.event(kind, at, officer, data, goes_on=goes_on)
        self.group(Span.Group.ENDED, at)

    def result(self, at: datetime, by: int, *, refused: bool, title: str, number: str, signer: str) -> int:
        row = self.rows.take(Result)
        reason = "Không đủ điều kiện theo quy định của thủ tục" if refused else ""
        self.put(
            "results",
            {
                "id": row, "dossier_id": self.pk, "kind": int(Result.Kind.REFUSED if refused else Result.Kind.GRANTED), "title": title,
                "number": number, "issued_on": at.astimezone(VN).date(), "signer": signer, "reason": reason, "electronic": False,
                "recorded_by_id": by, "recorded_at": at, "replaced_by_id": None,
            },
        )  # fmt: skip
        self.has_result = True
        if number or refused:
            self.event("record_result", at, by, f'{{"files":[],"kind":{2 if refused else 1},"replaces":null,"row":{row}}}')
        if refused:
            self.slip("tu-choi", at, by)
        return row

    def back(self, at: datetime, owner: Somebody, *, at_once: bool) -> None:
        row = self.rows.take(Return)
        by_post = self.channel == Channel.POST
        way = int(Return.Way.POST if by_post else Return.Way.DIRECT)
        self.put(
            "returns",
            {
                "id": row, "dossier_id": self.pk, "way": way, "taker": 1, "taker_name": owner.name,
                "taker_identity": "" if at_once else owner.identity_number, "authorisation": "",
                "post_number": f"EB{self.rng.randrange(10**9):09d}VN" if by_post else "", "papers_back": "", "note": "",
                "given_by_id": self.clerk.officer_id, "given_at": at, "undone": False,
            },
        )  # fmt: skip
        self.status, self.returned = State.RETURNED, at
        data = '{"act":1,"way":1}' if at_once else f'{{"papers":0,"row":{row},"way":{way}}}'
        self.event("give_back", at, self.clerk.officer_id, data)

    def wait(self, asked: datetime, completed: datetime) -> None:
        """One request for completion, asked in time, completed days later; the clock as the procedure version says."""
        self.reach(asked)
        self.version += 1
        change, row = self.rows.take(ClockChange), self.rows.take(Supplement)
        kind = ClockKind.RESTART if self.kind.restarts else ClockKind.PAUSE
        line = {
            "id": change, "dossier_id": self.pk, "kind": kind.value, "start": asked, "end": None, "extra": "", "basis": "",
            "due_before": self.due, "due_after": None, "undone": False,
        }  # fmt: skip
        self.put("clock", line)
        request = {
            "id": row, "dossier_id": self.pk, "round": 1, "items": self._wanted(),
            "reason": "Hồ sơ chưa đủ thành phần theo quy định", "legal_basis": "", "approver_id": None, "approval_reason": "",
            "proposed_by_id": None, "proposed_at": None, "issued_by_id": self.clerk.officer_id, "issued_at": asked, "respond_by": None,
            "mode": kind.value, "change_id": change, "completed_by_id": None, "completed_at": None, "late": False, "undone": False,
        }  # fmt: skip
        self.put("supplements", request)
        kept = self.clock_json()
        self.changes = [Pause(asked)]
        self.status, self.waiting = State.AWAITING_PAPERS, asked
        self.refold()
        self.event("ask_supplement", asked, self.clerk.officer_id, f'{{"approver":null,"clock":{kept},"round":1,"row":{row}}}')
        self.slip("bo-sung", asked, self.clerk.officer_id)
        self.group(Span.Group.WAITING, asked)
        self.reach(completed)
        self.version += 1
        kept = self.clock_json()
        self.changes = [Restart(completed, asked=asked) if self.kind.restarts else Pause(asked, completed)]
        self.status, self.waiting = State.IN_PROGRESS, None
        self.refold()
        line.update(end=completed, due_after=self.due)
        request.update(completed_by_id=self.clerk.officer_id, completed_at=completed)
        data = f'{{"clock":{kept},"forward_by":null,"row":{row},"step_due":{instant_json(self.step_due)}}}'
        if self.step_due is not None and self.step_due > asked:
            self.step_due = moved_step(self.step_due, asked, completed, self.calendar)
        self.event("complete_supplement", completed, self.clerk.officer_id, data)
        self.slip("tiep-nhan", completed, self.clerk.officer_id)
        self.group(Span.Group.WORKING, completed)

    def _wanted(self) -> str:
        """One line of a request: a published paper of the case, or a correction where it asks for none."""
        if not self.kind.papers:
            return as_json([{"what": "declared", "paper": None, "name": DECLARED, "note": self.rng.choice(_CORRECTIONS)}])
        pk, name, *_ = self.rng.choice(self.kind.papers)
        return as_json([{"what": "paper", "paper": pk, "name": plain_name(name), "note": self.rng.choice(_WRONG)}])

    def withdraw(self, at: datetime, owner: Somebody) -> None:
        self.reach(at)
        self.version += 1
        row = self.rows.take(Ending)
        self.put(
            "endings",
            {
                "id": row, "dossier_id": self.pk, "kind": int(Ending.Kind.WITHDRAWAL), "requested_by": owner.name, "requested_at": at,
                "stage": self.step_name, "reason": "Không còn nhu cầu thực hiện thủ tục", "decision_number": "", "signer": "",
                "fee_consequence": "", "authorisation": "", "officer_id": self.clerk.officer_id, "at": at, "undone": False,
            },
        )  # fmt: skip
        self.end("withdraw", State.WITHDRAWN, at, self.clerk.officer_id, f'{{"clock":{self.clock_json()},"row":{row},"way":null}}')
