"""What lists and pages of dossiers show of one. Load with {% load desks %}; drawn in
templates/dossiers/ui/.

{% state_badge state waiting=False %}    one of the ten national statuses: icon + word + colour
{% time_left left at=None %}             worktime.TimeLeft as people say it; `at` = the promise,
shown on hover and read out
"""

from datetime import datetime
from typing import Any

from django import template

from dossiers.states import State
from onestop.templatetags.formatting import day_words

register = template.Library()

# state -> (icon, tone)
LOOKS: dict[State, tuple[str, str]] = {
    State.REGISTERED: ("inbox", "new"),
    State.RECEIVED: ("check", "open"),
    State.NOT_RECEIVED: ("refuse", "closed"),
    State.IN_PROGRESS: ("work", "open"),
    State.AWAITING_PAPERS: ("pause", "wait"),
    State.AWAITING_PAYMENT: ("money", "wait"),
    State.WITHDRAWN: ("undo", "closed"),
    State.STOPPED: ("stop", "closed"),
    State.FINISHED: ("done", "done"),
    State.RETURNED: ("return", "gone"),
}

# kind of worktime.TimeLeft -> (tone, icon)
TIME_TONES: dict[str, tuple[str, str]] = {
    "late": ("late", "clock-over"),
    "over": ("late", "clock-over"),
    "today": ("soon", "clock"),
    "soon": ("soon", "clock"),
    "closed_today": ("soon", "clock-over"),
    "waiting": ("wait", "pause"),
    "paused": ("wait", "pause"),
}


@register.inclusion_tag("dossiers/ui/state_badge.html")
def state_badge(state: int, waiting: bool = False) -> dict[str, Any]:
    """`waiting`: the clock stands although the status does not say so."""
    one = State(int(state))
    picture, tone = LOOKS[one]
    waits = waiting and tone == "open"
    if waits:
        picture, tone = "pause", "wait"
    return {"word": one.label, "icon": picture, "tone": tone, "waits": waits}


@register.inclusion_tag("dossiers/ui/time_left.html")
def time_left(left: Any, at: datetime | None = None) -> dict[str, Any]:
    """`left` is a worktime.TimeLeft (kind, text) or None; `at` the promised instant."""
    kind = str(getattr(left.kind, "value", left.kind)).lower() if left is not None else ""
    tone, picture = TIME_TONES.get(kind, ("quiet", ""))
    return {"left": left, "tone": tone, "icon": picture, "exact": day_words(at)}
