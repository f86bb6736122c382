"""How the lateness of a dossier is shared out among the steps that caused it (R-58, R-77, R-113).

A step answers for the working time by which it passed the hours it was given. What the steps were
over together may be more than the dossier is late, where others made some of it good: then each
answers for its part of the lateness, in proportion. What no step was over stays as a rest with a
name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Rest(StrEnum):
    """Why no step explains a part of the lateness."""

    WAITED = "chờ bổ sung, nộp tiền hoặc thời gian không tính"
    ON_THE_WAY = "đã giao, chờ nhận"
    UNTIMED = "ở bước không có thời gian quy định"
    KEPT = "không bước nào quá giờ"
    # Nothing of it can be counted.
    UNKNOWN = "chưa tính được bao lâu"


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """Whose step it was: ids of the department and the officer that held it (0: nobody known)."""

    unit: int
    officer: int
    name: str


@dataclass(frozen=True, slots=True)
class Worked:
    """A step as it was worked, in minutes of the office's working time, pauses not counted.

    `allowed`: None where nobody gave it hours.
    """

    step: Step
    used: int
    allowed: int | None = None

    @property
    def over(self) -> int:
        return 0 if self.allowed is None else max(self.used - self.allowed, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """What one step caused, in minutes of working time: more than none."""

    step: Step
    minutes: int


@dataclass(frozen=True, slots=True)
class Apportioned:
    """`late` = the sum of `parts` and `rest`, in minutes of working time."""

    late: int
    parts: tuple[Part, ...]
    rest: int


def apportion(late: int, worked: Iterable[Worked]) -> Apportioned:
    """Who caused how much of `late` (minutes of the office's working time, not negative).

    A step that kept its hours, or was given none, causes nothing (R-77: lateness falls on whoever
    overran); what the others were over is theirs as far as the dossier is late, else in proportion,
    whole minutes by the greatest remainders. What is left is the rest. Parts stand from the
    greatest; the order of what is given changes nothing.
    """
    over: dict[Step, int] = {}
    for one in worked:
        if one.over:
            over[one.step] = over.get(one.step, 0) + one.over
    whole = sum(over.values())
    shares = over if whole <= late else _shared(late, whole, over)
    parts = [Part(step, minutes) for step, minutes in shares.items() if minutes]
    parts.sort(key=lambda part: (-part.minutes, part.step))
    return Apportioned(late, tuple(parts), late - sum(part.minutes for part in parts))


def _shared(late: int, whole: int, over: dict[Step, int]) -> dict[Step, int]:
    """In proportion, summing to `late`."""
    shares = {step: late * minutes // whole for step, minutes in over.items()}
    by_remainder = sorted(over, key=lambda step: (-(late * over[step] % whole), step))
    for step in by_remainder[: late - sum(shares.values())]:
        shares[step] += 1
    return shares


def rest_of(*, waited: bool, on_the_way: bool, untimed: bool) -> Rest:
    """What the rest is called: the first that holds of a dossier."""
    if waited:
        return Rest.WAITED
    if on_the_way:
        return Rest.ON_THE_WAY
    return Rest.UNTIMED if untimed else Rest.KEPT
