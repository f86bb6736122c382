"""Lines of a desk's list. Written in Python: a page shows fifty, and this is a third of its time.
Load with {% load desks %}.

{% desk_row row job now shared=False %}      row: views.desk_common.Row; job: the list's key
{% desk_rows rows job now shared=False %}    all of them
{% found_rows rows %}                        what the search box found
"""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dossiers.states import OPEN
from onestop.templatetags.formatting import vn_datetime
from onestop.templatetags.icons import icon_svg
from onestop.templatetags.ui import state_badge, time_left

register = template.Library()

NOTHING = SafeString("")
SHAPE = (
    '<tr><td class="pick"><input class="form-check-input" type="checkbox" name="chon" value="{pk}.{version}" aria-label="Chọn {code}"></td>'
    '<td><a class="code" href="{url}" data-row-link>{code}</a></td>'
    '<td title="{owner}">{owner}</td>'
    "<td>{procedure}</td>"
    '<td title="{hint}">{step}</td>'
    "<td>{left}{provisional}</td></tr>"
)
FILTER = '<a class="plain" href="/viec/?loai={}&amp;thutuc={}" title="{}. Bấm để chỉ xem thủ tục này">{}</a>'


@register.simple_tag
def desk_row(row: Any, job: str, now: datetime, shared: bool = False) -> SafeString:
    """One <tr>. Every value is escaped here once; `format_html` would look at each of them three
    times.
    """
    line = row.line
    if line.given_at is not None:
        hint, step = _way(line, job, now)
    else:
        hint, step = _step(row, job, shared)
    title = escape(line.procedure)
    return SafeString(
        SHAPE.format(
            pk=line.pk,
            version=line.row_version,
            code=escape(line.code),
            url=escape(line.url),
            owner=escape(line.owner_name),
            procedure=FILTER.format(job, escape(line.procedure_code), title, escape(row.title)),
            hint=escape(hint),
            step=step,
            left=time_left(row.left, line.due_at),
            provisional=' <span class="quiet">(tạm tính)</span>' if line.provisional else "",
        )
    )


@register.simple_tag
def desk_rows(rows: Iterable[Any], job: str, now: datetime, shared: bool = False) -> SafeString:
    """Every row's <tr>."""
    return SafeString("\n".join(desk_row(row, job, now, shared) for row in rows))


FOUND = (
    '<tr><td class="code"><a href="{url}" data-row-link>{code}</a></td>'
    '<td>{owner}<span class="sub">{procedure}</span></td>'
    "<td>{state}</td>"
    '<td>{holder}<span class="sub">{department}</span></td>'
    "<td>{left}</td></tr>"
)
OVER = '<span class="quiet">đã kết thúc</span>'


@register.simple_tag
def found_rows(rows: Iterable[Any]) -> SafeString:
    """A <tr> for each dossier found, wherever it stands."""
    return SafeString("\n".join(_found(row) for row in rows))


def _found(row: Any) -> str:
    line = row.line
    return FOUND.format(
        url=escape(line.url),
        code=escape(line.code),
        owner=escape(line.owner_name),
        procedure=escape(row.title),
        state=state_badge(line.state),
        holder=escape(line.holder),
        department=escape(line.department),
        left=time_left(row.left, line.due_at) if line.state in OPEN else OVER,
    )


def _step(row: Any, job: str, shared: bool) -> tuple[str, SafeString]:
    """The step, after whose it is when that is not this officer's own."""
    line = row.line
    if row.instead_of:
        return line.step, format_html(
            '<span class="chip">thay {}</span> {}', row.instead_of, line.step
        )
    if not shared:
        return line.step, SafeString(escape(line.step))
    who = format_html(
        '<a class="quiet" href="/viec/?loai={}&amp;canbo={}" title="Chỉ xem hồ sơ của {}">{}</a> · {}',
        job,
        line.holder_id or "",
        line.holder,
        line.holder or line.department,
        line.step,
    )
    return f"{line.holder or line.department}: {line.step}", who


def _way(line: Any, job: str, now: datetime) -> tuple[str, SafeString]:
    """Who gave it or where it goes, since when; flagged first when it waits too long."""
    incoming = job == "cho-nhan"
    late = (
        format_html('<span class="left left-late">{}chậm nhận</span> ', icon_svg("clock-over"))
        if _is_slow(line, now)
        else NOTHING
    )
    hint = (
        f"{line.given_by}, {line.department}" if incoming else f"{line.given_by} → {line.pending}"
    )
    hint += f", giao {vn_datetime(line.given_at)}" + (f". {line.note}" if line.note else "")
    given = f"{timezone.localtime(line.given_at):%H:%M %d/%m}"
    return hint, format_html(
        '{}{} <span class="quiet">{}</span>',
        late,
        line.given_by if incoming else line.pending,
        given,
    )


def _is_slow(line: Any, now: datetime) -> bool:
    return line.confirm_by is not None and line.confirm_by < now
