"""Lives are what they were: recorded ones are lived again and every fact is compared (README.md)."""

from __future__ import annotations

import os
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection

from tests.lives import comparing, kept, living, named

# In `make test` each engine lives every other one of its block; `make test-long` all of all blocks.
LONG = bool(os.environ.get("LONG"))
PART = {"sqlite": [0], "postgresql": [1]}
BLOCKS = kept.blocks() if LONG else PART[connection.vendor]


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS)
def test_lives_are_what_they_were(block: int) -> None:
    """After every step: columns, ledger, clock, slips, control sheet, timeline, what each role may
    do, what the page offers, statements of the main pages.
    """
    was, told = kept.read(block), []
    for seed, now in living.lives(kept.seeds_of(block)[:: 1 if LONG else 2]):
        if found := list(comparing.differences(was[seed], kept.as_json(now))):
            told += [f"life {seed}, {found[0]}", *found[1:]]
    assert not told, "\n".join(["python -m tests.lives.record tells more (README.md)", *told])


@pytest.fixture(scope="module")
def life() -> list[dict[str, Any]]:
    """The life of the first block in which most happened."""
    return max(kept.read(0).values(), key=lambda life: len(life[-1]["ledger"]))


@pytest.mark.parametrize(
    "section",
    ["columns", "ledger", "clock", "slips", "sheet", "timeline", "allowed", "page", "statements"],
)
def test_a_fact_that_changed_is_told(life: list[dict[str, Any]], section: str) -> None:
    """Else the comparison above could not fail."""
    again = deepcopy(life)
    place = _change(again[-1][section], [section])
    found = list(comparing.differences(life, again))
    assert len(found) == 2
    assert found[1].startswith(f"  {place}: was ")


def _change(value: Any, path: list[str]) -> str:
    """Changes the last plain value inside; gives its place."""
    key = list(value)[-1] if isinstance(value, dict) else len(value) - 1
    step = f".{key}" if isinstance(value, dict) else f"[{key}]"
    if isinstance(value[key], dict | list) and value[key]:
        return _change(value[key], [*path, step])
    value[key] = "otherwise"
    return "".join([*path, step])


def test_what_is_named_hides_nothing_else(life: list[dict[str, Any]]) -> None:
    """Refusals' slips and the hours of steps are told otherwise; all else is compared."""
    for step in life:
        aside = named.aside(step)
        for section in ("tried", "ledger", "clock", "allowed"):
            assert aside[section] == step[section]
        assert aside["columns"].keys() | {"step_due_at"} == step["columns"].keys()
        assert len(aside["timeline"]) == len(step["timeline"])
        assert [block[:6] for block in aside["sheet"]] == [block[:6] for block in step["sheet"]]


def test_every_act_is_done_in_the_recorded_lives() -> None:
    done = {
        event[0]
        for block in kept.blocks()
        for life in kept.read(block).values()
        for event in life[-1]["ledger"]
    }
    assert {
        "receive", "hand_over", "confirm", "take_up", "recall", "record_result", "propose_supplement", "ask_supplement",
        "complete_supplement", "re_appoint", "move_by_calendar", "move_desk", "withdraw", "stop", "finish", "give_back", "take_back",
    } <= done  # fmt: skip
