"""Lives worked by the real acts, from reception to return, cut off at "now": what the archive is
multiplied from (copies.py).
"""

from __future__ import annotations

import secrets as random_bytes
from bisect import bisect_right
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from uuid import UUID

from dossiers.acts import endings, handovers, payment, reception, supplements
from dossiers.acts.endings import EndingIn, ResultIn, Taking
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.generating.filing import filed_online
from dossiers.generating.offices import Handler, Kind, Office, Seat, channel_of
from dossiers.generating.people import Somebody, full_name, somebody
from dossiers.intake.brought import Intake, PaperIn, Person, SubmitterIn
from dossiers.intake.wanted import Wanted, What, declared
from dossiers.models import Result, Return
from dossiers.models.collecting import ResultNotice
from dossiers.models.handover import Purpose
from dossiers.route import Processes
from onestop.accounts.desk import Desk, desk_of
from onestop.accounts.models import Agency, Department, Officer, RoleGrant, Substitution
from onestop.worktime import VN, Calendar, CalendarMissing
from procedures.channels import Channel

# Every invented dossier carries a token that begins so: how a database is told from one that holds
# real ones.
TOKEN = bytes.fromhex("64656d6f")  # "demo"
FOR_ANOTHER, NEVER_FETCHED = 0.05, 0.02
# How many days after the notice an obligation is to be paid at the latest.
PAY_DAYS = 30
# The turns a life can take, and how often one does beside the others.
TURNS = {
    "plain": 0.844,
    "late": 0.06,
    "waits": 0.07,
    "withdrawn": 0.01,
    "stopped": 0.004,
    "refused": 0.012,
    "pays": 0.02,
}
# So many working minutes a term must have before it is asked for completion within the three
# working days of R-46.
LONG = 1200
_WRONG = (
    "",
    "thiếu 1 bản",
    "bản chụp mờ, nộp lại 1 bản",
    "chưa có chữ ký của người nộp",
    "hết hạn, nộp bản còn giá trị",
)
_CORRECTIONS = (
    "Họ tên của mẹ khác giấy khai sinh",
    "Chưa ghi ngày, tháng, năm sinh",
    "Chưa ghi số điện thoại liên hệ",
)


class Cut(Exception):
    """The life has reached "now"."""


@dataclass(frozen=True, slots=True)
class Life:
    """A worked dossier, where and by whom; whether it was cut off by "now"."""

    dossier_id: int
    office: Office
    handler: Handler
    clerk: Seat
    specialist: Seat
    leader: Seat
    turn: str
    is_cut: bool


def live(
    office: Office,
    steps: tuple[str, str, str],
    received: datetime,
    now: datetime,
    rng: Random,
    turn: str,
) -> Life:
    """Work one dossier received at this instant, until now, which takes that turn of TURNS where
    its procedure allows it.
    """
    wanted = rng.choices(office.kinds, cum_weights=office.weights, k=50)
    fitting = [kind for kind in wanted if takes(kind, turn)]
    if not fitting:
        turn, fitting = "plain", wanted
    life = _Life(office, rng.choice(office.handlers), fitting[0], steps, received, now, rng, turn)
    is_cut = True
    with suppress(Cut):
        life.run()
        is_cut = False
    return Life(
        life.dossier.pk,
        office,
        life.handler,
        life.clerk,
        life.specialist,
        life.leader,
        turn,
        is_cut,
    )


def turns_at(places: Iterable[Office]) -> dict[str, float]:
    """The turns that some procedure of these offices can take."""
    kinds = [kind for place in places for kind in place.kinds]
    return {turn: often for turn, often in TURNS.items() if any(takes(k, turn) for k in kinds)}


def takes(kind: Kind, turn: str) -> bool:
    """Whether dossiers of this kind take that turn."""
    if turn == "plain":
        return True
    if turn == "late":
        return not kind.immediate
    return kind.is_long and (kind.taxed or turn != "pays")


class _Life:
    """One dossier on its way, and who works on it."""

    def __init__(
        self,
        office: Office,
        handler: Handler,
        kind: Kind,
        steps: tuple[str, str, str],
        received: datetime,
        now: datetime,
        rng: Random,
        turn: str,
    ) -> None:
        self.office, self.handler, self.kind, self.steps, self.rng, self.now = (
            office,
            handler,
            kind,
            steps,
            rng,
            now,
        )
        self.received, self.calendar, self.turn = received, handler.hours, turn
        self.is_on_the_way = False
        self.clerk: Seat = rng.choice(office.clerks)
        self.specialist, self.leader = rng.choice(handler.specialists), rng.choice(handler.leaders)
        self.channel = channel_of(kind, rng)
        self.owner: Somebody = somebody(
            rng, rng.choice(office.places), received.year, kind.companies
        )
        intake = self._intake()
        receive = reception.receive_and_return if kind.immediate else reception.receive
        self.dossier = receive(intake, by=_desk(self.clerk, received), at=received)

    def run(self) -> None:
        """The acts after reception, each a little working time after the one before, together as
        long as the case takes.
        """
        if self.kind.immediate:
            return
        rng, start, minutes = self.rng, self.received, self._length()
        handle, approve, give_back = self.steps
        pace = rng.uniform(1.03, 1.7) if self.turn == "late" else rng.uniform(0.2, 0.93)
        whole = minutes * pace
        step = NextStep(order=2, name=handle, minutes=_allowed(minutes * 0.6))
        self._give(
            self.clerk,
            self.specialist,
            self._after(start, min(45, whole * 0.05)),
            step,
            named=rng.random() < 0.6,
        )
        self._confirm(self.specialist, self._after(start, min(150, whole * 0.12)))
        if self.turn in ("withdrawn", "stopped"):
            self._end(self._after(start, whole * 0.4), stopped=self.turn == "stopped")
            return
        if self.turn in ("waits", "pays"):
            wait = self._wait if self.turn == "waits" else self._pay
            start = wait(self._after(start, min(whole * 0.3, 900)))
            whole = self._length() * min(pace, 0.95)
        self._result(self._after(start, whole * 0.7), refused=self.turn == "refused")
        step = NextStep(
            order=3, name=approve, minutes=_allowed(minutes * 0.15), purpose=Purpose.APPROVE
        )
        self._give(self.specialist, self.leader, self._after(start, whole * 0.72), step, named=True)
        self._confirm(self.leader, self._after(start, whole * 0.78))
        step = NextStep(order=4, name=give_back, purpose=Purpose.RETURN)
        self._give(self.leader, self.clerk, self._after(start, whole * 0.92), step, named=False)
        self._confirm(self.clerk, ended := self._after(start, whole))
        if rng.random() >= NEVER_FETCHED:
            self._return(
                self._after(
                    ended, rng.choice((20, 60, 200, 480, 900, 1800)) * rng.uniform(0.5, 1.5)
                )
            )

    # --- acts ---------------------------------------------------------------------------

    def _intake(self) -> Intake:
        kind, rng, owner = self.kind, self.rng, self.owner
        submitter = None
        if not kind.immediate and rng.random() < FOR_ANOTHER:
            day = self.received.astimezone(VN).date() - timedelta(days=1)
            name = full_name(rng, woman=rng.random() < 0.5)
            submitter = SubmitterIn(
                name=name, phone=owner.phone, authorisation=f"Giấy ủy quyền ngày {day:%d/%m/%Y}"
            )
        return Intake(
            token=UUID(bytes=TOKEN + random_bytes.token_bytes(12)),
            agency=_agency(self.office.agency_id),
            handled_by=_agency(self.handler.agency_id),
            case_id=kind.case_id,
            channel=Channel(self.channel),
            owner=Person(
                name=owner.name,
                kind=owner.owner_kind,
                identity_kind=owner.identity_kind,
                identity_number=owner.identity_number,
                phone=owner.phone,
                address=owner.address,
            ),
            submitter=submitter,
            papers=tuple(
                PaperIn(pk, originals, certified, copies)
                for pk, _, originals, certified, copies in kind.papers
            ),
            fee_amount=kind.fees[self.channel],
            fee_reason="" if self.channel in kind.priced else "Theo biểu phí niêm yết",
            no_scan_reason="Dữ liệu minh họa",
            return_by_post=self.channel == Channel.POST,
            with_slip=not kind.immediate,
            online=filed_online(self.channel, self.received, unit=_agency(self.office.agency_id)),
        )

    def _give(self, giver: Seat, to: Seat, at: datetime, step: NextStep, *, named: bool) -> None:
        self._reach(at)
        _, (done,) = handovers.hand_over_many(
            [Seen(self.dossier.pk)],
            to=_department(to.department_id),
            receiver=_officer(to.officer_id) if named else None,
            step=step,
            by=_desk(giver, at),
            at=at,
            processes=_processes(),
        )
        if done.error is not None:
            raise done.error
        # What somebody gives to himself in another role is confirmed by the giving.
        self.is_on_the_way = not named or giver.officer_id != to.officer_id

    def _confirm(self, who: Seat, at: datetime) -> None:
        self._reach(at)
        if self.is_on_the_way:
            self.dossier = handovers.confirm(Seen(self.dossier.pk), by=_desk(who, at), at=at)

    def _wait(self, asked: datetime) -> datetime:
        """One request for completion, asked in time, completed days later. Out: when."""
        self._reach(asked)
        items = (
            [Wanted(What.PAPER, self.rng.choice(_WRONG), self.rng.choice(self.kind.papers)[0])]
            if self.kind.papers
            else []
        )
        reason = "Hồ sơ chưa đủ thành phần theo quy định"
        desk = _desk(self.clerk, asked)
        supplements.ask(
            Seen(self.dossier.pk),
            items=items or declared(self.rng.choice(_CORRECTIONS)),
            reason=reason,
            by=desk,
            at=asked,
        )
        completed = self._reach(self._after(asked, self.rng.uniform(200, 3500)))
        self.dossier = supplements.complete(
            Seen(self.dossier.pk), by=_desk(self.clerk, completed), at=completed
        )
        return completed

    def _pay(self, asked: datetime) -> datetime:
        """A financial obligation, its document brought days later. Out: when."""
        self._reach(asked)
        amount = self.rng.randrange(500, 40_000) * 1000
        day = asked.astimezone(VN).date()
        obligation = payment.Obligation(
            content="Lệ phí trước bạ nhà, đất",
            amount=amount,
            legal_basis=f"Thông báo nộp lệ phí trước bạ số {self.rng.randrange(1, 900)}/TB-TCS3",
            determined_by="Thuế cơ sở 3",
            pay_by=day + timedelta(days=PAY_DAYS),
        )
        seen = Seen(self.dossier.pk)
        payment.ask_payment(seen, obligation, by=_desk(self.clerk, asked), at=asked)
        paid = self._reach(self._after(asked, self.rng.uniform(400, 3500)))
        proof = payment.Proof(
            f"{self.rng.randrange(10**7):07d}", paid.astimezone(VN).date(), amount
        )
        self.dossier = payment.record_payment(seen, proof, by=_desk(self.clerk, paid), at=paid)
        return paid

    def _result(self, at: datetime, *, refused: bool) -> None:
        self._reach(at)
        if refused:
            data = ResultIn(
                kind=Result.Kind.REFUSED, reason="Không đủ điều kiện theo quy định của thủ tục"
            )
        else:
            own = self.office.agency_id == self.handler.agency_id
            data = ResultIn(
                title=self.kind.result or "Kết quả giải quyết thủ tục hành chính",
                number=f"{self.rng.randrange(1, 900)}/{'QĐ-UBND' if own else 'GP-SO'}",
                issued_on=at.astimezone(VN).date(),
                signer=self.leader.name,
            )
        endings.record_result(Seen(self.dossier.pk), data, by=_desk(self.specialist, at), at=at)

    def _return(self, at: datetime) -> None:
        self._reach(at)
        by_post = self.channel == Channel.POST
        taking = Taking(
            name=self.owner.name,
            identity=self.owner.identity_number,
            way=Return.Way.POST if by_post else Return.Way.DIRECT,
            post_number=f"EB{self.rng.randrange(10**9):09d}VN" if by_post else "",
            told=ResultNotice.Way.CALL if by_post else ResultNotice.Way.SPOKEN,
        )
        endings.give_back(Seen(self.dossier.pk), taking, by=_desk(self.clerk, at), at=at)

    def _end(self, at: datetime, *, stopped: bool) -> None:
        self._reach(at)
        if not stopped:
            data = EndingIn(self.owner.name, "Không còn nhu cầu thực hiện thủ tục")
            endings.withdraw(Seen(self.dossier.pk), data, by=_desk(self.clerk, at), at=at)
            return
        data = EndingIn(
            self.owner.name, "Chủ hồ sơ không còn đáp ứng điều kiện", decision_number=f"{self.rng.randrange(1, 90)}/QĐ",
            signer=self.leader.name, fee_consequence="Không thu",
        )  # fmt: skip
        endings.stop(Seen(self.dossier.pk), data, by=_desk(self.leader, at), at=at)

    # --- time ---------------------------------------------------------------------------

    def _reach(self, at: datetime) -> datetime:
        """The instant of the next act; the life ends where it would lie ahead."""
        if at > self.now:
            raise Cut
        return at

    def _after(self, start: datetime, minutes: float) -> datetime:
        """So many working minutes later, at an odd second of that minute."""
        at = self.calendar.add_working_minutes(start, max(1, round(minutes)))
        return at.replace(second=self.rng.randrange(60))

    def _length(self) -> int:
        """The working minutes to the promise; a day where none is promised or the year has no
        calendar.
        """
        if self.dossier.due_at is None:
            return 480
        try:
            return max(
                self.calendar.working_minutes_between(self.received, self.dossier.due_at), 90
            )
        except CalendarMissing:
            return 480


def _allowed(minutes: float) -> int:
    """The time of a step as an office says it: half hours, from four hours on whole ones."""
    unit = 30 if minutes < 240 else 60
    return max(1, round(minutes / unit)) * unit


def _desk(seat: Seat, at: datetime) -> Desk:
    """The officer's desk on that day: the same as on any other day since roles last changed."""
    period = bisect_right(_role_days(), at.astimezone(VN).date())
    if (seat.officer_id, period) not in _desks:
        _desks[seat.officer_id, period] = desk_of(_officer(seat.officer_id), at)
    return _desks[seat.officer_id, period]


_desks: dict[tuple[int, int], Desk] = {}


@cache
def _role_days() -> list[date]:
    """The days on which anybody's roles or absences are other ones than the day before."""
    after, found = timedelta(days=1), set[date]()
    for first, last, ended in RoleGrant.objects.values_list("valid_from", "valid_to", "ended_at"):
        found |= {first, *([last + after] if last else ())}
        found |= {ended.astimezone(VN).date()} if ended else set()
    for first, last in Substitution.objects.values_list("from_date", "to_date"):
        found |= {first, last + after}
    return sorted(found)


@cache
def _processes() -> Processes:
    return Processes()


@cache
def _officer(pk: int) -> Officer:
    return Officer.objects.get(pk=pk)


@cache
def _department(pk: int) -> Department:
    return Department.objects.select_related("agency").get(pk=pk)


@cache
def _agency(pk: int) -> Agency:
    return Agency.objects.get(pk=pk)


def forget() -> None:
    """Rows kept while lives are worked belong to one database as it was then."""
    _desks.clear()
    for kept in (_processes, _officer, _department, _agency, _role_days):
        kept.cache_clear()


def hour_of_reception(rng: Random, day: date, calendar: Calendar) -> datetime:
    """Some second of the day's sessions, the mornings busier."""
    sessions = calendar.sessions_on(day)
    start, end = sessions[0] if len(sessions) == 1 or rng.random() < 0.6 else sessions[-1]
    first, last = start.hour * 60 + start.minute + 5, end.hour * 60 + end.minute - 10
    minute = rng.randrange(first, max(last, first + 1))
    return datetime.combine(day, time(minute // 60, minute % 60, rng.randrange(60)), VN)
