"""What is told otherwise than when the lives were recorded, each difference with its reason.

The recorded lives stay as they were; both tellings are compared without what stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.lives.kept import Facts

PAYMENT = ("Yêu cầu nghĩa vụ tài chính", "Đã thực hiện nghĩa vụ tài chính")


def _as_it_is(step: Facts) -> Facts:
    return step


def _never(life: list[Facts]) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Difference:
    """`aside` gives a step without what differs, for the same reason, everywhere. `parts`: whether
    a life, told up to its newest step, goes its own way from there, so that it is compared up to
    the step before.
    """

    name: str
    reason: str
    aside: Callable[[Facts], Facts] = _as_it_is
    parts: Callable[[list[Facts]], bool] = _never


def _without_prints(step: Facts) -> Facts:
    ledger = [event for event in step["ledger"] if event[0] != "print_slip"]
    return step | {"ledger": ledger, "columns": step["columns"] | {"event_seq": len(ledger)}}


def _without_payment(step: Facts) -> Facts:
    offers = [
        offer
        for offer in step["page"]["offers"]
        if not offer.removeprefix("now: ").removeprefix("not: ").startswith(PAYMENT)
    ]
    return step | {"page": step["page"] | {"offers": offers}}


def _without_imports(step: Facts) -> Facts:
    allowed = {
        role: {act: answer for act, answer in acts.items() if not act.startswith("import_")}
        for role, acts in step["allowed"].items()
    }
    return step | {"allowed": allowed}


def _lost_by_taking_back(life: list[Facts], column: str) -> bool:
    return (
        life[-1]["tried"][-1:] == ["take back"]
        and bool(life[-2]["columns"][column])
        and not life[-1]["columns"][column]
    )


def _lost_what_was_recalled(life: list[Facts]) -> bool:
    before_that = life[-1]["ledger"][-2:-1]
    is_after_recall = bool(before_that) and before_that[0][0] == "recall"
    return is_after_recall and _lost_by_taking_back(life, "forward_by")


def _lost_what_was_told(life: list[Facts]) -> bool:
    flags = ("soon_flagged", "late_flagged")
    return any(_lost_by_taking_back(life, flag) for flag in flags)


NAMED = (
    Difference(
        "a sheet that is made is an event",
        "Every row beside a dossier is written through the ledger since the refit, the control "
        "sheet of a first print too: its number and hash are verified as those of other slips. "
        "The timeline does not speak of it.",
        _without_prints,
    ),
    Difference(
        "the financial obligation is offered",
        "`ask_payment` and `record_payment` stood in the table before; since the refit they are "
        "acts with pages, so the page of a dossier offers them.",
        _without_payment,
    ),
    Difference(
        "imports are acts",
        "What an earlier system tells of its dossiers is written by acts of their own, which came "
        "after the refit; they have no button on the page.",
        _without_imports,
    ),
    Difference(
        "taking back an act keeps what was recalled since",
        "Given, papers completed, the giving recalled, the completion taken back: all columns were "
        "put back as they stood before the completion, so the dossier lay at the counter again "
        "without its time for passing on (R-39). Now only what the act itself wrote is put back, "
        "and the recall's time stays.",
        parts=_lost_what_was_recalled,
    ),
    Difference(
        "taking back an act keeps what was told since",
        "Asked for papers, told as late by the scheduler, the request taken back: the flags were "
        "put back as they stood before the request, so the same lateness was told twice. Now they "
        "are the act's only where it wrote them: once a dossier, promise and level.",
        parts=_lost_what_was_told,
    ),
)


def aside(step: Facts) -> Facts:
    for difference in NAMED:
        step = difference.aside(step)
    return step


def parts(life: list[Facts]) -> bool:
    """Whether what is named makes another life of it from its newest step on."""
    return any(difference.parts(life) for difference in NAMED)
