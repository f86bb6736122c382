"""Which lives an archive is copied from: every turn stands in it."""

from datetime import date, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from dossiers.generating.lives import TURNS
from dossiers.generating.planning import Copy, Plan
from tests.world import vn

DAY = vn("02/11/2026 09:00")


def pattern(turn: str) -> Any:
    life = SimpleNamespace(turn=turn, is_cut=False, office=None, handler=None)
    return SimpleNamespace(life=life, received=DAY)


@pytest.mark.parametrize("seed", range(20))
def test_a_rare_turn_never_takes_the_place_of_another_one(seed: int) -> None:
    patterns = {turn: pattern(turn) for turn in TURNS}
    plan = Plan([*patterns.values()], [], {date(2026, 11, 2): 9}, DAY, Random(seed))
    chance = ["plain"] * 8 + ["late"]
    found = [Copy(DAY, patterns[turn], timedelta(0), None, None) for turn in chance]
    plan._let_none_be_missing(found)
    assert {copy.pattern.life.turn for copy in found} == set(TURNS)
    assert len(found) == len(chance)
