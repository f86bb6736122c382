"""Addresses of many dossiers. To look one up costs more than to draw all else of a line."""

from collections.abc import Iterable
from urllib.parse import quote

from django.urls import reverse

# In no address of the product, and written in one as it is.
PLACE = "~"


def addresses_of(name: str, codes: Iterable[str]) -> list[str]:
    """The page of that name of each dossier; its address is looked up once for all."""
    before, after = reverse(name, args=[PLACE]).split(PLACE)
    return [f"{before}{quote(code)}{after}" for code in codes]
