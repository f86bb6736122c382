"""What lists and pages of dossiers show of one. Load with {% load desks %}; drawn in
templates/dossiers/ui/.

{% state_badge state waiting=False %}    the status of a dossier: icon + word + colour
{% time_left left at=None %}             worktime.TimeLeft as people say it; `at` = the promise,
shown on hover and read out
{% desk_rows rows columns pick=False narrow="" picked=0 %}    the lines of a list (dossiers/desk/columns.py)
left|looks    tone and picture of what is left
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any, NamedTuple, cast

from django import template
from django.template import Context, NodeList
from django.template.loader import get_template
from django.utils.safestring import SafeString

from dossiers.desk.columns import Column
from dossiers.desk.rows import Row
from dossiers.states import State
from onestop.speed import Kept
from onestop.templatetags.formatting import day_words
from onestop.templatetags.icons import icon_svg

register = template.Library()
# Drawn lines of lists, under the row that each was drawn from: about 5 kB each, 10 MB in all.
_lines: Kept[SafeString] = Kept("lines", most=2_000)


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
    State.VOIDED: ("refuse", "closed"),
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


class Looks(NamedTuple):
    tone: str
    icon: SafeString | str


@register.filter
def looks(left: Any) -> Looks:
    """Tone and picture of what is left; drawn for every line, so no part of its own."""
    tone, picture = _looks(left)
    return Looks(tone, icon_svg(picture) if picture else "")


@register.simple_tag(takes_context=True)
def desk_rows(
    context: Context,
    rows: Iterable[Any],
    columns: Sequence[Column],
    pick: bool = False,
    narrow: str = "",
    picked: int = 0,
) -> SafeString:
    """Every <tr> of a list: `pick`: each with a checkbox, ticked where `picked`; `narrow`: the address that a filter is
    added to. The parts are found once for all lines: an {% include %} in each costs more than the
    rest of the page.
    """
    parts = [_nodes(column.cell) for column in columns]
    line, cells = _nodes("dossiers/columns/_row.html"), NodeList(chain(*parts))
    # Most lists give no focus. Django takes long to miss a name, and would in each line.
    around = {"pick": pick, "picked": bool(picked), "narrow": narrow, "focus": context.get("focus")}
    keys = tuple(column.key for column in columns)
    # What other apps tell of a line may stand in the page and not in the row.
    is_ours = all(column.app == "dossiers" for column in columns)
    # A kept line is drawn from what its key and its stamp say and from nothing else of the page.
    within = context.new(around) if is_ours else context

    def draw(row: Any) -> SafeString:
        within["row"], within["line"] = row, row.line
        within["cells"] = cells.render(within)
        return line.render(within)

    def drawn(row: Any) -> SafeString:
        if not is_ours or type(row) is not Row:
            return draw(row)
        key = (row.line.pk, keys, pick, bool(picked), narrow, around["focus"] == row.line.pk)
        return _lines.get(key, partial(draw, row), stamp=row)

    with context.push(**around):
        return SafeString("".join(map(drawn, rows)))


def _nodes(name: str) -> NodeList:
    return cast("NodeList", cast("Any", get_template(name)).template.nodelist)
