"""The components every page is made of. Builtin in all templates; no {% load %} needed.

Tags (arguments as declared; what they draw stands in templates/ui/)
    {% icon "name" %}                     one of templates/ui/icons; screen readers skip it
    {% error_summary form more… %}        the list of errors on top, each a link to its field
    {% empty_state "Chưa có gì" hint="" url="" label="" icon="inbox" %}
    {% pager next_url prev_url="" shown=None %}    keyset paging
    {% bulk_bar "form-id" %} buttons {% endbulk_bar %}     appears with a selection (always there
    without script)
    {% chip "Từ ngày: 01/12" remove_url %}         a filter that can be taken off
    {% verb "Lưu" answer kind="primary" icon="" name="" value="" %}   a submit button; Denied greys
    it and says why
    {% flash message %}                   one Django message; extra_tags=undo(url) gives it an undo
    button
    {% stat "Quá hạn" 3 url="" tone="late" %}      a counter that opens its list; tones: quiet,
    soon, late, wait, done
    {% progress done total label="" %}    how far long work is
Filters: value|dt 22/11/2026 10:05   |d 22/11/2026   |hm 10:05   |day_words "17:00 thứ Năm 26/11"
|grouped 70.000   |money 70.000 đồng   |percent 85,3%
"""

from typing import Any

from django import template
from django.forms import BaseForm
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from onestop.errors import say
from onestop.results import Answer, Denied
from onestop.signatures.checking import signature_words
from onestop.templatetags.formatting import (
    day_words,
    in_groups,
    money,
    percent,
    vn_date,
    vn_datetime,
    vn_time,
)
from onestop.templatetags.formfields import error_lines
from onestop.templatetags.icons import icon_svg

register = template.Library()


# --- filters


register.filter("dt", vn_datetime)
register.filter("d", vn_date)
register.filter("hm", vn_time)
register.filter("day_words", day_words)
register.filter("grouped", in_groups)
register.filter("money", money)
register.filter("percent", percent)
register.filter("signature_words", signature_words)


@register.simple_tag
def icon(name: str) -> SafeString:
    return icon_svg(name)


# --- forms


@register.inclusion_tag("ui/error_summary.html")
def error_summary(
    form: BaseForm | None, *more: BaseForm, said: str = "Chưa lưu được"
) -> dict[str, Any]:
    """All errors of one or more bound forms; nothing when there are none. app.js moves the focus
    here. `said`: what was not done.
    """
    bound = (one for one in (form, *more) if one is not None and one.is_bound)
    return {"lines": [line for one in bound for line in error_lines(one)], "said": said}


# --- lists


@register.inclusion_tag("ui/empty_state.html")
def empty_state(
    text: str, hint: str = "", url: str = "", label: str = "", icon: str = "inbox"
) -> dict[str, Any]:
    return {"text": text, "hint": hint, "url": url, "label": label, "icon": icon}


@register.inclusion_tag("ui/pager.html")
def pager(
    next_url: str | None = "", prev_url: str | None = "", shown: int | None = None, of: str = ""
) -> dict[str, Any]:
    """`of`: which list, where a page has two."""
    return {"next_url": next_url, "prev_url": prev_url, "shown": shown, "of": of}


@register.simple_block_tag
def bulk_bar(content: str, form: str = "") -> SafeString:
    """`form`: the id of the form around the list, only for app.js; the buttons are ordinary
    submits.
    """
    return render_to_string("ui/bulk_bar.html", {"content": content, "form": form})


@register.inclusion_tag("ui/chip.html")
def chip(text: str, remove_url: str = "") -> dict[str, Any]:
    return {"text": text, "remove_url": remove_url}


@register.inclusion_tag("ui/stat.html")
def stat(
    label: str, value: Any, url: str = "", tone: str = "quiet", current: bool = False
) -> dict[str, Any]:
    shown = tone if value or not url else "quiet"
    return {"label": label, "value": value, "url": url, "tone": shown, "current": current}


@register.inclusion_tag("ui/progress.html")
def progress(done: int, total: int, label: str = "") -> dict[str, Any]:
    share = percent(100 * done / total) if total else percent(0)
    return {"done": done, "total": total, "label": label, "share": share}


# --- acts


STYLES = {
    "primary": "btn-primary",
    "secondary": "btn-outline-secondary",
    "danger": "btn-outline-danger",
}


@register.inclusion_tag("ui/verb.html")
def verb(
    label: str,
    answer: Answer | None = None,
    kind: str = "secondary",
    icon: str = "",
    name: str = "",
    value: str = "",
    form: str = "",
) -> dict[str, Any]:
    """A submit button; `kind`: one of STYLES. A Denied answer greys it and gives the reason as
    text.
    """
    why = say(answer.code, answer.data) if isinstance(answer, Denied) else ""
    given = {"label": label, "icon": icon, "name": name, "value": value, "form": form}
    return given | {"style": STYLES[kind], "why": why}


def undo(url: str) -> str:
    """extra_tags for a Django message whose act can be taken back by POST to `url`."""
    return f"undo:{url}"


def printing(url: str) -> str:
    """extra_tags for a Django message whose act made a paper: Ctrl+P opens its print page."""
    return f"print:{url}"


@register.inclusion_tag("ui/flash.html")
def flash(message: Any) -> dict[str, Any]:
    """One message of django.contrib.messages: good news is a toast, warnings and errors stay on the
    page.
    """
    offers = dict(tag.partition(":")[::2] for tag in str(message.extra_tags or "").split())
    stays = message.level_tag in {"error", "warning"}
    given = {"text": message.message, "undo_url": offers.get("undo"), "undo_label": "Hoàn tác"}
    given |= {"print_url": offers.get("print")}
    return given | {"stays": stays, "level": message.level_tag}


# --- the shell


@register.simple_tag
def rail_count(counts: Any, key: str) -> Any:
    """The live count beside a part of the rail, when the view passed one; empty for none."""
    return (counts.get(key) if isinstance(counts, dict) else None) or ""


@register.simple_tag(takes_context=True)
def bell_count(context: Context) -> int:
    """The number on the bell: counted with the page's other counters (rail_counts "thong-bao"),
    else asked for.
    """
    counts = context.get("rail_counts")
    number = counts.get("thong-bao") if isinstance(counts, dict) else None
    if number is None:
        number = context.get("unread")
        number = number() if callable(number) else number
    return number if isinstance(number, int) else 0
