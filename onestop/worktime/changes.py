"""What may move a promise: a closed list of acts, each with its moment. There are no typed-in
dates.

Calendar decisions, unplanned closings and a corrected reception are not here: they are another
calendar or another `received`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from onestop.worktime.errors import ChangeError
from onestop.worktime.terms import Term
from onestop.worktime.zone import local


class PauseKind(StrEnum):
    """Why the clock stands still; all of them move the promise alike."""

    SUPPLEMENT = "supplement"
    FINANCIAL = "financial"
    EXPERTISE = "expertise"
    POSTING = "posting"
    VERIFICATION = "verification"
    CONSULTATION = "consultation"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def waits(self) -> str:
        """What a dossier does meanwhile, as lists say it."""
        return _WAITS[self]


_LABELS = {
    PauseKind.SUPPLEMENT: "chờ bổ sung hồ sơ",
    PauseKind.FINANCIAL: "thực hiện nghĩa vụ tài chính",
    PauseKind.EXPERTISE: "giám định",
    PauseKind.POSTING: "niêm yết công khai",
    PauseKind.VERIFICATION: "xác minh",
    PauseKind.CONSULTATION: "lấy ý kiến cơ quan khác",
    PauseKind.OTHER: "thời gian không tính vào thời hạn",
}
_WAITS = {
    PauseKind.SUPPLEMENT: "đang chờ bổ sung",
    PauseKind.FINANCIAL: "đang chờ nghĩa vụ tài chính",
    PauseKind.EXPERTISE: "đang chờ giám định",
    PauseKind.POSTING: "đang niêm yết công khai",
    PauseKind.VERIFICATION: "đang chờ xác minh",
    PauseKind.CONSULTATION: "đang chờ lấy ý kiến",
    PauseKind.OTHER: "đang tạm dừng",
}


@dataclass(frozen=True, slots=True)
class Pause:
    """A wait from the notice (`from_`) to completion (`to`, None while it lasts); supplements
    (R-48) and excluded time.

    `known`: when excluded time was recorded, where that was not its beginning: whether the promise
    had passed is asked of that instant. `heals`: an approver gave the sector law by which it counts
    although the promise had passed.
    """

    from_: datetime
    to: datetime | None = None
    kind: PauseKind = PauseKind.SUPPLEMENT
    known: datetime | None = None
    heals: bool = False

    def __post_init__(self) -> None:
        if self.to is not None and local(self.to) < local(self.from_):
            raise ChangeError("Thời điểm hoàn thành bổ sung không được trước thời điểm yêu cầu.")


@dataclass(frozen=True, slots=True)
class Restart:
    """The term anew from completion (`at`, R-47). `asked`: when the notice was issued; None vouches
    that it was issued in time.
    """

    at: datetime
    asked: datetime | None = None

    def __post_init__(self) -> None:
        if self.asked is not None and local(self.at) < local(self.asked):
            raise ChangeError("Thời điểm nhận đủ hồ sơ không được trước thời điểm yêu cầu bổ sung.")


@dataclass(frozen=True, slots=True)
class Extension:
    """A lawful extension under sector law, decided at `at`, by a further term; moves the promise
    and the verdict. `heals`: by a sector law that says so, also after the promise has passed.
    `until`: the very instant that was agreed with the applicant, so many working days on; it stands
    until something else moves the promise.
    """

    at: datetime
    by: Term
    basis: str = ""
    heals: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reappointment:
    """Apology and re-appointment at `at`, by a further term counted from the promise (or from `at`
    when that has passed).

    Moves what queues, flags and citizens see; never the verdict.
    """

    at: datetime
    by: Term


@dataclass(frozen=True, slots=True)
class TakenOver:
    """The promise as another system gave it, taken over at `at` (an instant of ours).

    Whatever was over by then moves it no further: it was promised knowing that.
    """

    at: datetime
    due: datetime


Change = Pause | Restart | Extension | Reappointment | TakenOver


def merge(pauses: Iterable[Pause]) -> list[Pause]:
    """Waits in order, overlapping and touching ones as one (the first one's kind); an open wait
    swallows what begins after it.
    """
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda p: local(p.from_)):
        last = merged[-1] if merged else None
        if last is None or (last.to is not None and local(last.to) < local(pause.from_)):
            merged.append(pause)
        elif last.to is not None and (pause.to is None or local(pause.to) > local(last.to)):
            merged[-1] = Pause(last.from_, pause.to, last.kind)
    return merged


def apart(pause: Pause, covered: Iterable[tuple[datetime, datetime]]) -> list[Pause]:
    """What of an ended wait lies in none of these spans: time that waits share counts once."""
    parts = [pause]
    for begin, end in covered:
        rest: list[Pause] = []
        for part in parts:
            first, last = local(part.from_), local(part.to or end)
            if last <= begin or end <= first:
                rest.append(part)
                continue
            if first < begin:
                rest.append(replace(part, to=begin))
            if end < last:
                rest.append(replace(part, from_=end))
        parts = rest
    return parts


def split(pauses: list[Pause], cuts: Iterable[datetime]) -> list[Pause]:
    """Waits cut at restarts, so that what lies before and after a restart can be told apart."""
    for cut in cuts:
        parts: list[Pause] = []
        for pause in pauses:
            if local(pause.from_) < cut and (pause.to is None or cut < local(pause.to)):
                parts += [replace(pause, to=cut), replace(pause, from_=cut)]
            else:
                parts.append(pause)
        pauses = parts
    return pauses
