"""What every page of the dashboard shares: who may see it, what its address asks for, the frame."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from dossiers.desk.work import rail_counts
from onestop.accounts.http import OfficerRequest
from onestop.accounts.models import Agency, Role
from procedures.channels import Channel
from reports.board import page
from reports.board.asked import BY_NAME, WORST, Asked
from reports.board.breakdown import DIMENSIONS
from reports.board.chips import chips
from reports.board.moment import Moment
from reports.board.whose import Whose, whose

BOARD_ROLES = (Role.HEAD, Role.LEADER, Role.CONTROLLER)
CHANNELS = [("", "Mọi hình thức"), *Channel.choices]


def _tabs() -> list[tuple[str, str]]:
    by = [(reverse("board_by", args=[one.slug]), one.title) for one in DIMENSIONS.values()]
    return [
        (page.home(), "Hôm nay"),
        *by,
        (reverse("board_ages"), "Tuổi hồ sơ"),
        (reverse("board_course"), "Diễn biến"),
        (reverse("board_channels"), "Hình thức nộp, số hóa"),
        (reverse("board_urged"), "Đôn đốc"),
        (reverse("board_late"), "Trễ vì đâu"),
        (reverse("board_rated"), "Đánh giá của người dân"),
    ]


def _is_on(url: str, path: str) -> bool:
    """Whether a page is a tab, or a list that the tab's figures open; those of the first tab stand
    beside the others.
    """
    return path == url or (url != page.home() and path.startswith(url))


def meeting_page(request: OfficerRequest, asked: Asked) -> str:
    """The sheet of the weekly meeting of the agency that the page is about; "" for who has none."""
    if not request.desk.has(Role.LEADER, Role.CONTROLLER):
        return ""
    return asked.only("coquan").address(reverse("meeting"))


def read(request: OfficerRequest, *names: str) -> tuple[Asked, Whose]:
    """What the address asks for; what is not the viewer's is not there. `names`: of the filters that
    the page knows, where it does not know all.
    """
    asked = Asked.read(request.GET)
    if names:
        asked = asked.only(*names)
    mine = whose(request.desk, asked)
    if mine is None:
        raise Http404
    return asked, mine


def agencies(request: OfficerRequest) -> list[Agency]:
    """What a page can be narrowed to; nothing where there is one agency."""
    everything = whose(request.desk, Asked({}))
    found = everything.agencies if everything is not None else None
    return list(found) if found is not None and len(found) > 1 else []


def frame(
    at: Moment, asked: Asked, mine: Whose, request: OfficerRequest, **kept: str
) -> dict[str, object]:
    """What stands around the figures. One query for the counters beside the rail, one where a
    person is named. `kept`: what else makes this page the page it is, beside its filters.
    """
    path = request.path
    channel = asked.get("kenh")
    return {
        "at": at,
        "whose": mine,
        "here": path,
        "again": asked.address(path, **kept),
        "clear": f"{path}?{urlencode(kept)}" if kept else path,
        "tabs": [(label, asked.address(url), _is_on(url, path)) for url, label in _tabs()],
        "chips": chips(asked, mine, path, kept),
        "hidden": [(k, v) for k, v in (asked.kept | kept).items() if k not in ("kenh", "datdai")],
        "channels": [(k, label, k == channel) for k, label in CHANNELS],
        "meeting": meeting_page(request, asked),
        "land": bool(asked.get("datdai")),
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }


def orders(path: str, asked: Asked, **kept: str) -> list[tuple[str, str, bool]]:
    """The ways a table is ordered: (words, address, whether it is so). `kept`: goes along."""
    return [
        (label, asked.address(path, **kept, xep=value or None), asked.by_name is (value == BY_NAME))
        for value, label in ((WORST, "quá hạn nhiều trước"), (BY_NAME, "tên"))
    ]
