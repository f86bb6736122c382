"""What every page shows around its content: the rail, the bell, the demo ribbon.

Everything that costs a query is a callable, asked only by the pages that show it (once a page).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class RailItem:
    key: str
    url: str
    icon: str
    label: str
    current: bool = False


ANY = frozenset({"*"})
DESK = frozenset({"clerk", "specialist", "head", "leader", "documents"})
# Who opens dossiers, and so who searches them (dossiers.rules.WORK_ROLES).
WORKERS = DESK | {"controller", "cashier", "postal", "support"}
# key, address, icon, label, roles (values of accounts.Role) that have it
RAIL: tuple[tuple[str, str, str, str, frozenset[str]], ...] = (
    ("tiep-nhan", "/tiep-nhan/", "inbox", "Tiếp nhận", frozenset({"clerk"})),
    ("viec", "/viec/", "tasks", "Việc của tôi", WORKERS),
    ("ban-giao", "/ban-giao/", "handover", "Bàn giao", DESK),
    (
        "tra-ket-qua",
        "/tra-ket-qua/",
        "return",
        "Trả kết quả",
        frozenset({"clerk", "cashier", "postal"}),
    ),
    (
        "dieu-hanh",
        "/dieu-hanh/",
        "chart",
        "Điều hành",
        frozenset({"head", "leader", "controller"}),
    ),
    ("thu-tuc", "/thu-tuc/quan-ly/", "book", "Thủ tục", frozenset({"controller", "administrator"})),
    ("thu-tuc", "/thu-tuc/", "book", "Thủ tục", ANY),
    ("quan-tri", "/quan-tri/", "settings", "Quản trị", frozenset({"administrator"})),
    # What administrators did and what waits for a second person.
    (
        "quan-tri",
        "/quan-tri/nhat-ky-truy-cap/",
        "settings",
        "Quản trị",
        frozenset({"leader", "controller"}),
    ),
)


def role_values(desk: Any) -> frozenset[str]:
    """Values of the roles a desk holds today; empty for a stranger."""
    return frozenset(str(role) for role in getattr(desk, "roles", None) or ())


def rail(request: HttpRequest) -> list[RailItem]:
    """The parts of work this officer has, in the order of the counter; one item a key."""
    if not getattr(getattr(request, "user", None), "is_authenticated", False):
        return []
    held = role_values(getattr(request, "desk", None))
    items: dict[str, RailItem] = {}
    for key, url, icon, label, roles in RAIL:
        if key not in items and (roles is ANY or held & roles):
            items[key] = RailItem(
                key, url, icon, label, current=request.path.startswith(f"/{key}/")
            )
    return list(items.values())


def may_search(request: HttpRequest) -> bool:
    """Whether the search box would answer: not to an administrator without work of one's own."""
    return bool(role_values(getattr(request, "desk", None)) & WORKERS)


@cache
def unread_counter() -> Callable[[Any], int] | None:
    """The outbox's own count, when that app is there."""
    found: Callable[[Any], int] | None = getattr(
        import_module("onestop.outbox"), "unread_count", None
    )
    if found is None:
        try:
            found = getattr(import_module("onestop.outbox.queries"), "unread_count", None)
        except ModuleNotFoundError:
            found = None
    return found


def unread(request: HttpRequest) -> int:
    """How many notices this officer has not read (one query)."""
    counter = unread_counter()
    user = getattr(request, "user", None)
    if counter is None or not getattr(user, "is_authenticated", False):
        return 0
    return counter(user)


def home_agency(request: HttpRequest) -> str:
    agency = getattr(getattr(request, "desk", None), "agency", None)
    return str(getattr(agency, "short_name", "") or getattr(agency, "name", "")) if agency else ""


def shell(request: HttpRequest) -> dict[str, Any]:
    return {
        "DEMO": settings.DEMO,
        "rail": partial(rail, request),
        "may_search": partial(may_search, request),
        "unread": partial(unread, request),
        "home_agency": partial(home_agency, request),
    }
