"""The components every page is made of. Builtin in all templates; no {% load %} needed.

Tags (arguments as declared; text is escaped)
    {% icon "name" %}                              one of icons.PATHS; decorative, screen readers
    skip it
    {% state_badge state waiting=False %}          one of the ten national statuses: icon + word +
    colour
    {% time_left left at=None %}                   worktime.TimeLeft as people say it; `at` = the
    promise, shown on hover and read out
    {% field form.name help="" cls="" %}           label, help, input, error; any widget; names the
    error for screen readers
    {% error_summary form more… %}                 the list of errors on top, each a link to its
    field {% empty_state "Chưa có hồ sơ" hint="" url="" label="" icon="inbox" %}
    {% pager next_url prev_url="" shown=None %}    keyset paging
    {% bulk_bar "form-id" %} buttons {% endbulk_bar %}     appears with a selection (always there
    without script)
    {% chip "Lĩnh vực: Hộ tịch" remove_url %}      a filter that can be taken off
    {% verb "Giao hồ sơ" answer kind="primary" icon="" name="" value="" %}   a submit button; Denied
    greys it and says why
    {% toast_undo url "Đã giao 3 hồ sơ" label="Hoàn tác" %}    a toast with a POST that takes the
    act back
    {% flash message %}                            one Django message; extra_tags=undo(url) gives it
    an undo button
    {% stat "Quá hạn" 3 url="" tone="late" %}      a counter that opens its list; tones: quiet,
    soon, late, wait, done
    {% progress done total label="" %}             how far long work is
    {% address "tra-cuu" %}                        one of the stable addresses of the product
    (ADDRESSES), whichever app serves it
Filters: value|dt 22/11/2026 10:05   |d 22/11/2026   |hm 10:05   |day_words "17:00 thứ Năm 26/11"
|money 70.000 đồng   |percent 85,3%
"""

from datetime import datetime
from html import escape
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.middleware.csrf import get_token
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from onestop.errors import say
from onestop.results import Answer, Denied
from onestop.templatetags.formatting import day_words, money, percent, vn_date, vn_datetime, vn_time
from onestop.templatetags.formfields import NOTHING, error_summary_html, field_html
from onestop.templatetags.icons import icon_svg

register = template.Library()

# number -> (word, icon, tone); words and numbers are the national ones, the lifecycle table holds
# the same
STATES: dict[int, tuple[str, str, str]] = {
    1: ("Mới đăng ký", "inbox", "new"),
    2: ("Được tiếp nhận", "check", "open"),
    3: ("Không được tiếp nhận", "refuse", "closed"),
    4: ("Đang xử lý", "work", "open"),
    5: ("Yêu cầu bổ sung giấy tờ", "pause", "wait"),
    6: ("Yêu cầu thực hiện nghĩa vụ tài chính", "money", "wait"),
    7: ("Công dân yêu cầu rút hồ sơ", "undo", "closed"),
    8: ("Dừng xử lý", "stop", "closed"),
    9: ("Đã xử lý xong", "done", "done"),
    10: ("Đã trả kết quả", "return", "gone"),
}


# Stable addresses that the shell links to; "" is the role's own start page.
ADDRESSES = ("", "dang-nhap", "dang-xuat", "doi-mat-khau", "thong-bao", "thu-tuc", "tim", "tra-cuu")


# --- filters --------------------------------------------------------------------------------------
# -------------------


register.filter("dt", vn_datetime)
register.filter("d", vn_date)
register.filter("hm", vn_time)
register.filter("day_words", day_words)
register.filter("money", money)
register.filter("percent", percent)


# --- what a dossier is, and how long it has
# -----------------------------------------------------------------------------


@register.simple_tag
def icon(name: str) -> SafeString:
    return icon_svg(name)


@register.simple_tag
def state_badge(state: int, waiting: bool = False) -> SafeString:
    """`waiting`: the clock stands although the status does not say so."""
    word, picture, tone = STATES[int(state)]
    if waiting and tone == "open":
        return format_html(
            '<span class="state state-wait">{}{} <em>đang chờ bổ sung</em></span>',
            icon_svg("pause"),
            word,
        )
    return format_html('<span class="state state-{}">{}{}</span>', tone, icon_svg(picture), word)


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


@register.simple_tag
def time_left(left: Any, at: datetime | None = None) -> SafeString:
    """`left` is a worktime.TimeLeft (kind, text) or None; `at` the promised instant."""
    if left is None:
        return NOTHING
    tone, picture = TIME_TONES.get(
        str(getattr(left.kind, "value", left.kind)).lower(), ("quiet", "")
    )
    exact = f"Hẹn trả {day_words(at)}" if at else ""
    # Drawn fifty times on a list: escaped by hand, once.
    spoken = f'<span class="visually-hidden">. {exact}</span>' if exact else ""
    picture_html = icon_svg(picture) if picture else ""
    return SafeString(
        f'<span class="left left-{tone}" title="{exact}">{picture_html}{escape(left.text)}{spoken}</span>'
    )


# --- forms ----------------------------------------------------------------------------------------
# ------------------------


@register.simple_tag
def field(bound: BoundField, help: str = "", cls: str = "", label: str = "") -> SafeString:
    """One question: label, help, input, error. `cls` goes on the wrapper."""
    return field_html(bound, help, cls, label)


@register.simple_tag
def error_summary(form: BaseForm | None, *more: BaseForm) -> SafeString:
    """All errors of one or more bound forms; nothing when there are none. app.js moves the focus
    here.
    """
    return error_summary_html((form, *more))


# --- lists ----------------------------------------------------------------------------------------
# --------------------------


@register.simple_tag
def empty_state(
    text: str, hint: str = "", url: str = "", label: str = "", icon: str = "inbox"
) -> SafeString:
    return format_html(
        '<div class="empty">{}<p><strong>{}</strong></p>{}{}</div>',
        icon_svg(icon),
        text,
        format_html("<p>{}</p>", hint) if hint else "",
        format_html('<p><a class="btn btn-outline-secondary" href="{}">{}</a></p>', url, label)
        if url
        else "",
    )


@register.simple_tag
def pager(
    next_url: str | None = "", prev_url: str | None = "", shown: int | None = None
) -> SafeString:
    if not next_url and not prev_url:
        return NOTHING
    return format_html(
        '<nav class="pager" aria-label="Các trang">{}{}{}</nav>',
        format_html(
            '<a class="btn btn-outline-secondary" rel="prev" href="{}">{}Trang trước</a>',
            prev_url,
            icon_svg("back"),
        )
        if prev_url
        else "",
        format_html("<span>{} dòng</span>", shown) if shown is not None else "",
        format_html(
            '<a class="btn btn-outline-secondary" rel="next" href="{}">Trang sau{}</a>',
            next_url,
            icon_svg("next"),
        )
        if next_url
        else "",
    )


@register.simple_block_tag
def bulk_bar(content: str, form: str = "") -> SafeString:
    """`form`: the id of the form around the list, only for app.js; the buttons are ordinary
    submits.
    """
    return format_html(
        '<div class="bulk-bar" role="region" aria-label="Việc cho các hồ sơ đã chọn" data-bulk-bar="{}">'
        '<span class="bulk-count"><strong data-bulk-count></strong> đã chọn</span>{}</div>',
        form,
        mark_safe(content),  # noqa: S308 - a rendered template block, already escaped
    )


@register.simple_tag
def chip(text: str, remove_url: str = "") -> SafeString:
    if not remove_url:
        return format_html('<span class="chip">{}</span>', text)
    return format_html(
        '<a class="chip" href="{}">{}{}<span class="visually-hidden"> (bỏ lọc)</span></a>',
        remove_url,
        text,
        icon_svg("close"),
    )


@register.simple_tag
def stat(
    label: str, value: Any, url: str = "", tone: str = "quiet", current: bool = False
) -> SafeString:
    inner = format_html("<strong>{}</strong> <span>{}</span>", value, label)
    if not url:
        return format_html('<span class="stat stat-{}">{}</span>', tone, inner)
    mark = mark_safe(' aria-current="true"') if current else ""
    return format_html(
        '<a class="stat stat-{}" href="{}"{}>{}</a>', tone if value else "quiet", url, mark, inner
    )


@register.simple_tag
def progress(done: int, total: int, label: str = "") -> SafeString:
    share = percent(100 * done / total) if total else "0,0%"
    return format_html(
        '<div class="progress-line"><progress value="{}" max="{}">{}</progress> <span>{} {}/{} ({})</span></div>',
        done,
        total or 1,
        share,
        label,
        done,
        total,
        share,
    )


# --- acts -----------------------------------------------------------------------------------------
# --------------------------


@register.simple_tag
def verb(
    label: str,
    answer: Answer | None = None,
    kind: str = "secondary",
    icon: str = "",
    name: str = "",
    value: str = "",
    form: str = "",
) -> SafeString:
    """A submit button; `kind`: primary, secondary, danger. A Denied answer greys it and gives the
    reason as text.
    """
    style = {
        "primary": "btn-primary",
        "secondary": "btn-outline-secondary",
        "danger": "btn-outline-danger",
    }[kind]
    picture = icon_svg(icon) if icon else ""
    if isinstance(answer, Denied):
        why = say(answer.code, answer.data)
        return format_html(
            '<span class="verb-denied"><button class="btn {}" type="button" disabled title="{}">{}{}</button><small>{}</small></span>',
            style,
            why,
            picture,
            label,
            why,
        )
    extra = format_html_join(
        "", ' {}="{}"', ((k, v) for k, v in (("name", name), ("value", value), ("form", form)) if v)
    )
    return format_html(
        '<button class="btn {}" type="submit"{}>{}{}</button>', style, extra, picture, label
    )


def undo(url: str) -> str:
    """extra_tags for a Django message whose act can be taken back by POST to `url`."""
    return f"undo:{url}"


def undo_form(token: str, url: str, label: str) -> SafeString:
    return format_html(
        '<form action="{}" method="post"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<button class="btn btn-sm btn-outline-light" type="submit">{}{}</button></form>',
        url, token, icon_svg("undo"), label,
    )  # fmt: skip


def toast(text: str, action: SafeString | str = "") -> SafeString:
    close = format_html(
        '<button class="toast-close" type="button" data-dismiss aria-label="Đóng thông báo">{}</button>',
        icon_svg("close"),
    )
    shape = '<div class="toast-line" role="status" data-toast>{}<span>{}</span>{}{}</div>'
    return format_html(shape, icon_svg("done"), text, action, close)


def token_of(context: Context) -> str:
    request = context.get("request")
    return get_token(request) if request is not None else str(context.get("csrf_token", ""))


@register.simple_tag(takes_context=True)
def toast_undo(context: Context, url: str, text: str, label: str = "Hoàn tác") -> SafeString:
    return toast(text, undo_form(token_of(context), url, label))


@register.simple_tag(takes_context=True)
def flash(context: Context, message: Any) -> SafeString:
    """One message of django.contrib.messages: good news is a toast, warnings and errors stay on the
    page.
    """
    tag = message.level_tag
    if tag in {"error", "warning"}:
        return format_html(
            '<div class="notice notice-{}" role="alert">{}<div>{}</div></div>',
            tag,
            icon_svg("alert"),
            message.message,
        )
    extra = str(message.extra_tags or "")
    if extra.startswith("undo:"):
        return toast(
            message.message, undo_form(token_of(context), extra.removeprefix("undo:"), "Hoàn tác")
        )
    return toast(message.message)


@register.simple_tag
def address(name: str) -> str:
    """Errors: ValueError for an address that is not one of ADDRESSES."""
    if name not in ADDRESSES:
        raise ValueError(name)
    return f"/{name}/" if name else "/"


# --- the shell ------------------------------------------------------------------------------------
# ----------------------------


@register.simple_tag
def rail_count(counts: Any, key: str) -> SafeString:
    """The live count beside a part of the rail, when the view passed one."""
    number = counts.get(key) if isinstance(counts, dict) else None
    return format_html(' <span class="count">{}</span>', number) if number else NOTHING


@register.simple_tag(takes_context=True)
def bell_count(context: Context) -> SafeString:
    """The number on the bell: counted with the page's other counters (rail_counts "thong-bao"),
    else asked for.
    """
    counts = context.get("rail_counts")
    number = counts.get("thong-bao") if isinstance(counts, dict) else None
    if number is None:
        number = context.get("unread")
        number = number() if callable(number) else number
    if not isinstance(number, int) or not number:
        return SafeString('<span class="visually-hidden">Thông báo</span>')
    return format_html(
        '<span class="count">{}</span><span class="visually-hidden"> thông báo chưa đọc</span>',
        number if number < 100 else "99+",
    )
