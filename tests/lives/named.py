"""What is told otherwise than when the lives were recorded, each difference with its reason.

The recorded lives stay as they were; both tellings are compared without what stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.lives.kept import Facts

PAYMENT = ("Yêu cầu nghĩa vụ tài chính", "Đã thực hiện nghĩa vụ tài chính")


@dataclass(frozen=True, slots=True)
class Difference:
    """`aside` gives a step without what differs, for the same reason, everywhere."""

    name: str
    reason: str
    aside: Callable[[Facts], Facts]


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
)


def aside(step: Facts) -> Facts:
    for difference in NAMED:
        step = difference.aside(step)
    return step
