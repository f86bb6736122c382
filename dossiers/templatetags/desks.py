"""What lists and pages of dossiers show of one. Load with {% load desks %}; drawn in
templates/dossiers/ui/.

{% state_badge state waiting=False %}    one of the ten national statuses: icon + word + colour
{% time_left left at=None %}             worktime.TimeLeft as people say it; `at` = the promise,
shown on hover and read out
{% desk_rows rows job now shared=False %}    the lines of a desk's list
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse

from dossiers.states import State
from onestop.templatetags.formatting import day_words
from onestop.templatetags.icons import icon_svg

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


def _looks(left: Any) -> tuple[str, str]:
    """Tone and icon of what is left."""
    kind = str(getattr(left.kind, "value", left.kind)).lower()
    return TIME_TONES.get(kind, ("quiet", ""))


@register.inclusion_tag("dossiers/ui/time_left.html")
def time_left(left: Any, at: datetime | None = None) -> dict[str, Any]:
    """`left` is a worktime.TimeLeft (kind, text) or None; `at` the promised instant."""
    if left is None:
        return {"left": None}
    tone, picture = _looks(left)
    picture_html = icon_svg(picture) if picture else ""
    return {"left": left.text, "tone": tone, "icon": picture_html, "exact": day_words(at)}


@register.inclusion_tag("dossiers/work/_rows.html")
def desk_rows(rows: Iterable[Any], job: str, now: datetime, shared: bool = False) -> dict[str, Any]:
    """Every <tr> of a list of the desk. rows: views.desk_common.Row; job: the list's key."""
    work = reverse("work")
    shown = [_shown(row, f"{work}?loai={job}", now, shared) for row in rows]
    return {"rows": shown, "is_incoming": job == "cho-nhan"}


def _shown(row: Any, listed: str, now: datetime, shared: bool) -> dict[str, Any]:
    """What one line shows."""
    line = row.line
    tone, picture = _looks(row.left)
    return {
        "chosen": f"{line.pk}.{line.row_version}",
        "code": line.code,
        "url": line.url,
        "owner": line.owner_name,
        "procedure": line.procedure,
        "only_procedure": f"{listed}&thutuc={line.procedure_code}",
        "title": row.title,
        "step": line.step,
        "instead_of": row.instead_of,
        "result": row.result,
        "who": (line.holder or line.department) if shared else "",
        "only_holder": f"{listed}&canbo={line.holder_id or ''}",
        "way": line if line.given_at is not None else None,
        "is_slow": line.confirm_by is not None and line.confirm_by < now,
        "left": row.left.text,
        "tone": tone,
        "icon": icon_svg(picture) if picture else "",
        "exact": day_words(line.due_at),
        "provisional": line.provisional,
    }
