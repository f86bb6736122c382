"""What the apps above may want to hear or be asked. Signals, because accounts may not import them;
an error in a receiver is raised to the caller, so that it rolls the whole act back.

desk_counted(officer) -> int
    How many open dossiers lie on this officer's desk.
desk_handed_over(officer, successor, by, at) -> str | None
    Sent inside the transaction that closes an account: move the officer's whole desk to `successor`
    (None when nothing lies on it). A receiver may give the address of the printed list.
calendar_previewed(agency_ids, first, last) -> int
    How many open promises would move if days between `first` and `last` (None: for ever) changed.
    `agency_ids` None: everywhere.
calendar_changed(agency_ids, first, last, by, at)
    Sent inside the transaction after calendar rows changed. Nothing moves by itself (R-41):
    receivers make it visible.
object_of_address(arguments, view, hidden_from) -> tuple[str, int] | None
    The (kind, id) of the object that the arguments of an address name, if there is one; with
    `hidden_from` only one that the officer at that desk may not open. None: not mine.
objects_named(kind, ids, desk) -> dict[int, str] | None
    What people call these objects of an access line (kind "dossier": their codes), as far as the
    officer at
    `desk` may open them. None: not mine.
demo_made(agencies, at)
    The demo province has its dossiers; these agencies have people at work. Receivers add what the
    demo shows of theirs.
"""

from typing import Any

from django.dispatch import Signal

desk_counted = Signal()
desk_handed_over = Signal()
calendar_previewed = Signal()
calendar_changed = Signal()
objects_named = Signal()
demo_made = Signal()
object_of_address = Signal()

# What people call a kind of object of the access log; the apps above add theirs.
KINDS = {
    "agency": "Cơ quan",
    "department": "Phòng ban",
    "job": "Việc chạy định kỳ",
    "officer": "Cán bộ",
}


def total(answers: list[tuple[Any, Any]]) -> int:
    """The sum of what receivers answered."""
    return sum(int(answer or 0) for _, answer in answers)


def addresses(answers: list[tuple[Any, Any]]) -> list[str]:
    return [str(answer) for _, answer in answers if answer]
