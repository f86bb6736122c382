"""The kinds of second factor (R-142): one module a kind, which offers itself here. Whoever asks for
the second step, shows what somebody has or sets a new one up, knows kinds by this list only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from onestop.accounts.models import Factor, Officer


@dataclass(frozen=True)
class Kind:
    """One kind. `name`: what Factor.kind and the address say. `label`: on pages. `is_there`:
    whether this officer can pass the step by it. `asked`: what `template`, a part of the step's
    page, shows (asked anew at each showing). `check`: whether the answer that was sent proves it;
    runs inside the transaction that counts failures, must let no answer in twice and note the use.
    `enrol`: the address where one is set up; "" where that is nobody's own choice. `wrong`: the code
    of the sentence that a wrong answer gets. `field`: of the answer; an empty one is no try and gets
    the sentence `unanswered`.
    """

    order: int
    name: str
    label: str
    template: str
    is_there: Callable[[Officer], bool]
    asked: Callable[[HttpRequest, Officer], dict[str, Any]]
    check: Callable[[HttpRequest, Officer, datetime], bool]
    enrol: str = ""
    about: str = ""
    wrong: str = "factor_wrong"
    field: str = "code"
    unanswered: str = "factor_no_answer"


_kinds: dict[str, Kind] = {}


def offer(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def kinds_of(officer: Officer) -> list[Kind]:
    """By which this officer can pass the step, the usual one first."""
    return [kind for kind in kinds() if kind.is_there(officer)]


def label_of(name: str) -> str:
    return _kinds[name].label if name in _kinds else name


def has_one(name: str) -> Callable[[Officer], bool]:
    """Whether an officer has a factor of this kind."""

    def has(officer: Officer) -> bool:
        return Factor.objects.filter(officer=officer, kind=name).exists()

    return has
