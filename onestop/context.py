"""What every page shows around its content: the rail, the bell, the demo ribbon.

Everything that costs a query is a callable, asked only by the pages that show it (once a page).
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from onestop import replica
from onestop import shell as offered


@dataclass(frozen=True, slots=True)
class RailItem:
    key: str
    url: str
    icon: str
    label: str
    current: bool = False


def role_values(desk: Any) -> frozenset[str]:
    """Values of the roles a desk holds today; empty for a stranger."""
    return frozenset(str(role) for role in getattr(desk, "roles", None) or ())


def rail(request: HttpRequest) -> list[RailItem]:
    """The parts of work this officer has, in the order of the counter; one item a key. None before
    the second step is passed.
    """
    signed_in = getattr(getattr(request, "user", None), "is_authenticated", False)
    if not signed_in or getattr(request, "half", None) is not None:
        return []
    held = role_values(getattr(request, "desk", None))
    items: dict[str, RailItem] = {}
    for place in offered.places():
        if place.key not in items and place.is_open_to(held):
            url = place.url
            part = "/".join(url.split("/")[:2]) + "/"
            items[place.key] = RailItem(
                place.key, url, place.icon, place.label, current=request.path.startswith(part)
            )
    return list(items.values())


def search_box(request: HttpRequest) -> offered.SearchBox | None:
    """The search box, for whom it would answer: not for an administrator without work of one's
    own.
    """
    if getattr(request, "half", None) is not None:
        return None
    box = offered.search_box()
    held = role_values(getattr(request, "desk", None))
    return box if box is not None and held & box.roles else None


def unread(request: HttpRequest) -> int:
    """How many notices this officer has not read (one query)."""
    user = getattr(request, "user", None)
    return offered.unread(user) if getattr(user, "is_authenticated", False) else 0


def home_agency(request: HttpRequest) -> str:
    agency = getattr(getattr(request, "desk", None), "agency", None)
    return str(getattr(agency, "short_name", "") or getattr(agency, "name", "")) if agency else ""


def figures_until(request: HttpRequest) -> str:
    """As of when the figures of this page are, where its reader has to know."""
    return replica.told(getattr(request, "figures", None))


def shell(request: HttpRequest) -> dict[str, Any]:
    return {
        "DEMO": settings.DEMO,
        "rail": partial(rail, request),
        "search_box": partial(search_box, request),
        "public_links": offered.links,
        "unread": partial(unread, request),
        "home_agency": partial(home_agency, request),
        "figures_until": partial(figures_until, request),
    }
