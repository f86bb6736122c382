"""The parts of /quan-tri/, as far as this officer may open them. Load with {% load administration
%}.

{% administration_tabs "lich" %}    the key of the part that the page belongs to
"""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from onestop.accounts.models import Role

register = template.Library()


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    view: str
    label: str
    roles: tuple[Role, ...] = (Role.ADMINISTRATOR,)

    @property
    def url(self) -> str:
        return reverse(self.view)


TABS = (
    Tab("tong-quan", "accounts:administration", "Tổng quan"),
    Tab("can-bo", "accounts:officers", "Cán bộ và vai trò"),
    Tab("lam-thay", "accounts:substitutions", "Người thay thế"),
    Tab("co-quan", "accounts:agencies", "Cơ quan, phòng ban"),
    Tab(
        "mot-cua",
        "office_settings",
        "Bộ phận Một cửa",
        (Role.ADMINISTRATOR, Role.LEADER, Role.CONTROLLER),
    ),
    Tab("lich", "accounts:calendar", "Lịch làm việc"),
    Tab(
        "doi-hen",
        "calendar_moves",
        "Điều chỉnh ngày hẹn trả theo lịch làm việc",
        (Role.ADMINISTRATOR, Role.CONTROLLER),
    ),
    Tab(
        "nhat-ky",
        "accounts:access_log",
        "Nhật ký truy cập",
        (Role.ADMINISTRATOR, Role.LEADER, Role.CONTROLLER),
    ),
)


@register.inclusion_tag("accounts/_tabs.html", takes_context=True)
def administration_tabs(context: Context, here: str) -> dict[str, Any]:
    """One row where there is room; on a phone a menu that names the part one is in. Nothing for
    whoever has only one part.
    """
    desk = context["request"].desk
    tabs = [tab for tab in TABS if desk.has(*tab.roles)]
    return {
        "tabs": tabs if len(tabs) > 1 else (),
        "here": here,
        "current": next((tab.label for tab in tabs if tab.key == here), ""),
    }
