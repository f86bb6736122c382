"""Who caused how much of a dossier's lateness: the shares are the whole of it, none is negative,
whoever kept the hours caused nothing, and the order in which the steps are told changes nothing
(R-58, R-77).
"""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from dossiers.clock.apportioning import Rest, Step, Worked, apportion, rest_of

A, B, C = (Step(number, 0, name) for number, name in ((1, "Thẩm định"), (2, "Ký"), (3, "Trả")))


@pytest.mark.parametrize(
    ("late", "worked", "parts", "rest"),
    [
        (0, [], {}, 0),
        (480, [], {}, 480),
        # Each answers for what it was over; the dossier is later than that: a rest.
        (960, [Worked(A, 700, 400), Worked(B, 100, 60)], {A: 300, B: 40}, 620),
        # One kept its hours, one had none.
        (480, [Worked(A, 400, 400), Worked(B, 900)], {}, 480),
        # What others made good is taken off in proportion.
        (480, [Worked(A, 1120, 400), Worked(B, 300, 60), Worked(C, 10, 490)], {A: 360, B: 120}, 0),
        # The same step twice answers for both.
        (100, [Worked(A, 40, 10), Worked(A, 40, 10)], {A: 60}, 40),
        # A minute that cannot be split goes to the greatest remainder, then to the first step.
        (1, [Worked(B, 1, 0), Worked(A, 1, 0)], {A: 1}, 0),
        (3, [Worked(A, 5, 0), Worked(B, 2, 0)], {A: 2, B: 1}, 0),
    ],
)
def test_cases(late: int, worked: list[Worked], parts: dict[Step, int], rest: int) -> None:
    found = apportion(late, worked)
    assert {part.step: part.minutes for part in found.parts} == parts
    assert found.rest == rest


def _worked(random: Random) -> Worked:
    step = Step(random.choice((0, 1, 2)), random.choice((0, 7)), random.choice("ab"))
    allowed = random.choice((None, 0, random.randint(0, 3000)))
    return Worked(step, random.choice((0, 1, random.randint(0, 5000))), allowed)


@pytest.mark.parametrize("seed", range(5))
def test_properties(seed: int) -> None:
    random = Random(seed)
    for _ in range(400):
        late = random.choice((0, 1, random.randint(0, 10_000)))
        _holds(late, [_worked(random) for _ in range(random.randint(0, 9))], random)


def _holds(late: int, worked: list[Worked], random: Random) -> None:
    found = apportion(late, worked)
    assert sum(part.minutes for part in found.parts) + found.rest == found.late == late
    assert all(part.minutes > 0 for part in found.parts)
    over: dict[Step, int] = {}
    for one in worked:
        if one.allowed is not None:
            over[one.step] = over.get(one.step, 0) + max(0, one.used - one.allowed)
    whole = sum(over.values())
    assert found.rest == max(late - whole, 0)
    for part in found.parts:  # never more than it was over, within a minute of its proportion
        assert part.minutes <= over[part.step]
        exact = over[part.step] * min(Fraction(1), Fraction(late, whole))
        assert abs(part.minutes - exact) < 1
    turned = list(worked)
    random.shuffle(turned)
    assert apportion(late, turned) == found


def test_the_rest_is_named_by_the_first_that_holds() -> None:
    assert rest_of(waited=True, on_the_way=True, untimed=True) is Rest.WAITED
    assert rest_of(waited=False, on_the_way=True, untimed=True) is Rest.ON_THE_WAY
    assert rest_of(waited=False, on_the_way=False, untimed=True) is Rest.UNTIMED
    assert rest_of(waited=False, on_the_way=False, untimed=False) is Rest.KEPT
