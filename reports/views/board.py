"""`/dieu-hanh/`: what heads, leaders and controllers see of the dossiers they answer for, and the
lists behind every figure.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk.work import rail_counts, work_page
from dossiers.models.querysets import DossierQuerySet
from dossiers.views.desk_common import rows_of
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from procedures.channels import Channel
from reports.board import asof, moment, page, tally
from reports.board.asked import BY_NAME, WORST, Asked
from reports.board.chips import chips
from reports.board.figures import FIGURES, Figure
from reports.board.moment import Moment
from reports.board.whose import Whose, whose

CHANNELS = [("", "Mọi hình thức"), *Channel.choices]
# What a row of the first screen is: the title of the table, the head of its first column.
UNITS = {
    page.AGENCY: ("Theo cơ quan", "Cơ quan"),
    page.ROOM: ("Theo đơn vị đang giữ", "Đơn vị"),
    page.PERSON: ("Theo cán bộ đang giữ", "Cán bộ"),
}
BOARD_ROLES = (Role.HEAD, Role.LEADER, Role.CONTROLLER)


@require_safe
@officer_required(*BOARD_ROLES)
def board(request: OfficerRequest) -> HttpResponse:
    """The first screen, as of now. At most ten queries in all."""
    now = Moment(timezone.now())
    asked, mine = _asked(request)
    found = page.build(mine, asked, now)
    access(request, AccessKind.VIEWED, "board", None, "hôm nay")
    title, word = UNITS[found.by]
    context = _shell(request, now, asked, mine) | {
        "board": found,
        "unit_title": title,
        "unit_word": word,
        "orders": _orders(asked) if found.by != page.PERSON else [],
    }
    return render(request, "reports/board/today.html", context)


@require_safe
@officer_required(*BOARD_ROLES)
def board_list(request: OfficerRequest) -> HttpResponse:
    """The dossiers behind a figure (`muc`) as of the moment it was counted (`luc`)."""
    figure = FIGURES.get(request.GET.get("muc", ""))
    if figure is None:
        raise Http404
    at = moment.read(request.GET.get("luc", ""), timezone.now())
    asked, mine = _asked(request)
    changed = asof.changed_since(at, mine.agency_ids)
    context = _shell(request, at, asked, mine) | {"figure": figure}
    if changed.too_many:
        context["fresh"] = _address(asked, figure)
        return render(request, "reports/board/too_old.html", context, status=410)
    rows = _behind(request, figure, asked, mine, at, changed)
    found = work_page(rows, after=request.GET.get("sau", ""), before=request.GET.get("truoc", ""))
    address = _address(asked, figure, luc=at.text)
    number = rows.count()
    access(request, AccessKind.VIEWED, "board", None, f"{figure.label}: {number} hồ sơ")
    context |= {
        "number": number,
        "changed": rows.filter(pk__in=list(changed.stood)).count() if changed.stood else 0,
        "rows": rows_of(found.rows, at.at, {}),
        "next": f"{address}&sau={found.next}" if found.next else "",
        "previous": f"{address}&truoc={found.previous}" if found.previous else "",
        "fresh": _address(asked, figure),
    }
    return render(request, "reports/board/list.html", context)


def _behind(
    request: OfficerRequest,
    figure: Figure,
    asked: Asked,
    mine: Whose,
    at: Moment,
    changed: asof.Changed,
) -> DossierQuerySet:
    """The set itself, of what this officer may open."""
    if not figure.handed:
        wanted = mine.held & asked.narrowed() & figure.of(at)
        return asof.dossiers(wanted, changed).visible_to(request.desk)
    if not mine.rooms:
        raise Http404
    found = asof.dossiers(mine.of_agencies & asked.narrowed(), changed)
    return tally.were_handed(found.visible_to(request.desk), figure, mine.rooms, at)


def _orders(asked: Asked) -> list[tuple[str, str, bool]]:
    return [
        (label, asked.address(page.HOME, xep=value or None), asked.by_name is (value == BY_NAME))
        for value, label in ((WORST, "quá hạn nhiều trước"), (BY_NAME, "tên"))
    ]


def _address(asked: Asked, figure: Figure, **more: str) -> str:
    return asked.address(page.LIST, muc=figure.key, xep=None, **more)


def _asked(request: OfficerRequest) -> tuple[Asked, Whose]:
    """What the address asks for; what is not the viewer's is not there."""
    asked = Asked.read(request.GET)
    mine = whose(request.desk, asked)
    if mine is None:
        raise Http404
    return asked, mine


def _shell(
    request: OfficerRequest, at: Moment, asked: Asked, mine: Whose, path: str = page.HOME
) -> dict[str, object]:
    """What every page of the dashboard shows around its figures."""
    channel = asked.get("kenh")
    shown = {"kenh", "datdai"}
    return {
        "at": at,
        "whose": mine,
        "here": path,
        "again": asked.address(path),
        "back": asked.address(page.HOME),
        "chips": chips(asked, mine, path),
        "hidden": [(k, v) for k, v in asked.kept.items() if k not in shown],
        "channels": [(k, label, k == channel) for k, label in CHANNELS],
        "land": bool(asked.get("datdai")),
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
