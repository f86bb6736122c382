"""`/sitemap.xml`: the permanent addresses of what everybody may read, for search engines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from onestop.caching import kept_a_while
from procedures import common_names
from procedures.queries import public_versions


class _Ours(Sitemap[Any]):
    """Under PUBLIC_URL, whichever name the request came by."""

    def get_protocol(self, protocol: str | None = None) -> str:
        return str(settings.PUBLIC_URL).partition("://")[0]

    def get_domain(self, site: Any = None) -> str:
        return str(settings.PUBLIC_URL).partition("://")[2].rstrip("/")


class Pages(_Ours):
    def items(self) -> Sequence[str]:
        named = [reverse(view) for view in ("procedures:catalogue", "accounts:places")]
        return named + [
            reverse("procedures:event", args=[one.slug]) for one in common_names.events()
        ]

    def location(self, item: str) -> str:
        return item


class Procedures(_Ours):
    """Each with the day from which its version is in force."""

    def items(self) -> Any:
        versions = public_versions(timezone.localdate()).order_by("procedure__code")
        return versions.values_list("procedure__code", "effective_from")

    def location(self, item: tuple[str, date]) -> str:
        return reverse("procedures:procedure", args=[item[0]])

    def lastmod(self, item: tuple[str, date]) -> date:
        return item[1]


@kept_a_while
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return sitemap(request, {"trang": Pages, "thu-tuc": Procedures})
